"""One’s own account: where one is signed in, and the address that the codes go to."""

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from portal.core.outbox import enqueue_email
from portal.core.rules import Refused
from portal.core.tokens import hashed

from .. import emails
from ..devices import device_of
from ..models import AddressChange, OpenSession, User

CODE_LIVES = timedelta(minutes=15)
MAX_ATTEMPTS, MAX_A_DAY = 5, 5
# How long what is known of an entry is kept (CNIL 2021-122: six to twelve months).
ENTRIES_KEPT = timedelta(days=365)
TAKEN = "Un compte existe déjà à cette adresse. Écrivez au contact du portail pour réunir les deux."


# --- where one is signed in --------------------------------------------------------------------------------------


def note_entry(*, user: User, session_key: str, agent: str, at: datetime) -> OpenSession:
    """Someone has just come in with this session."""
    told = {"user": user, "device": device_of(agent), "opened_at": at}
    return OpenSession.objects.update_or_create(session_key=session_key, defaults=told)[0]


def follow_key(*, old: str, new: str) -> None:
    """The session got another key (a fresh code): it is the same entry."""
    OpenSession.objects.filter(session_key=old).update(session_key=new)


@transaction.atomic
def close_others(*, user: User, session_key: str) -> int:
    """End every session of this person but the present one; returns how many were open."""
    keys = user.entries.exclude(session_key=session_key).values_list("session_key", flat=True)
    return Session.objects.filter(session_key__in=list(keys)).delete()[0]


def forget_entries(at: datetime) -> None:
    OpenSession.objects.filter(opened_at__lt=at - ENTRIES_KEPT).delete()


# --- another address ---------------------------------------------------------------------------------------------


@transaction.atomic
def ask_address(*, user: User, email: str, at: datetime) -> AddressChange:
    """Mail a code to the new address, and say so to the present one. Raises `Refused`.

    A taken address is refused like any other wrong one only once its owner has read the code: nothing is told of
    who has an account here.
    """
    address = email.strip().lower()
    current = User.objects.select_for_update().get(pk=user.pk)
    if address == current.email:
        raise Refused("C’est déjà votre adresse.")
    if AddressChange.objects.filter(user=user, created_at__gt=at - timedelta(days=1)).count() >= MAX_A_DAY:
        raise Refused("Trop de changements ont été demandés aujourd’hui. Recommencez demain.")
    code = f"{secrets.randbelow(10**6):06d}"
    change = AddressChange(
        user=user, old_email=current.email, new_email=address, created_at=at, expires_at=at + CODE_LIVES
    )
    change.code_sha256 = hashed(f"{change.uuid}:{code}")
    change.save()
    enqueue_email(emails.address_code(change, code), at=at)
    enqueue_email(emails.address_change_asked(change), at=at)
    return change


def open_change(user: User, at: datetime) -> AddressChange | None:
    """The change that waits for its code: the last one asked, while it lives."""
    last = AddressChange.objects.filter(user=user).last()
    return last if last and last.done_at is None and last.expires_at > at else None


@transaction.atomic
def confirm_address(*, user: User, code: str, at: datetime) -> bool:
    """The code is right: the account has the new address, the old one is told. False when the code is wrong.

    Five wrong codes kill it. Raises `Refused` when the address belongs to another account.
    """
    User.objects.select_for_update().get(pk=user.pk)
    change = open_change(user, at)
    if change is None or change.attempts >= MAX_ATTEMPTS:
        return False
    change.attempts += 1
    given = hashed(f"{change.uuid}:{''.join(code.split())}")
    right = secrets.compare_digest(change.code_sha256, given)
    change.done_at = at if right else None
    change.save(update_fields=["attempts", "done_at"])
    if right:
        move_to(change)
        enqueue_email(emails.address_changed(change), at=at)
    return right


def move_to(change: AddressChange) -> None:
    """The login and the one proved address of the account. Raises `Refused`."""
    try:
        with transaction.atomic():
            User.objects.filter(pk=change.user_id).update(email=change.new_email)
            EmailAddress.objects.filter(user_id=change.user_id).delete()
            EmailAddress.objects.create(user_id=change.user_id, email=change.new_email, verified=True, primary=True)
    except IntegrityError as error:
        raise Refused(TAKEN) from error
