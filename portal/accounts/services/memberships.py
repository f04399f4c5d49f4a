"""Joining an organisation: claim, confirmation, refusal, departure. Every change of state is a transition."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from portal.core.outbox import enqueue_email
from portal.core.rules import Refused
from portal.core.workflow import fire
from portal.territories.models import Commune

from .. import emails, states
from ..models import Claim, Membership, Organisation, User
from ..queries import confirmed_signatories, has_people, memberships_of, organisation_of, people_in_charge
from .claims import ANSWERED, lock_open, send_link, settle
from .people import has_proved

SIGNATORY_CONFIRMED: list[Callable[[Membership, datetime], bool]] = []
"""Upper apps add what a person who may sign from now on is told; True when a mail says it better than ours."""


@transaction.atomic
def claim_commune(
    *, user: User, commune: Commune, at: datetime, right: str = Membership.Right.EDITOR, replaces: str = ""
) -> Membership:
    """The person says that they work for the commune: they may draft at once, deposit once confirmed.

    The official address is asked by mail, and the people in charge, if any; staff of a call may answer too. Whoever
    proved that the official mailbox is theirs is confirmed at once. Claiming again changes nothing. `replaces`: who
    left, in the person's words; whoever answers may end that access with the same yes.
    """
    organisation = organisation_of(commune)
    assert organisation is not None
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    found = memberships_of(user).filter(organisation=organisation).first()
    if found:
        return found
    membership = Membership.objects.create(user=user, organisation=organisation, right=right, created_at=at)
    if organisation.official_email and has_proved(user, organisation.official_email):
        return confirm_membership(membership=membership, by=None, how="adresse officielle de la mairie", at=at)
    open_claim(membership=membership, right=right, at=at, replaces=replaces)
    return membership


@transaction.atomic
def enter_first(*, organisation: Organisation, user: User, by: User, how: str, at: datetime) -> Membership:
    """The first person of an organisation that has nobody here yet: the word of another organisation is enough once.

    Afterwards its own people say who joins them; its official mailbox always opens. Raises `Refused`.
    """
    current = Organisation.objects.select_for_update(of=("self",)).select_related("profile").get(pk=organisation.pk)
    found = memberships_of(user).filter(organisation=current).first()
    if found and found.state == Membership.State.CONFIRMED:
        return found
    official = bool(current.official_email) and has_proved(user, current.official_email)
    if hasattr(current, "profile") or (has_people(current) and not official):
        raise Refused("Cet organisme a déjà des membres ici : demandez à l’un d’eux de vous inviter.")
    membership = found or Membership.objects.create(
        user=user, organisation=current, right=Membership.Right.EDITOR, created_at=at
    )
    return confirm_membership(membership=membership, by=by, how=how, at=at)


def open_claim(
    *,
    membership: Membership,
    right: str,
    at: datetime,
    entry: bool = True,
    asked_by: User | None = None,
    replaces: str = "",
) -> Claim:
    """Write the claim and ask those who can answer: the official address, those in charge, or those who sign."""
    claim = Claim.objects.create(
        membership=membership, right=right, entry=entry, asked_by=asked_by, created_at=at, replaces=replaces
    )
    if membership.organisation.official_email:
        send_link(claim, by=None, at=at)
    judges = confirmed_signatories if right == Membership.Right.SIGNATORY else people_in_charge
    for person in judges(membership.organisation):
        enqueue_email(emails.claim_to_person_in_charge(claim, person.email), at=at)
    return claim


@transaction.atomic
def accept_claim(
    *, claim: Claim, by: User | None, how: str, at: datetime, departed: Iterable[Membership] = ()
) -> Membership:
    """It is true: the person has the right asked. `how` says on what this rests; `by` None: the official address.

    `departed`: those whose place the person takes; their access ends, and they are told. Raises `Refused`.
    """
    membership = lock_open(claim)
    for gone in departed:
        replace(gone, membership, claim, by=by, at=at)
    if membership.state == Membership.State.PENDING:
        return confirm_membership(membership=membership, by=by, how=how, at=at, right=claim.right)
    settle(membership, Claim.State.ACCEPTED, by=by, at=at)
    return change_right(membership=membership, right=claim.right, by=by, how=how, at=at)


def replace(gone: Membership, heir: Membership, claim: Claim, *, by: User | None, at: datetime) -> None:
    """End the access of someone who left, of the same organisation, when the claim says that one is taken over."""
    current = Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(pk=gone.pk)
    if not claim.replaces or current.organisation_id != heir.organisation_id or current.user_id == heir.user_id:
        raise Refused("Cette personne n’est pas remplacée par cette demande.")
    if current.state != Membership.State.CONFIRMED or current.user == by:
        raise Refused("Cet accès ne peut pas cesser ainsi : retirez-le dans la page des membres.")
    settle(current, Claim.State.REFUSED, by=by, at=at, reason="accès repris")
    end(current, by=by, at=at, reason=f"départ : {heir.user} prend la suite")
    enqueue_email(emails.access_taken_over(current, heir), at=at)


@transaction.atomic
def confirm_membership(
    *, membership: Membership, by: User | None, how: str, at: datetime, right: str = ""
) -> Membership:
    """The person works there, with the right asked or another one; a claim to sign is settled by that right only."""
    if membership.state != Membership.State.PENDING:
        raise Refused(ANSWERED)
    given, signature = right or membership.right, Membership.Right.SIGNATORY
    stamps = {"right": given, "confirmed_at": at, "confirmed_by": by, "confirmation": how[:200]}
    fire(membership, states.CONFIRM, by=by, at=at, reason=how, on_behalf_of=membership.organisation, stamps=stamps)
    settle(membership, Claim.State.ACCEPTED, by=by, at=at, but="" if given == signature else signature)
    tell(membership, by, at)
    return membership


@transaction.atomic
def change_right(*, membership: Membership, right: str, by: User | None, how: str, at: datetime) -> Membership:
    """A confirmed member has another right from now on."""
    reason = f"{membership.get_right_display()} → {Membership.Right(right).label} ({how})"
    stamps = {"right": right, "confirmation": how[:200]}
    fire(
        membership,
        states.CHANGE_RIGHT,
        by=by,
        at=at,
        reason=reason,
        on_behalf_of=membership.organisation,
        stamps=stamps,
    )
    tell(membership, by, at)
    return membership


def tell(membership: Membership, by: User | None, at: datetime) -> None:
    """The person learns their right; of a signature that it did not confirm itself, the town hall learns too."""
    signs = membership.right == Membership.Right.SIGNATORY
    told = [say(membership, at) for say in SIGNATORY_CONFIRMED] if signs else []
    if not any(told):
        enqueue_email(emails.claim_accepted(membership), at=at)
    if signs and by is not None and membership.organisation.official_email:
        enqueue_email(emails.signatory_named(membership, by), at=at)


@transaction.atomic
def refuse_claim(*, claim: Claim, by: User | None, reason: str, at: datetime) -> None:
    """It is not true: whoever has no other ground to be there loses access to the drafts."""
    if not reason.strip():
        raise Refused("Dites pourquoi : la personne lira votre motif.")
    membership = lock_open(claim)
    settle(membership, Claim.State.REFUSED, by=by, at=at, reason=reason.strip()[:300])
    if claim.entry:
        end(membership, by=by, at=at, reason=reason)
    claim.refresh_from_db()
    for person in filter(None, (membership.user, claim.asked_by)):
        enqueue_email(emails.claim_refused(claim, person.email), at=at)


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None, at: datetime) -> None:
    """The person leaves; the organisation keeps its files."""
    current = Membership.objects.select_for_update().get(pk=membership.pk)
    if current.state == Membership.State.ENDED:
        return
    settle(current, Claim.State.REFUSED, by=None, at=at, reason="accès retiré")
    end(current, by=by, at=at, reason="accès retiré")


def end(membership: Membership, *, by: User | None, at: datetime, reason: str) -> None:
    organisation = membership.organisation
    fire(membership, states.END, by=by, at=at, reason=reason, on_behalf_of=organisation, stamps={"ended_at": at})
