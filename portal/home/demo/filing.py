"""Communes that write and deposit, through the services, each at its own instant."""

from datetime import datetime, timedelta
from uuid import uuid4

from applications.models import Application
from applications.services.drafting import attach, promise, save_section, start_application
from applications.services.signature import ask_signature
from applications.services.submission import submit_application
from calls.models import Call
from portal.core.clock import at_instant, portal_now

from .files import PIECES
from .people import TownHall, town_hall
from .projects import Project, answers


def write(
    call: Call, project: Project, at: datetime, *, sections: int = 10, pieces: bool = True
) -> tuple[Application, TownHall]:
    """A draft begun at an instant; `sections` of the ten are written."""
    with at_instant(at):
        hall = town_hall(project.insee, at - timedelta(days=3))
        application = start_application(call=call, organisation=hall.organisation, by=hall.secretary, at=portal_now())
        fill(application, hall, project, sections)
        if pieces:
            join_pieces(application, hall)
    return application, hall


def fill(application: Application, hall: TownHall, project: Project, sections: int) -> None:
    """Write the first sections, as the secretary would."""
    values = answers(project, commune=str(hall.organisation.commune), year=application.window.closes_at.year)
    for section in application.call.sections.all()[:sections]:
        row = application.sections.filter(section_code=section.code).first()
        save_section(
            application=application,
            section_code=section.code,
            typed=values[section.code],
            version=row.version if row else 0,
            by=hall.secretary,
            at=portal_now(),
        )


def join_pieces(application: Application, hall: TownHall) -> None:
    """Attach the four pieces, promise the council's resolution."""
    kinds = {piece.code: piece for piece in application.call.piece_types.all()}
    for code, make in PIECES.items():
        for upload in make():
            attach(application=application, piece=kinds[code], upload=upload, by=hall.secretary, at=portal_now())
    resolution = kinds["DELIB"]
    promise(
        application=application, piece=resolution, due_on=resolution.promised_until, by=hall.secretary, at=portal_now()
    )


def send_to_mayor(application: Application, hall: TownHall, at: datetime) -> None:
    """The secretary asks the mayor to read and deposit."""
    with at_instant(at):
        ask_signature(application=application, signatory=hall.mayor, by=hall.secretary, at=portal_now())


def deposit(application: Application, hall: TownHall, at: datetime) -> None:
    """The mayor reads, confirms and deposits."""
    send_to_mayor(application, hall, at - timedelta(hours=20))
    with at_instant(at):
        submit_application(
            application=application,
            by=hall.mayor,
            idempotency_key=uuid4(),
            undertakings=[undertaking.code for undertaking in application.call.undertakings.all()],
            web_clock_at=portal_now(),
        )
