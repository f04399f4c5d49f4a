"""Invitations: a single-use link, 7 days, tied to one address; what accepting gives is a *grant*."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from portal.core.outbox import enqueue_email
from portal.core.rules import Refused
from portal.core.tokens import hashed, new_secret

from .. import emails
from ..models import Invitation, Membership, Organisation, User
from ..queries import LIVE_STATES
from .memberships import change_right, confirm_membership, open_claim
from .people import person_at
from .signatories import name_signatory

VALIDITY = timedelta(days=7)
NO_LONGER_VALID = (
    "Cette invitation n’est plus valable : elle a servi, a expiré ou a été retirée. "
    "Demandez-en une nouvelle à la personne qui vous l’a envoyée."
)


@dataclass(frozen=True)
class Grant:
    """What accepting does. `run(invitation, user, at)` may return the path where the person lands; `offer` says it."""

    run: Callable[[Invitation, User, datetime], str | None]
    offer: Callable[[Invitation], str]


GRANTS: dict[str, Grant] = {}


def register_grant(
    name: str,
    function: Callable[[Invitation, User, datetime], str | None],
    offer: Callable[[Invitation], str] | None = None,
) -> None:
    """Declare what invitations of this kind give; `offer(invitation)` ends « vous invite à … »."""
    GRANTS[name] = Grant(function, offer or (lambda invitation: "rejoindre le portail"))


def offer_of(invitation: Invitation) -> str:
    """« rejoindre la commune d’Étretat, avec le droit de signature »: what the invitation gives, for a sentence."""
    return GRANTS[invitation.grant].offer(invitation)


@transaction.atomic
def invite(
    *,
    email: str,
    organisation: Organisation | None,
    right: str,
    by: User,
    at: datetime,
    grant: str = "membership",
    grant_key: str = "",
    role_title: str = "",
    full_name: str = "",
) -> Invitation:
    """Write the invitation and its mail. An earlier one for the same thing stops being valid."""
    secret = new_secret()
    address = email.strip().lower()
    same = {"email": address, "organisation": organisation, "grant": grant, "grant_key": grant_key}
    Invitation.objects.filter(**same, accepted_at=None, expires_at__gt=at).update(expires_at=at)
    invitation = Invitation.objects.create(
        **same,
        right=right,
        role_title=role_title,
        full_name=full_name,
        token_sha256=hashed(secret),
        invited_by=by,
        created_at=at,
        expires_at=at + VALIDITY,
    )
    enqueue_email(emails.invitation(invitation, secret, offer_of(invitation)), at=at)
    return invitation


def invitation_of_secret(secret: str) -> Invitation | None:
    found = Invitation.objects.select_related("organisation__profile", "invited_by")
    return found.filter(token_sha256=hashed(secret)).first()


def is_open(invitation: Invitation, at: datetime) -> bool:
    return invitation.accepted_at is None and invitation.expires_at > at


@transaction.atomic
def accept_invitation(*, invitation: Invitation, at: datetime, signed_in: User | None = None) -> tuple[User, str]:
    """The holder of the link accepts: the account of the address (made if needed) and the path where to go.

    Raises `Refused` when the link has served or expired, or when another account is signed in.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not is_open(row, at):
        raise Refused(NO_LONGER_VALID)
    if signed_in is not None and signed_in.email != row.email:
        raise Refused(
            "Cette invitation est adressée à une autre personne. Déconnectez-vous, puis ouvrez le lien de nouveau."
        )
    user = person_at(row.email, full_name=row.full_name, role_title=row.role_title, verified=True)
    if not user.is_active:
        raise Refused("Ce compte est fermé. Écrivez à la personne qui vous a envoyé l’invitation.")
    row.accepted_at, row.accepted_by = at, user
    row.save(update_fields=["accepted_at", "accepted_by"])
    return user, GRANTS[row.grant].run(row, user, at) or reverse("my_actions")


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, at: datetime) -> None:
    """The link stops working; an accepted invitation cannot be taken back here."""
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.accepted_at:
        raise Refused("Cette invitation a déjà été acceptée. Retirez plutôt l’accès de la personne.")
    if row.expires_at > at:
        Invitation.objects.filter(pk=row.pk).update(expires_at=at)


def grant_membership(invitation: Invitation, user: User, at: datetime) -> str | None:
    """A confirmed place in the organisation, unless whoever invited is still waiting to be confirmed there.

    Who signs is another matter: the word of a colleague is not enough (`name_signatory`).
    """
    organisation = invitation.organisation
    assert organisation is not None
    if invitation.right == Membership.Right.SIGNATORY:
        name_signatory(organisation=organisation, person=user, by=invitation.invited_by, at=at)
        return None
    live = organisation.memberships.select_for_update(of=("self",)).filter(user=user, state__in=LIVE_STATES)
    membership = live.select_related("organisation", "user").first() or Membership.objects.create(
        user=user, organisation=organisation, right=invitation.right, created_at=at
    )
    vouch(membership, invitation, at)
    return None


def vouch(membership: Membership, invitation: Invitation, at: datetime) -> None:
    """Confirm on the word of the inviter, or open a claim when the inviter waits too."""
    inviter, how, right = invitation.invited_by, "invitation", invitation.right
    if membership.state == Membership.State.CONFIRMED:
        right = max(membership.right, right, key=strength)
    if membership.organisation.memberships.filter(user=inviter, state=Membership.State.PENDING).exists():
        if membership.state == Membership.State.PENDING and not membership.claims.exists():
            open_claim(membership=membership, right=right, at=at)
    elif membership.state == Membership.State.PENDING:
        confirm_membership(membership=membership, by=inviter, how=how, at=at, right=right)
    elif right != membership.right:
        change_right(membership=membership, right=right, by=inviter, how=how, at=at)


def strength(right: str) -> int:
    return list(Membership.Right).index(Membership.Right(right))


def membership_offer(invitation: Invitation) -> str:
    right = Membership.Right(invitation.right).label
    return f"rejoindre «\u202f{invitation.organisation}\u202f» (droit donné : {right})"


register_grant("membership", grant_membership, membership_offer)
