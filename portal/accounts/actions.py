"""What accounts await from a person: claims to answer, or to have answered."""

from datetime import datetime

from django.urls import reverse

from portal.core.ui import Action

from .models import Claim, Membership, User
from .queries import claims_about, claims_of_colleagues
from .rules import claims_judged_by, link_words

LIMIT = 20


def actions_for(user: User, at: datetime) -> list[Action]:
    """Rows of *Mes actions*: colleagues who ask to join; for staff, one row for all the claims of their calls."""
    return [*own_rows(user), *colleague_rows(user), *staff_rows(user)]


def own_rows(user: User) -> list[Action]:
    """What the person waits for: to be confirmed, or someone whom they named."""
    claims = claims_about(user).prefetch_related("links")
    return [own_row(user, claim) for claim in claims[:LIMIT]]


def own_row(user: User, claim: Claim) -> Action:
    organisation, person = claim.membership.organisation, claim.membership.user
    title = f"Faire confirmer votre rattachement : {organisation}"
    if claim.right == Membership.Right.SIGNATORY:
        whose = "que vous signez" if person == user else f"que {person} signe"
        title = f"Faire confirmer {whose} : {organisation}"
    url = reverse("claim_follow", args=[claim.pk])
    return Action(title=title, url=url, verb="Suivre la demande", consequence=link_words(claim))


def colleague_rows(user: User) -> list[Action]:
    claims = claims_of_colleagues(user)
    return [colleague_row(claim) for claim in claims[:LIMIT]]


def colleague_row(claim: Claim) -> Action:
    person = claim.membership.user
    title = f"Répondre à {person}, qui demande à rejoindre la commune"
    if claim.asked_by:
        title = f"Dire si {person} signe pour la commune"
    return Action(
        title=title,
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
