"""Who gives a mandate, who revokes it; each refusal with its reason."""

from datetime import datetime

from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import may_sign
from portal.core.calendar import day_of
from portal.core.rules import YES, Answer, no
from portal.core.typography import format_date, typeset

from .. import states_mandate as states
from ..models import Mandate

LONGEST_YEARS = 6
Kind = Organisation.Kind
# Who may hold one: public bodies that help communes; never a firm, nor the applicant's neighbour.
MANDATARIES = (Kind.INTERCOMMUNALITY, Kind.SYNDICATE, Kind.DEPARTMENT, Kind.REGION, Kind.STATE, Kind.OPERATOR)


def can_give(user: User, principal: Organisation) -> Answer:
    """Who signs for the organisation, no one else."""
    if may_sign(user, principal):
        return YES
    return no("Seule une personne habilitée à signer pour la commune donne un mandat en son nom.")


def may_hold(principal: Organisation, mandatary: Organisation) -> Answer:
    """A State service, an intercommunality, another public body."""
    if principal.pk == mandatary.pk:
        return no("Un organisme ne se donne pas mandat à lui-même.")
    if mandatary.kind in MANDATARIES:
        return YES
    return no(
        "Un mandat se donne à un service de l’État, à une intercommunalité ou à un autre organisme public. "
        "Une autre commune peut être invitée comme co-candidate."
    )


def can_revoke(user: User, mandate: Mandate, at: datetime) -> Answer:
    """Who signs for the organisation that gave it, or who writes for the one that holds it and gives it back."""
    if mandate.state != states.GIVEN:
        return no("Ce mandat est déjà révoqué.")
    if mandate.until_on < day_of(at):
        return no(typeset(f"Ce mandat a pris fin le {format_date(mandate.until_on)}."))
    if may_sign(user, mandate.principal) or gives_back(user, mandate):
        return YES
    return no("Seule une personne habilitée à signer pour la commune révoque son mandat.")


def gives_back(user: User, mandate: Mandate) -> bool:
    """In charge of the organisation that holds it."""
    held = user.memberships.filter(organisation=mandate.mandatary_id, state=Membership.State.CONFIRMED)
    return held.filter(right__in=(Membership.Right.SIGNATORY, Membership.Right.MANAGER)).exists()


def standing(mandate: Mandate, at: datetime) -> str:
    """« en cours jusqu’au 31 mars 2027 », « à partir du 5 janvier 2027 », « terminé le… », « révoqué le… »."""
    today = day_of(at)
    if mandate.state == states.REVOKED:
        assert mandate.revoked_at is not None
        return f"révoqué le {format_date(mandate.revoked_at)}"
    if today < mandate.from_on:
        return f"à partir du {format_date(mandate.from_on)}"
    if today > mandate.until_on:
        return f"terminé le {format_date(mandate.until_on)}"
    return f"en cours jusqu’au {format_date(mandate.until_on)}"
