"""Quickly made scenes for the browser: the real call at dates near today, real communes, whole files, a jury."""

import uuid
from datetime import datetime, time, timedelta
from decimal import Decimal

from applications.models import Application, Attachment, SectionAnswers
from applications.services.drafting import promise, start_application
from applications.services.examination import admit
from applications.services.submission import submit_application
from calls.definition.load import load
from calls.definition.reading import read
from calls.definition.shifting import with_calendar
from calls.models import Call
from calls.services import publish_call
from juries.models import JurySession, SeatHolder
from juries.services.assessments import save_notes, submit_assessment
from juries.services.interests import declare_interests
from juries.services.seats import compose_jury, take_seat
from juries.services.sessions import create_session
from portal.accounts.models import Organisation, User
from portal.core.calendar import PARIS, wall_clock
from portal.core.clock import at_instant, portal_now
from portal.core.uploads import store_bytes
from tests.factories import make_institution, make_member, make_role, make_town_hall, make_user

from .filing import PIECES, answers_of, photograph
from .opening import CATALOGUE
from .walker import pdf_file

# Real communes: INSEE, SIREN, name, article, municipal population 2023; those whose project is written.
TOWNS = {
    "76254": ("76254", "217602549", "Étretat", 1, 1102),
    "76716": ("76716", "217607167", "Turretot", 0, 1619),
    "76660": ("76660", "217606607", "Sandouville", 0, 799),
    "76693": ("76693", "217606938", "Le Tilleul", 2, 656),
}
TITLES = {
    "V1": "Vice-présidente chargée de la santé",
    "V2": "Vice-président chargé de l’environnement",
    "V3": "Vice-présidente chargée de l’aménagement",
    "V4": "Maire d’Étretat",
    "V5": "Maire d’Épretot",
    "V6": "Représentante de l’Agence régionale de santé",
    "V7": "Représentant du Département",
    "V8": "Représentante de l’agence de la biodiversité",
    "V9": "Urbaniste, agence d’urbanisme",
}


def make_real_call(*, closes_in: int) -> Call:
    """The programme of the catalogue, published, its limit in so many days (negative: closed)."""
    owner = make_institution(court_address="53, avenue Gustave-Flaubert, 76000 Rouen")
    closes_at = wall_clock((portal_now().astimezone(PARIS) + timedelta(days=closes_in)).date(), time(23, 59, 59))
    edition = str(closes_at.year + 1)
    document = with_calendar(
        read(CATALOGUE.read_text(encoding="utf-8")), closes_at=closes_at, edition=edition,
        slug=f"territoire-promoteur-de-sante-{edition}",
    )  # fmt: skip
    with at_instant(min(document.opens_at, portal_now()) - timedelta(days=1)):
        call = load(document, owner=owner, at=portal_now())
        publish_call(call=call, asked_by=make_user(), by=make_user(), at=portal_now())
    return call


def make_people(insee: str) -> tuple[Organisation, User, User]:
    """A town hall with its secretary and its mayor."""
    hall = make_town_hall(TOWNS[insee])
    secretary = make_member(hall, "editor", email=f"secretariat-{insee}@exemple.fr", role_title="Secrétaire de mairie")
    return hall, secretary, make_member(hall, "signatory", email=f"maire-{insee}@exemple.fr", role_title="Maire")


def make_draft(
    call: Call, insee: str = "76254", *, leave: frozenset[str] = frozenset()
) -> tuple[Application, User, User]:
    """A draft with every section right but those left; pieces joined and the resolution promised when none is left."""
    hall, secretary, mayor = make_people(insee)
    application = start_application(call=call, organisation=hall, by=secretary, at=portal_now())
    fill(application, secretary, leave=leave)
    if not leave:
        join_pieces(application, secretary)
    return application, secretary, mayor


def fill(application: Application, by: User, *, leave: frozenset[str] = frozenset()) -> None:
    for code, values in answers_of(str(application.lead.commune_id)).items():
        if code in leave:
            continue
        shown = {"values": values, "version": 1, "updated_at": portal_now(), "updated_by": by, "answered": len(values)}
        SectionAnswers.objects.update_or_create(application=application, section_code=code, defaults=shown)
    title = answers_of(str(application.lead.commune_id))["site"]["titre"]
    Application.objects.filter(pk=application.pk).update(title=title[:200])
    application.refresh_from_db()


def join_pieces(application: Application, by: User) -> None:
    """One file for each piece, three photographs, the resolution promised."""
    at, sheet = portal_now(), pdf_file("piece.pdf").read()
    uploads = [(code, "piece.pdf", sheet, "application/pdf") for code in PIECES]
    uploads += [("PHOTOS", f"site-{n}.png", photograph(n).read(), "image/png") for n in range(3)]
    for code, name, content, kind in uploads:
        file = store_bytes(content, name=name, detected_type=kind, by=by, at=at)
        Attachment.objects.create(application=application, piece_code=code, file=file, added_at=at, added_by=by)
    piece = application.call.piece_types.get(code="DELIB")
    promise(application=application, piece=piece, due_on=piece.promised_until, by=by, at=at)


def make_deposited(call: Call, insee: str, *, days_before: int = 5) -> Application:
    """A file deposited some days before the limit."""
    with at_instant(call.windows.get().closes_at - timedelta(days=days_before)):
        application, _, mayor = make_draft(call, insee)
        submit_application(
            application=application, by=mayor, idempotency_key=uuid.uuid4(), web_clock_at=portal_now(),
            undertakings=list(call.undertakings.values_list("code", flat=True)),
        )  # fmt: skip
    return application


def make_examined(call: Call, *communes: str) -> list[Application]:
    """Files deposited, then declared admissible by an officer."""
    officer = make_role(call, "officer", role_title="Instructeur")
    files = [make_deposited(call, insee, days_before=9 - n) for n, insee in enumerate(communes)]
    for file in files:
        admit(application=file, by=officer, at=portal_now())
    return files


def seat_the_jury(call: Call) -> list[SeatHolder]:
    """The nine voters; the mayor of Étretat among them."""
    seats = {seat.code: seat for seat in compose_jury(call=call)}
    hall = make_town_hall(TOWNS["76254"])
    return [
        take_seat(
            seat=seats[code],
            user=make_user(f"jury-{code.lower()}@exemple.fr", role_title=title),
            organisation=hall if code == "V4" else None,
            at=portal_now(),
        )
        for code, title in TITLES.items()
    ]


def plan_the_session(call: Call, *, in_days: int = 5) -> JurySession:
    day = (portal_now() + timedelta(days=in_days)).date()
    return create_session(
        call=call, held_on=day, place="salle du conseil, Le Havre", secretary_title="Service Santé", at=portal_now()
    )


def declare_all(holders: list[SeatHolder], files: list[Application]) -> None:
    for holder in holders:
        recused = set(holder.seat.recusals.values_list("application_id", flat=True))
        declare_interests(
            holder=holder, links={file: "" for file in files if file.pk not in recused}, at=portal_now()
        )
        holder.refresh_from_db()


def note(holder: SeatHolder, file: Application, *notes: int) -> None:
    """One member's notes, in the order of the criteria, validated."""
    codes = [criterion.code for criterion in file.call.criteria.order_by("position")]
    given = dict(zip(codes, map(Decimal, notes), strict=True))
    save_notes(holder=holder, application=file, notes=given, comment="", at=portal_now())
    submit_assessment(holder=holder, application=file, at=portal_now())


def at_nine(day: datetime) -> datetime:
    return wall_clock(day.date(), time(9))
