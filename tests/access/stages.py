"""A call at each moment of the procedure, played through the services."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import (
    Application,
    ApplicationMember,
    CouncilResolution,
    Decision,
    DecisionLine,
    Mandate,
)
from applications.queries.staff import OPENED, document_key, lines_of
from applications.services.decision import Line, proposal_for, record_decision
from applications.services.drafting import attach, promise, save_section, start_application
from applications.services.examination import admit, record_reading
from applications.services.mandates import give_mandate
from applications.services.notices import mark_notice_read, prepare_notices, send_notices
from applications.services.submission import submit_application
from calls.definition.load import load
from calls.definition.reading import read
from calls.definition.shifting import with_calendar
from calls.models import Call, PieceType
from calls.services.publication import publish_call
from juries.links import NO_LINK, Said
from juries.models import AgendaItem
from juries.services.assessments import save_notes, submit_assessment
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, close_ballot, open_ballot, record_reason
from juries.services.interests import declare_interests
from juries.services.seats import compose_jury, take_seat
from juries.services.sessions import close_session, create_session, open_session, sign_minutes
from portal.accounts.models import Membership, Organisation
from portal.accounts.services import claim_commune, invite
from portal.core import approvals
from portal.core.calendar import day_of, wall_clock
from portal.core.clock import at_instant, portal_now
from portal.core.models import FrozenDocument
from portal.core.uploads import store_bytes
from support.agreements.services import draw_up, record_signature, send
from support.agreements.services_parties import record_act
from support.impact.models import Measure
from support.impact.services import begin_report
from support.money.models import Award, FundingRequest, Payment
from support.money.services import ask_payment, grant_award
from support.network.models import ClubEvent, EngineeringBody, ExpertiseRequest
from support.network.services import ask as ask_expertise
from support.plan.models import (
    Consultation,
    Meeting,
    Need,
    Parcel,
    PlanAction,
    PlanDocument,
    Renewal,
    Scenario,
    SupportPlan,
    Task,
    Visit,
    Workshop,
    WorkshopPhoto,
)
from support.plan.models import (
    Mandate as RepresentativesMandate,
)
from support.plan.services import write_log
from support.plan.services_actions import save_action
from support.plan.services_exchanges import add_task, convene, post_message
from support.plan.services_mandates import ask_renewal
from tests.access.world import STAFF, Stage, Tenant, person
from tests.applications.files import pdf_upload
from tests.factories import make_member, make_role, make_user

DOCUMENT = Path(__file__).with_name("call.yaml")
MOMENTS = (
    "préparation", "ouvert", "déposé", "clos", "notation", "séance", "délibéré", "décidé", "notifié", "convention",
    "suivi",
)  # fmt: skip
# What is enough for the people of the other tenant to have something of each kind.
FEW_MOMENTS = ("préparation", "ouvert", "séance", "décidé", "suivi")
DAYS_LEFT = {"préparation": 30, "ouvert": 19, "déposé": 19}
ORDER = {moment: n for n, moment in enumerate(MOMENTS)}


def build_stages(tenant: Tenant, moments: Sequence[str] = MOMENTS) -> None:
    """One call a moment; each goes as far as it needs through the same acts."""
    settle_people(tenant)
    for moment in moments:
        tenant.stages[moment] = build(tenant, moment)
    freeze_documents(tenant)


def settle_people(tenant: Tenant) -> None:
    """What waits in the organisations: a claim, an invitation, people to be ended."""
    now, people, word = portal_now(), tenant.people, tenant.names.private
    claimant = make_user(f"candidat@{tenant.names.domain}", full_name=f"Dominique {tenant.names.people}")
    membership = claim_commune(user=claimant, commune=tenant.town.commune, at=now)
    invited = {
        key: invite(email=f"invite@{tenant.names.domain}", organisation=body, right="reader", by=people[by], at=now)
        for key, body, by in (("town", tenant.town, "SI"), ("owner", tenant.owner, "GE"))
    }
    tenant.more = {
        "claim": membership.claims.get(),
        "invited": invited,
        "town_member": Membership.objects.get(organisation=tenant.town, user=people["LC"]),
        "mandate": mandate_of_the_town(tenant),
        "owner_member": Membership.objects.get(organisation=tenant.owner, user=people["DI"]),
    }
    ClubEvent.objects.create(
        owner=tenant.owner, title=f"Visite {word}", held_at=now + timedelta(days=40), place=f"Mairie {word}",
        text=f"Programme {word}", created_by=people["GE"],
    )  # fmt: skip


def mandate_of_the_town(tenant: Tenant) -> Mandate:
    """A State service writes the files of the town; MA is its agent."""
    today, word = day_of(portal_now()), tenant.names.private
    service = Organisation.objects.create(kind="state", name=f"Service {word}")
    tenant.people["MA"] = make_member(service, "editor", user=person(tenant.names, "MA"))
    return give_mandate(
        principal=tenant.town, mandatary=service, call=None, from_on=today, until_on=today + timedelta(days=60),
        by=tenant.people["SI"], at=portal_now(),
    )  # fmt: skip


def build(tenant: Tenant, moment: str) -> Stage:
    stage = Stage(moment, make_published(tenant, moment))
    steps: list[tuple[str, Callable[[Tenant, Stage], None]]] = [
        ("préparation", staff),
        ("ouvert", write_files),
        ("déposé", deposit_files),
        ("notation", seat_jury),
        ("séance", hold_session),
        ("délibéré", close_votes),
        ("décidé", decide),
        ("notifié", notify),
        ("convention", send_agreement),
        ("suivi", enter_into_force),
    ]
    for first, step in steps:
        if ORDER[moment] >= ORDER[first]:
            step(tenant, stage)
    return stage


def staff(tenant: Tenant, stage: Stage) -> None:
    for role, name in STAFF.items():
        make_role(stage.call, name, user=tenant.people[role])
    stage.more["approval"] = approvals.ask(
        act="calls.publish", object_key=f"essai:{stage.call.slug}", title=f"Confirmer {tenant.names.private}",
        arguments={}, asked_by=tenant.people["GE"], approver=tenant.people["OF"], reason=tenant.names.private,
        at=portal_now(),
    )  # fmt: skip


def call_text(tenant: Tenant, moment: str) -> str:
    """The call as a file; what is in preparation is nobody else's business."""
    word = tenant.names.private if moment == "préparation" else tenant.names.public
    return DOCUMENT.read_text().replace("§", word).replace("200084952", tenant.names.group[0])


