"""The life of a call: visa, suspension, resumption, extension, end. Who holds a file is told of each."""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused, require
from portal.core.typography import format_date, format_instant, typeset
from portal.core.workflow import fire

from .. import states
from ..documents import request_rules
from ..emails import holder_mails, object_key, town_hall_mail
from ..holders import begun_in, holders_of
from ..models import Call, CallRevision, CallTransition, Window, WindowExtension
from ..queries import communes_of_perimeter
from ..rules_life import before_jury, is_live
from .publication import document_sha256, new_revision

EXTEND_ACT = "calls.extend"
RESUME_ACT = "calls.resume"
CANCEL_ACT = "calls.cancel"
INVITATION = "call.invitation"


def locked(call: Call) -> Call:
    """The call read again under its lock: deposits, which hold the row, come before or after."""
    return Call.objects.select_for_update(of=("self",)).select_related("owner__profile").get(pk=call.pk)


# --- before publication ------------------------------------------------------------------------------------------


@transaction.atomic
def validate_call(*, call: Call, number: str, acted_on: Any, by: User, at: datetime) -> CallTransition:
    """Record the visa: the act of the owner that approves this very document. Any change of it undoes the visa."""
    stamps = {"visa_number": number, "visa_on": acted_on, "visa_sha256": document_sha256(call)}
    reason = f"acte {number} du {format_date(acted_on)}"
    return fire(call, states.VALIDATE, by=by, at=at, reason=reason, stamps=stamps)


# --- suspension --------------------------------------------------------------------------------------------------


@transaction.atomic
def suspend_call(*, call: Call, reason: str, by: User) -> CallTransition:
    """Stop the deposits. The instant is read under the lock: a deposit received before it is kept, none after."""
    current = locked(call)
    at = portal_now()
    stamps = {"suspended_at": at, "state_reason": reason.strip()}
    log = fire(current, states.SUSPEND, by=by, at=at, reason=reason, stamps=stamps)
    tell_holders(current, about="suspended", period=f"transition:{log.pk}", at=at)
    return log


@transaction.atomic
def resume_call(
    *, call: Call, limits: dict[str, datetime], reason: str, asked_by: User, by: User, at: datetime
) -> CallTransition:
    """Receive deposits again; `limits` puts windows back by code, in the same decision."""
    if asked_by == by:
        raise Refused("La personne qui demande la reprise ne peut pas la confirmer elle-même.")
    current = locked(call)
    stamps = {"suspended_at": None, "state_reason": ""}
    log = fire(current, states.RESUME, by=by, at=at, reason=f"demandée par {asked_by}. {reason}", stamps=stamps)
    for code, closes_at in limits.items():
        write_extension(current, code, closes_at, reason or "Reprise après suspension", asked_by, by, at)
    if limits:
        revise(current, by=by, at=at, reason=reason or "Reprise après suspension", changes=limit_words(current, limits))
    tell_holders(current, about="resumed", period=f"transition:{log.pk}", at=at, windows=list(current.windows.all()))
    return log


def run_resumption(approval: Any, at: datetime) -> None:
    """Confirmed (act `calls.resume`)."""
    told = approval.arguments
    limits = {code: datetime.fromisoformat(text) for code, text in told["limits"].items()}
    call = Call.objects.get(slug=told["slug"])
    resume_call(
        call=call, limits=limits, reason=approval.reason, asked_by=approval.asked_by, by=approval.approved_by, at=at
    )


# --- the limit put back ------------------------------------------------------------------------------------------


@transaction.atomic
def extend_call(
    *, call: Call, limits: dict[str, datetime], reason: str, asked_by: User, by: User, at: datetime
) -> CallRevision:
    """Put limits back, for everybody: deposited files may be deposited anew, everyone concerned is told."""
    current = locked(call)
    require(is_live(current))
    require(before_jury(current, at))
    for code, closes_at in limits.items():
        write_extension(current, code, closes_at, reason, asked_by, by, at)
    revision = revise(current, by=by, at=at, reason=reason, changes=limit_words(current, limits))
    windows = list(current.windows.filter(code__in=limits))
    period = f"revision:{revision.n}"
    tell_holders(current, about="extended", period=period, at=at, windows=windows, reason=reason)
    tell_town_halls(current, about="extended", period=period, at=at, windows=windows, reason=reason)
    return revision


