"""Joining an organisation: claim, confirmation, refusal, departure."""

from datetime import datetime

from django.db import transaction

from portal.core.outbox import enqueue_email
from portal.core.rules import Refused
from portal.core.tokens import hashed, new_secret
from portal.territories.models import Commune

from .. import emails
from ..models import Claim, Membership, Organisation, User
from ..queries import memberships_of, organisation_of, people_in_charge
from .people import has_proved


@transaction.atomic
def claim_commune(*, user: User, commune: Commune, at: datetime, right: str = Membership.Right.EDITOR) -> Membership:
    """The person says that they work for the commune: they may draft at once, deposit once confirmed.

    The official address is asked by mail, and the people in charge, if any; staff of a call may answer too. Whoever
    proved that the official mailbox is theirs is confirmed at once. Claiming again changes nothing.
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
    open_claim(membership=membership, at=at)
    return membership


def open_claim(*, membership: Membership, at: datetime) -> Claim:
    """Write the claim and ask those who can answer."""
    secret = new_secret()
    claim = Claim.objects.create(membership=membership, token_sha256=hashed(secret), created_at=at)
    if membership.organisation.official_email:
        enqueue_email(emails.claim_to_town_hall(claim, secret), at=at)
    for person in people_in_charge(membership.organisation):
        enqueue_email(emails.claim_to_person_in_charge(claim, person.email), at=at)
    return claim


@transaction.atomic
def confirm_membership(*, membership: Membership, by: User | None, how: str, at: datetime) -> Membership:
    """The claim is true: `how` says on what this rests; `by` is None when the official address answered."""
    lock_pending(membership)
    membership.state, membership.confirmed_at = Membership.State.CONFIRMED, at
    membership.confirmed_by, membership.confirmation = by, how
    membership.save(update_fields=["state", "confirmed_at", "confirmed_by", "confirmation"])
    settle(membership, Claim.State.ACCEPTED, by=by, at=at)
    enqueue_email(emails.claim_accepted(membership), at=at)
    return membership


@transaction.atomic
def refuse_claim(*, claim: Claim, by: User | None, reason: str, at: datetime) -> None:
    """The claim is not true: the person loses access to the drafts."""
    if not reason.strip():
        raise Refused("Dites pourquoi : la personne lira votre motif.")
    membership = claim.membership
    lock_pending(membership)
    membership.state, membership.ended_at = Membership.State.ENDED, at
    membership.save(update_fields=["state", "ended_at"])
    settle(membership, Claim.State.REFUSED, by=by, at=at, reason=reason.strip()[:300])
    claim.refresh_from_db()
    enqueue_email(emails.claim_refused(claim), at=at)


@transaction.atomic
def end_membership(*, membership: Membership, at: datetime) -> None:
    """The person leaves; the organisation keeps its files."""
    current = Membership.objects.select_for_update().get(pk=membership.pk)
    if current.state == Membership.State.ENDED:
        return
    settle(current, Claim.State.REFUSED, by=None, at=at, reason="accès retiré")
    Membership.objects.filter(pk=current.pk).update(state=Membership.State.ENDED, ended_at=at)


def lock_pending(membership: Membership) -> None:
    """Lock the row; refuse when someone else has already answered."""
    state = Membership.objects.select_for_update().values_list("state", flat=True).get(pk=membership.pk)
    if state != Membership.State.PENDING:
        raise Refused("Cette demande a déjà reçu une réponse.")


def settle(membership: Membership, state: str, *, by: User | None, at: datetime, reason: str = "") -> None:
    waiting = Claim.objects.filter(membership=membership, state=Claim.State.OPEN)
    waiting.update(state=state, settled_at=at, settled_by=by, reason=reason)


def claim_of_secret(secret: str) -> Claim | None:
    """The claim of a link sent to an official address, settled or not."""
    claims = Claim.objects.select_related("membership__user", "membership__organisation__commune")
    return claims.filter(token_sha256=hashed(secret)).first()
