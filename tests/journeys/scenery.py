"""Quickly made scenes for the browser: the real call at dates near today, real communes, whole files, a jury."""

import uuid
from datetime import time, timedelta
from decimal import Decimal

from applications.models import Application, Attachment, Decision, SectionAnswers
from applications.services.decision import proposal_for, record_decision, starting_lines
from applications.services.drafting import promise, start_application
from applications.services.examination import admit
from applications.services.submission import submit_application
from calls.definition.load import load
from calls.definition.reading import read
from calls.definition.shifting import with_calendar
from calls.models import Call
from calls.services.publication import publish_call
from juries.links import NO_LINK
from juries.models import JurySession, SeatHolder
from juries.services.assessments import save_notes, submit_assessment
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, close_ballot, open_ballot, record_reason
from juries.services.interests import declare_interests
from juries.services.seats import compose_jury, take_seat
from juries.services.sessions import close_session, create_session, open_session
from portal.accounts.models import Organisation, User
from portal.accounts.queries import organisation_of
from portal.core.calendar import PARIS, day_of, wall_clock
from portal.core.clock import at_instant, portal_now
from portal.core.models import Job
from portal.core.uploads import store_bytes
from support.agreements.services import draw_up, record_signature, send
from support.agreements.services_parties import record_act
from support.plan.models import SupportPlan
from tests.factories import make_commune, make_institution, make_member, make_role, make_user

from .filing import PIECES, answers_of, photograph
from .opening import CATALOGUE
from .territory import town_hall_address
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


def town_hall(insee: str) -> Organisation:
    """The organisation of a commune, named and reached as the official data say."""
    hall = organisation_of(make_commune(TOWNS[insee]))
    assert hall is not None
    Organisation.objects.filter(pk=hall.pk).update(official_email=town_hall_address(insee))
    hall.refresh_from_db()
    return hall


def make_people(insee: str) -> tuple[Organisation, User, User]:
    """A town hall with its secretary and its mayor."""
    hall = town_hall(insee)
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
    hall = town_hall("76254")
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
    day = day_of(portal_now() + timedelta(days=in_days))
    return create_session(
        call=call, held_on=day, place="salle du conseil, Le Havre", secretary_title="Service Santé", at=portal_now()
    )


def declare_all(holders: list[SeatHolder], files: list[Application]) -> None:
    for holder in holders:
        recused = set(holder.seat.recusals.values_list("application_id", flat=True))
        declare_interests(
            holder=holder, links={file: NO_LINK for file in files if file.pk not in recused}, at=portal_now()
        )
        holder.refresh_from_db()


def note(holder: SeatHolder, file: Application, *notes: int) -> None:
    """One member's notes, in the order of the criteria, validated."""
    codes = [criterion.code for criterion in file.call.criteria.order_by("position")]
    given = dict(zip(codes, map(Decimal, notes), strict=True))
    save_notes(holder=holder, application=file, notes=given, comment="", at=portal_now())
    submit_assessment(holder=holder, application=file, at=portal_now())


def hold_the_session(session: JurySession, holders: list[SeatHolder], files: list[Application]) -> None:
    """Everyone here, every file voted (the last one refused), the session closed."""
    president = holders[0].user
    for holder in holders:
        record_attendance(session=session, seat=holder.seat, presence="present", at=portal_now())
    open_session(session=session, by=president, at=portal_now())
    for file in files:
        item = session.items.get(application=file)
        recused = set(file.recusals.values_list("seat_id", flat=True))
        open_ballot(item=item, by=president)
        for holder in holders:
            if holder.seat_id not in recused:
                cast_vote(item=item, holder=holder, choice="against" if file == files[-1] else "for")
        close_ballot(item=item, by=president)
        record_reason(item=item, reason="Réponse précise aux besoins observés, participation bien préparée.")
    close_session(session=session, by=president, at=portal_now())


def make_judged_call(*communes: str) -> tuple[Call, list[Application], JurySession]:
    """A call whose jury has closed its session: its proposal awaits the decision."""
    call = make_real_call(closes_in=-30)
    files = make_examined(call, *communes)
    holders = seat_the_jury(call)
    session = plan_the_session(call, in_days=0)
    declare_all(holders, files)
    for n, file in enumerate(files):
        recused = set(file.recusals.values_list("seat_id", flat=True))
        for holder in holders[:3]:
            if holder.seat_id not in recused:
                note(holder, file, 5 - n, 4, 4, 4, 4, 3)
    hold_the_session(session, holders, files)
    # Receipts, rules and minutes are not looked at here: nobody waits for them.
    Job.objects.filter(state="queued").update(state="done", finished_at=portal_now())
    return call, files, session


def make_decision(call: Call, files: list[Application], by: User) -> Decision:
    """What the jury proposed, recorded by one person as confirmed by another."""
    lines = list(starting_lines(files, proposal_for(call)).values())
    return record_decision(
        call=call, body="le bureau communautaire", act_number="BU-118", act_on=day_of(portal_now()), lines=lines, by=by,
        at=portal_now(),
    )  # fmt: skip


def make_notified(*communes: str) -> tuple[Call, Decision, User]:
    """A decision that the communes know; the letters themselves are not made here."""
    call, files, _ = make_judged_call(*communes)
    manager = make_role(call, role_title="Chargée de mission santé", email="mission@exemple.fr")
    decision = make_decision(call, files, manager)
    Decision.objects.filter(pk=decision.pk).update(notified_at=portal_now(), notified_by=manager)
    return call, decision, manager


def make_signed(call: Call, decision: Decision, manager: User) -> SupportPlan:
    """The agreement of the first laureate, signed by all: the support runs."""
    line = decision.lines.filter(outcome="selected").order_by("rank")[0]
    today = day_of(portal_now())
    agreement = draw_up(call=call, lines=[line], starts_on=today, by=manager, at=portal_now())
    acts = {"act_body": "du conseil municipal", "act_number": "31", "act_on": today - timedelta(days=20)}
    for party in agreement.parties.all():
        record_act(party=party, by=manager, **acts)
    send(agreement=agreement, by=manager, at=portal_now())
    for party in agreement.parties.all():
        record_signature(party=party, signed_on=today, by=manager, at=portal_now())
    return agreement.plans.get()
