"""Two things that wait on other people: a commune that applies with another, a deputy named to sign."""

from datetime import datetime, timedelta

from applications.models import Application, ApplicationMember
from applications.services.partners import confirm_partner, invite_partner
from applications.services.signature import designate_signatory
from portal.core.clock import at_instant, portal_now

from .people import TOWN_HALLS, TownHall, town_hall

ROLES = (
    "Le Tilleul porte le projet et le chantier. La Poterie-Cap-d’Antifer prolonge le chemin jusqu’à sa salle "
    "polyvalente et en assure l’entretien de son côté."
)


def apply_together(application: Application, lead: TownHall, insee: str, at: datetime) -> None:
    """The lead invites a commune, which confirms the next day."""
    other = town_hall(insee, at)
    with at_instant(at):
        member = invite_partner(
            application=application,
            organisation=other.organisation,
            role=ApplicationMember.Role.MEMBER,
            share=None,
            by=lead.secretary,
            at=portal_now(),
        )
    with at_instant(at + timedelta(days=1)):
        confirm_partner(member=member, by=other.secretary, at=portal_now())


def name_a_deputy(insee: str, at: datetime) -> None:
    """The secretary says that the deputy signs; the town hall, the mayor or the staff of the call has to confirm."""
    hall = town_hall(insee, at)
    with at_instant(at):
        designate_signatory(
            organisation=hall.organisation,
            email=f"adjointe-{insee}{TOWN_HALLS}",
            full_name="",
            role_title="Première adjointe",
            by=hall.secretary,
            at=portal_now(),
        )