def make_published(tenant: Tenant, moment: str) -> Call:
    now = portal_now()
    closes_at = wall_clock((now + timedelta(days=DAYS_LEFT.get(moment, -30))).date(), time(23, 59, 59))
    n = ORDER[moment]
    document = with_calendar(
        read(call_text(tenant, moment)), closes_at=closes_at, slug=f"{tenant.names.slug}-{n}", edition=str(2030 + n)
    ).model_copy(update={"code_prefix": tenant.names.prefix})
    call = load(document, owner=tenant.owner, at=now)
    if moment != "préparation":
        publish_call(call=call, asked_by=tenant.people["GE"], by=tenant.people["DI"], at=now)
    call.refresh_from_db()
    return call


# --- the files ---------------------------------------------------------------------------------------------------


def write_files(tenant: Tenant, stage: Stage) -> None:
    """Two complete drafts, begun ten days before the limit or today."""
    with at_instant(writing_time(stage)):
        stage.file = write(tenant, stage, "PR")
        stage.rival = write(tenant, stage, "AC")
        ApplicationMember.objects.create(
            application=stage.file, call=stage.call, organisation=tenant.partner_town, role="member",
            confirmed_at=portal_now(),
        )  # fmt: skip


def writing_time(stage: Stage) -> datetime:
    return min(portal_now(), stage.call.windows.get().closes_at - timedelta(days=10))


def write(tenant: Tenant, stage: Stage, role: str) -> Application:
    """A draft by its secretary: answers, a plan, the resolution promised."""
    by, town, now = tenant.people[role], {"PR": tenant.town, "AC": tenant.rival_town}[role], portal_now()
    application = start_application(call=stage.call, organisation=town, by=by, at=now)
    for section, typed in typed_answers(tenant.names.private).items():
        save_section(application=application, section_code=section, typed=typed, version=0, by=by, at=now)
    attach(application=application, piece=piece(stage, "PLAN"), upload=upload(tenant), by=by, at=now)
    promise(
        application=application, piece=piece(stage, "DELIB"), due_on=piece(stage, "DELIB").promised_until, by=by, at=now
    )
    return application


def project_title(word: str) -> str:
    return f"La place {word}"


def typed_answers(word: str) -> dict[str, dict[str, str]]:
    return {
        "site": {"titre": project_title(word), "surface": "1 200"},
        "besoins": {"constat": f"Personne ne traverse {word}.", "reserve": f"Confidence {word}."},
    }


