"""Communes that write and deposit, through the services, each at its own instant."""

from datetime import datetime, timedelta

from applications.models import Application
from applications.services.drafting import attach, promise, start_application
from calls.models import Call
from portal.core.clock import at_instant, portal_now

from ..playing.files import pdf, photograph
from ..playing.filing import fill
from .people import TownHall, town_hall
from .projects import Project, answers

PIECES = {
    "LETTRE_ENG": lambda: [pdf("lettre-engagement")],
    "PLAN_SIT": lambda: [pdf("plan-de-situation")],
    "PERIMETRE": lambda: [pdf("perimetre")],
    "PHOTOS": lambda: [photograph("site", n) for n in range(1, 4)],
}


def write(
    call: Call, project: Project, at: datetime, *, sections: int = 10, pieces: bool = True, shared: str = ""
) -> tuple[Application, TownHall]:
    """A draft begun at an instant; `sections` of the ten are written. `shared`: what each commune of it does."""
    with at_instant(at):
        hall = town_hall(project.insee, at - timedelta(days=3))
        application = start_application(call=call, organisation=hall.organisation, by=hall.secretary, at=portal_now())
        values = answers(project, commune=str(hall.organisation.commune), year=application.window.closes_at.year)
        if shared:
            values["commune"] = {**values["commune"], "groupee": "oui", "groupee_role": shared}
        fill(application, hall, values, sections)
        if pieces:
            join_pieces(application, hall)
    return application, hall


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
