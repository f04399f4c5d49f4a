"""What accounts await from a person: claims to answer."""

from datetime import datetime

from django.urls import reverse

from portal.core.ui import Action

from .models import Claim, Membership, User
from .queries import open_claims
from .rules import claims_judged_by

LIMIT = 20


def actions_for(user: User, at: datetime) -> list[Action]:
    """Rows of *Mes actions*: colleagues who ask to join; for staff, one row for all the claims of their calls."""
    return [*colleague_rows(user), *staff_rows(user)]


def colleague_rows(user: User) -> list[Action]:
    rights = [Membership.Right.SIGNATORY, Membership.Right.MANAGER]
    mine = user.memberships.filter(state=Membership.State.CONFIRMED, right__in=rights).values("organisation")
    claims = open_claims().filter(membership__organisation__in=mine).exclude(membership__user=user)
    return [colleague_row(claim) for claim in claims[:LIMIT]]


def colleague_row(claim: Claim) -> Action:
    return Action(
        title=f"Répondre à {claim.membership.user}, qui demande à rejoindre la commune",
        url=reverse("members", args=[claim.membership.organisation.uuid]),
        verb="Voir la demande",
        consequence="D’ici là, cette personne peut écrire mais rien déposer.",
    )


def staff_rows(user: User) -> list[Action]:
    count = claims_judged_by(user).count()
    if not count:
        return []
    title = "Confirmer un rattachement" if count == 1 else f"Confirmer {count} rattachements"
    consequence = "Ces personnes peuvent écrire pour leur commune, mais rien déposer."
    return [Action(title=title, url=reverse("claims"), verb="Répondre", consequence=consequence)]