def piece(stage: Stage, code: str) -> PieceType:
    return stage.call.piece_types.get(code=code)


def upload(tenant: Tenant) -> SimpleUploadedFile:
    return pdf_upload(f"plan-{tenant.names.private}.pdf")


def deposit_files(tenant: Tenant, stage: Stage) -> None:
    """Both mayors deposit; at « clos », the other commune has not."""
    files = {"SI": stage.file} if stage.moment == "clos" else {"SI": stage.file, "SAC": stage.rival}
    for role, application in files.items():
        with at_instant(writing_time(stage) + timedelta(minutes=5)):
            submit_application(
                application=application, by=tenant.people[role], idempotency_key=uuid4(), undertakings=["REUNIONS"],
                web_clock_at=portal_now(),
            )  # fmt: skip


# --- the jury ----------------------------------------------------------------------------------------------------


def seat_jury(tenant: Tenant, stage: Stage) -> None:
    """Files admissible, four seats taken out of five, links declared, the other file scored, a session planned."""
    now, people = portal_now(), tenant.people
    for application in (stage.file, stage.rival):
        admit(application=application, by=people["OF"], at=now, reason=f"Examiné {tenant.names.private}")
    seats = compose_jury(call=stage.call)
    holders = {role: take_seat(seat=seats[n], user=people[role], at=now) for n, role in enumerate((*JURY, "V4"))}
    for role, holder in holders.items():
        link = Said(kind="other", nature=f"Étude en cours {tenant.names.private}") if role == "JR" else NO_LINK
        declare_interests(holder=holder, links={stage.file: link, stage.rival: NO_LINK}, at=now)
    stage.more |= {"seats": seats, "holders": holders}
    score(stage, "V4", stage.file, 4, tenant)
    for role in JURY:
        score(stage, role, stage.rival, 2, tenant)
    stage.more["session"] = create_session(
        call=stage.call, held_on=day_of(now), place=f"Salle {tenant.names.private}",
        secretary_title=f"Le service {tenant.names.private}", at=now,
    )  # fmt: skip


JURY = ("PJ", "JU", "JR")


def score(stage: Stage, role: str, application: Application, note: int, tenant: Tenant) -> None:
    holder, now = stage.holders[role], portal_now()
    notes = {"C1": Decimal(note), "C2": Decimal(note)}
    comment = f"Remarque {tenant.names.private}"
    save_notes(holder=holder, application=application, notes=notes, comment=comment, at=now)
    submit_assessment(holder=holder, application=application, at=now)


def hold_session(tenant: Tenant, stage: Stage) -> None:
    """Everyone is here, the ballot of the file is open, two have voted."""
    now, session = portal_now(), stage.session
    for role in (*JURY, "V4"):
        record_attendance(session=session, seat=stage.holders[role].seat, presence="present", at=now)
    open_session(session=session, by=tenant.people["PJ"], at=now)
    session.refresh_from_db()
    stage.more |= {
        "item": AgendaItem.objects.get(session=session, application=stage.file),
        "rival_item": AgendaItem.objects.get(session=session, application=stage.rival),
    }
    open_ballot(item=stage.item, by=tenant.people["PJ"])
    cast_vote(item=stage.item, holder=stage.holders["V4"], choice="for")


def end_votes(tenant: Tenant, stage: Stage) -> None:
    """Both files are voted and have their reason."""
    president = tenant.people["PJ"]
    cast_vote(item=stage.item, holder=stage.holders["PJ"], choice="for")
    close_ballot(item=stage.item, by=president)
    open_ballot(item=stage.rival_item, by=president)
    for role in JURY:
        cast_vote(item=stage.rival_item, holder=stage.holders[role], choice="for")
    close_ballot(item=stage.rival_item, by=president)
    for item in (stage.item, stage.rival_item):
        record_reason(item=item, reason=f"Réponse précise {tenant.names.private}.")


def close_votes(tenant: Tenant, stage: Stage) -> None:
    end_votes(tenant, stage)
    stage.session.refresh_from_db()
    close_session(session=stage.session, by=tenant.people["PJ"], at=portal_now())
    freeze_documents(tenant)


# --- the decision ------------------------------------------------------------------------------------------------


