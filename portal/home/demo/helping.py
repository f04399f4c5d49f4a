"""Two files that a commune did not type alone: a State service writes under a mandate; another one came on paper."""

from datetime import date, datetime, timedelta

from applications.models import Channel
from applications.services.drafting import start_application
from applications.services.elsewhere import Told, record_outside
from applications.services.mandates import give_mandate
from calls.models import Call
from portal.accounts.models import Membership, Organisation, User
from portal.core.calendar import day_of
from portal.core.clock import at_instant, portal_now
from portal.core.uploads import store_bytes

from ..playing.files import pdf
from ..playing.filing import fill
from .people import TOWN_HALLS, TownHall, member, person, town_hall
from .projects import Project, answers

SERVICE = "Service territorial de l’État en Seine-Maritime"
WRITTEN = 4  # sections of the ten


def state_service(at: datetime) -> tuple[Organisation, User]:
    """A service that helps communes, and its one agent."""
    service = Organisation.objects.create(
        kind=Organisation.Kind.STATE, name=SERVICE, official_email=f"service-territorial{TOWN_HALLS}"
    )
    agent = person("service-etat", "Chargé de mission, service de l’État")
    return service, member(agent, service, Membership.Right.EDITOR, at)


def write_under_mandate(call: Call, project: Project, at: datetime) -> None:
    """The mayor gives the mandate in the morning; the service begins the file the next day, and writes half of it."""
    hall = town_hall(project.insee, at - timedelta(days=3))
    service, agent = state_service(at - timedelta(days=30))
    with at_instant(at):
        give_mandate(
            principal=hall.organisation, mandatary=service, call=call, from_on=day_of(at),
            until_on=day_of(call.windows.order_by("closes_at")[0].closes_at), by=hall.mayor, at=portal_now(),
        )  # fmt: skip
    with at_instant(at + timedelta(days=1)):
        application = start_application(call=call, organisation=hall.organisation, by=agent, at=portal_now())
        year = application.window.closes_at.year
        values = answers(project, commune=str(hall.organisation.commune), year=year)
        fill(application, TownHall(hall.organisation, agent, hall.mayor), values, WRITTEN)


def receive_on_paper(call: Call, project: Project, received_on: date, by: User, at: datetime) -> None:
    """The envelope came to the desk; the manager copies what the short form asks, with the stamped page as proof."""
    hall = town_hall(project.insee, at)
    with at_instant(at):
        page = pdf("enveloppe-tamponnee")
        proof = store_bytes(page.read(), name=page.name or "", detected_type="application/pdf", by=by, at=portal_now())
        sections = answers(project, commune=str(hall.organisation.commune), year=received_on.year)
        typed = {
            code: value for values in sections.values() for code, value in values.items() if isinstance(value, str)
        }
        told = Told(
            organisation=hall.organisation, channel=Channel.PAPER, received_on=received_on, received_time=None,
            proof=proof, reference="Courrier arrivé n° 118", answers=typed,
        )  # fmt: skip
        record_outside(call=call, told=told, by=by, at=portal_now())
