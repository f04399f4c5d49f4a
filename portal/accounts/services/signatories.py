"""Who signs for an organisation: named by someone who signs, or confirmed by the town hall before anything else."""

from datetime import datetime

from django.db import transaction

from ..models import Claim, Membership, Organisation, User
from ..queries import LIVE_STATES
from ..rules import confirmed_right, names_signatories
from .claims import settle
from .memberships import change_right, confirm_membership, open_claim

SIGNATORY, EDITOR = Membership.Right.SIGNATORY, Membership.Right.EDITOR


@transaction.atomic
def name_signatory(*, organisation: Organisation, person: User, by: User, at: datetime) -> Membership:
    """The person is to sign for the organisation; return their membership, which signs only once confirmed.

    At once when someone who signs says so, or when the mailbox named is the official one: only who opens it can sign.
    Otherwise a confirmed colleague lets the person read and write, and the town hall, who signs there, or the staff
    of a call answers. Naming again changes nothing.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    live = organisation.memberships.filter(user=person, state__in=LIVE_STATES).select_related("organisation", "user")
    held = live.first()
    if held and signs(held):
        return held
    membership = held or Membership.objects.create(user=person, organisation=organisation, right=EDITOR, created_at=at)
    official = person.email == organisation.official_email.lower()
    if names_signatories(by, organisation) or official:
        return give(membership, SIGNATORY, by=by, how=f"désignation par {by}", at=at)
    entry = membership.state == Membership.State.PENDING
    if confirmed_right(by, organisation) and entry:
        give(membership, EDITOR, by=by, how=f"désignation par {by}", at=at)
    if not asked(membership):
        settle(membership, Claim.State.REFUSED, by=None, at=at, reason="remplacée par une autre demande")
        open_claim(membership=membership, right=SIGNATORY, at=at, entry=entry, asked_by=by)
    return membership


def signs(membership: Membership) -> bool:
    return membership.state == Membership.State.CONFIRMED and membership.right == SIGNATORY


def asked(membership: Membership) -> bool:
    """Whether the question « does this person sign? » is already open."""
    return membership.claims.filter(state=Claim.State.OPEN, right=SIGNATORY).exists()


def give(membership: Membership, right: str, *, by: User, how: str, at: datetime) -> Membership:
    """Confirmed with this right; what was asked for the person is answered by it."""
    if membership.state == Membership.State.PENDING:
        return confirm_membership(membership=membership, by=by, how=how, at=at, right=right)
    settle(membership, Claim.State.ACCEPTED, by=by, at=at)
    return change_right(membership=membership, right=right, by=by, how=how, at=at)