def decide(tenant: Tenant, stage: Stage) -> None:
    """Minutes signed, decision recorded, letters ready and read, nothing sent."""
    now, people = portal_now(), tenant.people
    sign_minutes(session=stage.session, by=people["PJ"], at=now)
    lines = list(proposal_for(stage.call).values())
    decision = record_decision(
        call=stage.call, body="le bureau communautaire", act_number=f"BU-{tenant.names.public}",
        act_on=day_of(now - timedelta(days=1)), lines=[reasoned(line, tenant) for line in lines], by=people["GE"],
        at=now,
    )  # fmt: skip
    prepare_notices(decision=decision, by=people["GE"], at=now)
    freeze_documents(tenant)
    for line in lines_of(decision):
        record_reading(user=people["GE"], what=OPENED, object_key=document_key(line.notice), at=now)
        mark_notice_read(notice=line.notice, by=people["GE"], at=now)
    stage.more |= {"decision": decision, "line": line_about(decision, stage.file)}
    stage.more["rival_line"] = line_about(decision, stage.rival)


def reasoned(line: Line, tenant: Tenant) -> Line:
    return Line(line.application, line.outcome, f"Motif {tenant.names.private}.", line.rank, line.score)


def line_about(decision: Decision, application: Any) -> DecisionLine:
    return decision.lines.get(application=application)


def notify(tenant: Tenant, stage: Stage) -> None:
    """Letters sent; an agreement is being drawn up for the file, none yet for the other one."""
    now, by = portal_now(), tenant.people["GE"]
    send_notices(decision=stage.decision, by=by, at=now)
    for town in (tenant.town, tenant.partner_town):
        CouncilResolution.objects.create(
            application=stage.file, organisation=town, number=f"D-{tenant.names.private}",
            adopted_on=day_of(now - timedelta(days=9)),
        )  # fmt: skip
    stage.more["agreement"] = draw_up(
        call=stage.call, lines=[stage.line], starts_on=day_of(now), sign_by=day_of(now - timedelta(days=1)), by=by,
        at=now,
    )  # fmt: skip
    plan = store_bytes(
        f"%PDF-1.7 {tenant.names.private}".encode(),
        name="perimetre.pdf",
        detected_type="application/pdf",
        by=by,
        at=now,
    )
    stage.agreement.annexes.create(title=f"Périmètre {tenant.names.private}", file=plan, added_at=now, added_by=by)


def send_agreement(tenant: Tenant, stage: Stage) -> None:
    now, by = portal_now(), tenant.people["GE"]
    for party in stage.agreement.parties.filter(act_number=""):
        record_act(
            party=party, act_body="du bureau", act_number="1", act_on=day_of(now - timedelta(days=9)),
            representative_title="Le Maire",
            by=by,
        )  # fmt: skip
    send(agreement=stage.agreement, by=by, at=now)


def enter_into_force(tenant: Tenant, stage: Stage) -> None:
    """Signed by all; the support is under way, with its logbook, its money and its figures."""
    now, people, word = portal_now(), tenant.people, tenant.names.private
    for party in stage.agreement.parties.all():
        record_signature(party=party, signed_on=day_of(now), by=people["GE"], at=now)
    plan = stage.agreement.plans.get(application=stage.file)
    for visibility in ("shared", "internal"):
        write_log(
            plan=plan, kind="visit", happened_on=day_of(now), title=f"Visite {visibility} {word}", text=f"Notes {word}",
            visibility=visibility, days=Decimal("0.5"), by=people["RA"], at=now,
        )  # fmt: skip
    request = FundingRequest.objects.create(
        plan=plan, funder=f"Financeur {word}", scheme=f"Dispositif {word}", base=Decimal(1000), amount=Decimal(100),
        status_on=day_of(now), recorded_by=people["RA"],
    )  # fmt: skip
    Measure.objects.create(
        plan=plan, indicator=stage.call.indicators.get(), value=Decimal(12), source=f"Comptage {word}",
        measured_on=day_of(now - timedelta(days=3)), recorded_by=people["RA"],
    )  # fmt: skip
    award = Award(
        plan=plan, of_call=True, funder=f"Organisateur {word}", scheme=f"Aide {word}", act_number=f"BU-{word}",
        granted_on=day_of(now), amount=Decimal(400), rate=Decimal(40), eligible=Decimal(1000),
    )  # fmt: skip
    grant_award(award=award, by=people["GE"], at=now)
    asked = Payment(kind="interim", spent=Decimal(500), amount=None, note=f"Note {word}")
    ask_payment(award=award, payment=asked, proofs={}, by=people["PR"], at=now)
    report = begin_report(plan=plan, by=people["RA"], at=now)
    action = save_action(PlanAction(title=f"Action {word}", description=f"Fiche {word}"), plan=plan)
    stage.more |= {
        "plan": plan,
        "request": request,
        "phase": plan.phases.first(),
        "action": action,
        "report": report,
        "award": award,
    }
    stage.more |= fill_rooms(plan, people, word, now)


