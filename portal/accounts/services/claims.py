"""A claim that waits: its answer, and the link mailed to the official address, which ends and may be sent again."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.core.outbox import enqueue_email
from portal.core.rules import Refused, require
from portal.core.tokens import hashed, new_secret

from .. import emails
from ..models import Claim, ClaimLink, Membership, User
from ..queries import open_claims
from ..rules import can_send_link, link_is_due

ANSWERED = "Cette demande a déjà reçu une réponse."
# Longer than an invitation: a small town hall opens one or two half-days a week.
VALIDITY = timedelta(days=14)


def send_link(claim: Claim, *, by: User | None, at: datetime) -> ClaimLink:
    """Write a new link and its mail; the database keeps one link of each number."""
    secret, sent = new_secret(), claim.links.count()
    link = ClaimLink.objects.create(
        claim=claim, n=sent + 1, token_sha256=hashed(secret), sent_at=at, sent_by=by, expires_at=at + VALIDITY
    )
    enqueue_email(emails.claim_to_town_hall(link, secret), at=at)
    return link


@transaction.atomic
def send_again(*, claim: Claim, by: User | None, at: datetime) -> ClaimLink:
    """Another link to the same official address, at most once an hour. `by` None: asked by the mailbox itself.

    Raises `Refused` with the reason.
    """
    lock_open(claim)
    current = open_claims().get(pk=claim.pk)
    require(link_is_due(current, at) if by is None else can_send_link(by, current, at))
    return send_link(current, by=by, at=at)


def link_of_secret(secret: str) -> ClaimLink | None:
    """The link of a mail, its claim settled or not, ended or not."""
    links = ClaimLink.objects.select_related(
        "claim__membership__user", "claim__membership__organisation__commune", "claim__asked_by"
    )
    return links.filter(token_sha256=hashed(secret)).first()


def lock_open(claim: Claim) -> Membership:
    """Lock the claim and its membership; refuse when someone else has already answered."""
    membership = Membership.objects.select_for_update(of=("self",)).select_related("organisation", "user")
    current = membership.get(pk=claim.membership_id)
    state = Claim.objects.select_for_update().values_list("state", flat=True).get(pk=claim.pk)
    if state != Claim.State.OPEN:
        raise Refused(ANSWERED)
    return current


def settle(
    membership: Membership, state: str, *, by: User | None, at: datetime, reason: str = "", but: str = ""
) -> None:
    """Answer the open claim of a membership, unless it asks for the right `but`."""
    waiting = Claim.objects.filter(membership=membership, state=Claim.State.OPEN).exclude(right=but)
    waiting.update(state=state, settled_at=at, settled_by=by, reason=reason)