def write_extension(
    call: Call, code: str, closes_at: datetime, reason: str, asked_by: User, by: User, at: datetime
) -> WindowExtension:
    """One window, under the lock of its call. A limit only goes back, and stays ahead of now."""
    if asked_by == by:
        raise Refused("La personne qui demande la prolongation ne peut pas la confirmer elle-même.")
    window = Window.objects.select_for_update().get(call=call, code=code)
    if closes_at <= window.closes_at:
        raise Refused(f"La limite est déjà le {format_instant(window.closes_at, seconds=True)}.")
    if closes_at <= at:
        raise Refused("La nouvelle limite est déjà passée : faites une nouvelle demande.")
    extension = WindowExtension.objects.create(
        window=window,
        previous_closes_at=window.closes_at,
        closes_at=closes_at,
        reason=reason,
        decided_at=at,
        asked_by=asked_by,
        approved_by=by,
    )
    Window.objects.filter(pk=window.pk).update(closes_at=closes_at)
    return extension


def limit_words(call: Call, limits: dict[str, datetime]) -> list[str]:
    """« Clôture des candidatures reportée au jeudi 15 avril 2027 à 23 h 59 min 59 s, heure de Paris. »"""
    several = call.windows.count() > 1
    return [
        typeset(
            f"Clôture des candidatures{f', {code},' if several else ''} reportée au "
            f"{format_instant(closes_at, seconds=True)}, heure de Paris."
        )
        for code, closes_at in limits.items()
    ]


def revise(call: Call, *, by: User, at: datetime, reason: str, changes: list[str]) -> CallRevision:
    """The next revision, with what it changed, and the published rules that say it."""
    revision = new_revision(call, by=by, at=at, note=reason, changes=changes)
    request_rules(call, revision, at)
    return revision


def run_extension(approval: Any, at: datetime) -> None:
    """Confirmed (act `calls.extend`)."""
    told = approval.arguments
    limits = {code: datetime.fromisoformat(text) for code, text in told["limits"].items()}
    call = Call.objects.get(slug=told["slug"])
    extend_call(
        call=call, limits=limits, reason=approval.reason, asked_by=approval.asked_by, by=approval.approved_by, at=at
    )


# --- the end -----------------------------------------------------------------------------------------------------


@transaction.atomic
def cancel_call(*, call: Call, reason: str, asked_by: User, by: User, at: datetime) -> CallTransition:
    """Close without action, for a reason that everyone reads."""
    if asked_by == by:
        raise Refused("La personne qui demande ne peut pas confirmer elle-même.")
    current = locked(call)
    stamps = {"state_reason": reason.strip()}
    log = fire(current, states.CANCEL, by=by, at=at, reason=reason, stamps=stamps)
    tell_holders(current, about="cancelled", period=f"transition:{log.pk}", at=at)
    return log


def run_cancellation(approval: Any, at: datetime) -> None:
    """Confirmed (act `calls.cancel`)."""
    call = Call.objects.get(slug=approval.arguments["slug"])
    cancel_call(call=call, reason=approval.reason, asked_by=approval.asked_by, by=approval.approved_by, at=at)


def archive_call(*, call: Call, by: User, at: datetime) -> CallTransition:
    """It stays readable by all; nothing is done with it any more."""
    return fire(call, states.ARCHIVE, by=by, at=at)


# --- the news ----------------------------------------------------------------------------------------------------


def tell_holders(call: Call, *, about: str, period: str, at: datetime, **context: Any) -> int:
    """Write to everyone who holds a file; returns how many mails are new."""
    mails = holder_mails(call, holders_of(call), about=about, period=period, **context)
    return sum(enqueue_email(mail, at=at) for mail in mails)


def tell_town_halls(call: Call, *, about: str, period: str, at: datetime, **context: Any) -> int:
    """Write to the town halls that were invited and have not begun."""
    invited = OutboundEmail.objects.filter(kind=INVITATION, object_key=object_key(call)).values("recipient")
    communes = communes_of_perimeter(call).filter(organisation__official_email__in=invited)
    waiting = communes.exclude(insee__in=begun_in(call)).select_related("organisation")
    addresses = [commune.organisation.official_email for commune in waiting]
    mails = (town_hall_mail(call, address, about=about, period=period, **context) for address in addresses)
    return sum(enqueue_email(mail, at=at) for mail in mails)