def fill_rooms(plan: SupportPlan, people: dict[str, Any], word: str, now: datetime) -> dict[str, Any]:
    """One row in each table of the plan; two documents, one of which is internal."""
    told = {"plan": plan, "recorded_by": people["RA"]}
    made: dict[str, Any] = {}
    for visibility in ("shared", "internal"):
        file = store_bytes(
            f"%PDF-1.7 {word} {visibility}".encode(),
            name=f"{word}.pdf",
            detected_type="application/pdf",
            by=None,
            at=now,
        )
        made[f"document_{visibility}"] = PlanDocument.objects.create(
            **told, title=f"Document {visibility} {word}", visibility=visibility, file=file, added_at=now
        )
    agenda = {"place": f"Salle {word}", "chair": f"Présidence {word}", "agenda": f"Point {word}"}
    meeting = Meeting(
        call=plan.application.call, plan=plan, kind="technical", held_at=now + timedelta(days=9), **agenda
    )
    made["meeting"] = convene(meeting=meeting, by=people["RA"], at=now)
    task = Task(text=f"Tâche {word}", side="commune", due_on=day_of(now))
    add_task(meeting=meeting, task=task)
    made["task"], made["place"] = task, meeting.attendees.get(organisation=plan.application.lead)
    made["visit"] = Visit.objects.create(
        plan=plan, planned_on=day_of(now), purpose=f"Objet {word}", planned_by=people["RA"]
    )
    post_message(plan=plan, text=f"Message {word}", by=people["RA"], from_commune=False, at=now)
    themes = [f"Thème {word}", f"Autre {word}"]
    for n in (1, 2):
        made[f"body{n}"] = EngineeringBody.objects.create(
            owner=plan.application.call.owner,
            name=f"Organisme {n} {word}",
            themes=themes,
            email=f"o{n}@{word}.fr".lower(),
        )
    asked = {"theme": themes[0], "subject": f"Objet {word}", "question": f"Question {word}", "due_on": day_of(now)}
    made["expertise"] = ask_expertise(request=ExpertiseRequest(plan=plan, **asked), by=people["RA"], at=now)
    by = {"recorded_by": people["RA"]}
    made["workshop"] = Workshop.objects.create(
        plan=plan, title=f"Atelier {word}", held_on=day_of(now), place=f"Préau {word}", objective=f"Voir {word}", **by
    )
    made["need"] = Need.objects.create(workshop=made["workshop"], text=f"Besoin {word}", college="inhabitants")
    made["photo"] = WorkshopPhoto.objects.create(
        workshop=made["workshop"], file=file, caption=f"Légende {word}", consent=True, added_by=people["RA"]
    )
    made["scenario"] = Scenario.objects.create(
        plan=plan, code="A", title=f"Scénario {word}", description=f"Description {word}", **by
    )
    renewal = Renewal(reason=f"Élections {word}", due_on=day_of(now + timedelta(days=20)))
    ask_renewal(call=plan.application.call, renewal=renewal, by=people["GE"], at=now)
    made["mandate"] = RepresentativesMandate.objects.get(renewal=renewal, plan=plan)
    made["consultation"] = Consultation.objects.create(
        **told, title=f"Étude {word}", provider_name=f"Bureau {word}", deliverable=f"Rapport {word}"
    )
    made["parcel"] = Parcel.objects.create(**told, reference="AB 1", area=12, owner=f"Famille {word}", control="none")
    return made


# --- documents ---------------------------------------------------------------------------------------------------


def freeze_documents(tenant: Tenant) -> None:
    """Every document that waits gets bytes that name its tenant (rendering has its own tests)."""
    now = portal_now()
    for document in FrozenDocument.objects.filter(state="pending"):
        word = tenant.names.public if document.kind in PUBLIC_KINDS else tenant.names.private
        file = store_bytes(
            f"%PDF-1.7 {word} {document.number}".encode(), name=f"{document.number}.pdf",
            detected_type="application/pdf", by=None, at=now,
        )  # fmt: skip
        FrozenDocument.objects.filter(pk=document.pk).update(
            file=file, sha256=file.sha256, state="ready", rendered_at=now
        )


PUBLIC_KINDS = frozenset({"rules", "questions"})
