"""Right requests for the examination, the jury, the decision, the agreement and the support."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from applications.models import Application, Decision, DecisionNotice
from applications.queries.staff import OPENED, document_key, lines_of
from applications.services.decision import proposal_for
from applications.services.examination import record_reading
from calls.models import JuryRules
from juries.documents.papers import PAPERS, request_paper
from juries.models import AgendaItem, Assignment, Hearing, InterestDeclaration, JurySession, Seat, SimulationVariant
from juries.services.assessments import (
    save_notes,
    save_technical_notes,
    submit_assessment,
    submit_technical,
)
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, close_ballot
from juries.services.papers import issue_erratum
from juries.services.proxies import give_proxy
from juries.services.sessions import suspend_session
from portal.accounts.models import Organisation
from portal.core.calendar import day_of, wall_clock
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument
from support.agreements.models import Agreement, SignedCopy
from tests.access.scene import Ask, Scene, ask
from tests.access.stages import JURY, end_votes, freeze_documents
from tests.applications.files import pdf_upload
from tests.factories import make_user
from tests.harness.sql import unkept

NOTES = {"note_C1": "3", "note_C2": "3", "comment": "Bien.", "act": "save"}


# --- examination and decision ------------------------------------------------------------------------------------


@ask("staff_admission", "staff_rejection")
def staff_verdict(scene: Scene) -> Ask:
    code, words = scene.stage.call.reason_codes.get().pk, "Le chantier date de mai."
    return Ask(scene.file, {"non-recevable-code": code, "non-recevable-text": words, "recevable-text": words})


@ask("staff_check")
def staff_check(scene: Scene) -> Ask:
    return Ask({**scene.file, "code": "R2"}, {"act": "oui", "reason": "Marché et collège."})


@ask("staff_derogation")
def staff_derogation(scene: Scene) -> Ask:
    return Ask({**scene.file, "code": "R3"}, {"act": "accorder", "reason": "Seule commune du canton."})


@ask("staff_intent_keep", "staff_intent_dismiss")
def staff_intent(scene: Scene) -> Ask:
    """What was deposited is a letter of intent."""
    file = scene.stage.file
    if Application.objects.filter(pk=file.pk, state="submitted").update(stage="intent"):
        file.members.update(stage="intent")
    return Ask(scene.file, {"intention-reason": "Le site est hors zone."})


@ask("staff_reversal")
def staff_reversal(scene: Scene) -> Ask:
    return Ask(scene.file, {"reason": "Une pièce est arrivée."})


@ask("technical_assessment", "technical_notes")
def technical(scene: Scene) -> Ask:
    return Ask(scene.file, NOTES)


@ask("technical_reopen")
def technical_reopen(scene: Scene) -> Ask:
    """The opinion was submitted; once the session is open, none can be."""
    stage, officer, now = scene.stage, scene.tenant.people["OF"], portal_now()
    if not scene.before("séance"):
        notes = {"C1": Decimal(3), "C2": Decimal(3)}
        save_technical_notes(application=stage.file, by=officer, notes=notes, comment="", at=now)
        submit_technical(application=stage.file, by=officer, at=now)
    return Ask(scene.file)


@ask("decision")
def decision(scene: Scene) -> Ask:
    """The act, then each file as the jury proposes it."""
    act = {
        "body": "le bureau communautaire", "act_kind": "délibération", "act_number": "BU-1", "act_on": scene.today,
        "approver": scene.tenant.people["DI"].pk, "message": "À confirmer.",
    }  # fmt: skip
    for line in proposal_for(scene.stage.call).values():
        prefix = f"file-{line.application.pk}-"
        act |= {prefix + "outcome": line.outcome, prefix + "rank": line.rank or "", prefix + "reason": "Projet juste."}
    return Ask(scene.call, act)


@ask("staff_letters", "staff_letters_send")
def letters(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.decision.uuid})


@ask("letter_texts")
def letter_texts(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("letter_text")
def letter_text(scene: Scene) -> Ask:
    return Ask({**scene.call, "outcome": "selected"}, {"body": "Bravo, {commune}."})


@ask("staff_letters_rewrite", "staff_letters_bundle")
def letters_whole(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.decision.uuid})


@ask("staff_letters_embargo")
def letters_embargo(scene: Scene) -> Ask:
    """A decision whose letters are not prepared yet, before; then one that is told."""
    decision = scene.stage.decision
    if scene.before("décidé"):
        decision = Decision.objects.create(
            call=decision.call, body="le bureau", act_number="B-2", act_on=decision.act_on, recorded_at=portal_now(),
            recorded_by=decision.recorded_by,
        )  # fmt: skip
    return Ask({"uuid": decision.uuid}, {"on": (day_of(portal_now()) + timedelta(days=3)).isoformat()})


@ask("staff_letters_bundle_file")
def letters_bundle_file(scene: Scene) -> Ask:
    decision = scene.stage.decision
    file = decision.lines.first().notice.document.file
    bundle = decision.bundles.create(file=file, letters=2, asked_at=portal_now(), asked_by=decision.recorded_by)
    return Ask({"uuid": decision.uuid, "pk": bundle.pk})


@ask("laureate_list", "document_register", "document_check")
def laureate_list(scene: Scene) -> Ask:
    return Ask(scene.call)


ACT_TOLD = {"act_kind": "délibération", "act_number": "B-9", "reason": "Courrier reçu."}


@ask("laureate_leave")
def laureate_leave(scene: Scene) -> Ask:
    data = {**ACT_TOLD, "line": scene.stage.line.pk, "outcome": "withdrawn", "act_on": scene.today}
    return Ask(scene.call, data)


@ask("laureate_promote")
def laureate_promote(scene: Scene) -> Ask:
    """The other file waits; the place is free."""
    scene.stage.decision.lines.filter(pk=scene.stage.line.pk).update(outcome="withdrawn")
    rival = scene.stage.more["rival_line"]
    scene.stage.decision.lines.filter(pk=rival.pk).update(outcome="reserve", rank=2)
    return Ask(scene.call, {**ACT_TOLD, "line": rival.pk, "body": "le bureau", "act_on": scene.today})


@ask("group_leave")
def group_leave(scene: Scene) -> Ask:
    member = scene.stage.file.members.filter(role="member").first()
    return Ask(scene.call, {"member": member.pk, "left_on": scene.today, "told": "Délibération du 3 juin."})


@ask("group_settle")
def group_settle(scene: Scene) -> Ask:
    departure = scene.stage.file.departures.create(
        organisation=scene.tenant.partner_town, left_on=day_of(portal_now()), told="Délibération.",
        recorded_at=portal_now(), recorded_by=scene.stage.decision.recorded_by,
    )  # fmt: skip
    return Ask({**scene.call, "pk": departure.pk}, {"kept": "oui", "reason": "Le projet reste possible."})


@ask("staff_letters_prepare")
def letters_prepare(scene: Scene) -> Ask:
    """One letter could not be made: it is asked again."""
    notice = DecisionNotice.objects.get(line=scene.stage.line)
    with unkept():
        FrozenDocument.objects.filter(pk=notice.document_id).update(state="failed")
    return Ask({"uuid": scene.stage.decision.uuid})


@ask("staff_letter", "staff_letter_pdf")
def letter(scene: Scene) -> Ask:
    return Ask({"number": DecisionNotice.objects.get(line=scene.stage.line).number})


@ask("staff_letter_read")
def letter_read(scene: Scene) -> Ask:
    """Opened by who asks, not yet declared read."""
    notice = DecisionNotice.objects.get(line=scene.stage.line)
    DecisionNotice.objects.filter(pk=notice.pk).update(read_at=None, read_by=None)
    if scene.user:
        record_reading(user=scene.user, what=OPENED, object_key=document_key(notice), at=portal_now())
    return Ask({"number": notice.number})


# --- jury --------------------------------------------------------------------------------------------------------


@ask("jury_invite")
def jury_invite(scene: Scene) -> Ask:
    return Ask({**scene.call, "pk": scene.stage.seats[4].pk}, {"email": "membre@exemple.fr"})


def readers(scene: Scene) -> None:
    """One member notes each file."""
    call = scene.stage.call
    extras = {**call.extras, "jury": {**(call.extras.get("jury") or {}), "readers": 1}}
    type(call).objects.filter(pk=call.pk).update(extras=extras)


@ask("jury_progress")
def jury_progress(scene: Scene) -> Ask:
    return Ask(scene.call)


@ask("jury_spread")
def jury_spread(scene: Scene) -> Ask:
    readers(scene)
    return Ask(scene.call)


@ask("jury_entrust")
def jury_entrust(scene: Scene) -> Ask:
    readers(scene)
    return Ask(scene.call, {"seat": scene.stage.holders["V4"].seat_id, "numbers": scene.stage.rival.number})


@ask("jury_entrust_place")
def jury_entrust_place(scene: Scene) -> Ask:
    readers(scene)
    place = f"department:{scene.stage.rival.lead.commune.department_id}"
    return Ask(scene.call, {"seat": scene.stage.holders["V4"].seat_id, "place": place})


@ask("jury_withdraw")
def jury_withdraw(scene: Scene) -> Ask:
    """A file entrusted to a member who has not validated notes on it."""
    given = Assignment.objects.create(
        seat=scene.stage.holders["V4"].seat, application=scene.stage.rival, mode="hand", assigned_at=portal_now(),
        by=scene.tenant.people["GE"],
    )  # fmt: skip
    return Ask({**scene.call, "pk": given.pk})


@ask("jury_simulation")
def jury_simulation(scene: Scene) -> Ask:
    return Ask(scene.call, {"places": "1", "name": "Une place", "act": "keep"})


@ask("jury_simulation_drop")
def jury_simulation_drop(scene: Scene) -> Ask:
    variant = SimulationVariant.objects.create(
        call=scene.stage.call, name="Deux places", created_at=portal_now(), by=scene.tenant.people["GE"]
    )
    return Ask({**scene.call, "pk": variant.pk})


@ask("jury_practice")
def jury_practice(scene: Scene) -> Ask:
    """What one tries is kept nowhere."""
    return Ask(scene.call, {"note_C1": "3"}, writes=False)


@ask("jury_draw")
def jury_draw(scene: Scene) -> Ask:
    """A free seat that the call says to be drawn."""
    Seat.objects.filter(pk=scene.stage.seats[4].pk).update(drawn=True)
    return Ask({**scene.call, "pk": scene.stage.seats[4].pk})


@ask("jury_end")
def jury_end(scene: Scene) -> Ask:
    return Ask({**scene.call, "pk": scene.stage.holders["V4"].pk})


@ask("jury_convene")
def jury_convene(scene: Scene) -> Ask:
    return Ask({**scene.call, **scene.session})


@ask("jury_session_new")
def jury_session_new(scene: Scene) -> Ask:
    return Ask(scene.call, {"held_on": scene.today, "place": "Salle du conseil", "secretary_title": ""})


@ask("jury_declare")
def jury_declare(scene: Scene) -> Ask:
    """Nothing was said yet of the other file."""
    InterestDeclaration.objects.filter(application=scene.stage.rival).delete()
    return Ask(scene.call, {f"lien_{scene.stage.rival.pk}": "aucun"})


@ask("jury_file", "jury_notes")
def jury_file(scene: Scene) -> Ask:
    return Ask(scene.file, NOTES)


@ask("jury_reopen")
def jury_reopen(scene: Scene) -> Ask:
    """Notes were submitted before the session."""
    if scene.holder and scene.role != "JR" and scene.before("notation"):
        given = {"C1": Decimal(3), "C2": Decimal(3)}
        save_notes(holder=scene.holder, application=scene.stage.file, notes=given, comment="", at=portal_now())
        submit_assessment(holder=scene.holder, application=scene.stage.file, at=portal_now())
    return Ask(scene.file)


@ask("jury_recuse")
def jury_recuse(scene: Scene) -> Ask:
    return Ask(scene.file, {"kind": "provider", "nature": "Étude en cours pour la commune"})


@ask(
    "jury_session",
    "jury_session_state",
    "jury_calendar",
    "jury_display",
    "jury_ranking",
    "jury_ranking_export",
    "minutes",
    "minutes_file",
    "minutes_sign",
)
def session_only(scene: Scene) -> Ask:
    return Ask(scene.session)


@ask("jury_attendance")
def attendance(scene: Scene) -> Ask:
    sits = {"PJ": "present", "JU": "present", "JR": "present", "V4": "excused"}
    rows = {f"siege_{scene.stage.holders[role].seat_id}": here for role, here in sits.items()}
    return Ask(scene.session, {**rows, f"siege_{scene.stage.seats[4].pk}": "absent"})


@ask("jury_open")
def jury_open(scene: Scene) -> Ask:
    """The quorum is here."""
    if scene.before("notation"):
        for role in JURY:
            seat = scene.stage.holders[role].seat
            record_attendance(session=scene.stage.session, seat=seat, presence="present", at=portal_now())
    return Ask(scene.session)


def item_of(scene: Scene, which: str) -> dict[str, Any]:
    """A file of the agenda; while the session is only planned, its line is made with the session."""
    application = scene.stage.file if which == "file" else scene.stage.rival
    return {**scene.session, "item_uuid": scene.stage.session.items.get(application=application).uuid}


@ask("jury_ballot_open")
def ballot_open(scene: Scene) -> Ask:
    """The ballot of the file is closed: the other one may open."""
    if scene.before("séance"):
        close_ballot(item=scene.stage.item, by=scene.tenant.people["PJ"])
    return Ask(item_of(scene, "rival"))


@ask("jury_ballot_close", "jury_reason")
def ballot_close(scene: Scene) -> Ask:
    return Ask(item_of(scene, "file"), {"reason": "Réponse précise."})


@ask("jury_calculation")
def calculation(scene: Scene) -> Ask:
    return Ask(item_of(scene, "file"))


@ask("jury_settle")
def settle(scene: Scene) -> Ask:
    """Not enough members are left for this file."""
    if scene.before("séance"):
        close_ballot(item=scene.stage.item, by=scene.tenant.people["PJ"])
        for role in ("JU", "JR", "V4"):
            seat = scene.stage.holders[role].seat
            record_attendance(session=scene.stage.session, seat=seat, presence="left", at=portal_now())
    return Ask(item_of(scene, "rival"))


@ask("jury_second_ballot", "jury_settle_tie")
def tie(scene: Scene) -> Ask:
    """The ballot of the file closed on an even vote."""
    if scene.before("séance"):
        close_ballot(item=scene.stage.item, by=scene.tenant.people["PJ"])
        even = {"result": "tied", "votes_for": 1, "votes_against": 1, "abstentions": 0}
        AgendaItem.objects.filter(pk=scene.stage.item.pk).update(**even)
    return Ask(item_of(scene, "file"), {"outcome": "joint_decision:for", "reason": "Accord des deux coprésidences."})


@ask("jury_agenda", "jury_invite_communes")
def agenda(scene: Scene) -> Ask:
    """The second file comes first, the first one is heard; a slot waits to be told."""
    session = scene.stage.session
    items = list(session.items.order_by("position"))
    if scene.before("notation") and scene.method == "POST":
        Hearing.objects.create(item=items[-1], starts_at=wall_clock(session.held_on, time(15)), minutes=20)
    ranks = {f"rang_{item.pk}": len(items) - n for n, item in enumerate(items)}
    hours = {f"heure_{item.pk}": "" for item in items[1:]}
    return Ask(scene.session, {**ranks, **hours, f"heure_{items[0].pk}": "09:30"})


@ask("jury_hearing_reply", "jury_hearing_calendar")
def hearing_reply(scene: Scene) -> Ask:
    """The commune was told of its slot."""
    item, now = scene.stage.session.items.get(application=scene.stage.file), portal_now()
    Hearing.objects.create(item=item, starts_at=now + timedelta(days=1), minutes=20, invited_at=now)
    return Ask(scene.file, {"comes": "oui"})


@ask("jury_proxies")
def proxies(scene: Scene) -> Ask:
    giver, bearer = (scene.stage.holders[role].seat_id for role in ("V4", "JU"))
    return Ask(scene.session, {"giver": giver, "bearer": bearer, "reference": "Courriel du 2 mai"})


@ask("jury_proxy_withdraw")
def proxy_withdraw(scene: Scene) -> Ask:
    giver, bearer = (scene.stage.holders[role].seat for role in ("V4", "JU"))
    proxy = give_proxy(
        session=scene.stage.session, giver=giver, bearer=bearer, reference="Courriel", by=scene.tenant.people["GE"],
        at=portal_now(),
    )  # fmt: skip
    return Ask({**scene.session, "pk": proxy.pk})


@ask("jury_hearing_start", "jury_discussion")
def hearing_start(scene: Scene) -> Ask:
    item = item_of(scene, "rival")
    rival = scene.stage.session.items.get(application=scene.stage.rival)
    Hearing.objects.get_or_create(item=rival, defaults={"starts_at": portal_now(), "minutes": 20})
    return Ask(item, {"text": "Le calendrier est discuté."})


@ask("jury_hearing_end")
def hearing_end(scene: Scene) -> Ask:
    rival, now = scene.stage.session.items.get(application=scene.stage.rival), portal_now()
    Hearing.objects.create(item=rival, starts_at=now, minutes=20, started_at=now)
    return Ask(item_of(scene, "rival"))


@ask("jury_papers", "minutes_draft")
def session_papers(scene: Scene) -> Ask:
    return Ask(scene.session)


@ask("jury_paper_ask:sheet", "jury_paper_file:sheet")
def attendance_paper(scene: Scene) -> Ask:
    if scene.method == "GET":
        ready_paper(scene, "FE")
    return Ask({**scene.session, "code": "FE"})


@ask("jury_paper_ask", "jury_paper_file")
def annex_paper(scene: Scene) -> Ask:
    if scene.method == "GET":
        ready_paper(scene, "VN")
    return Ask({**scene.session, "code": "VN"})


def ready_paper(scene: Scene, code: str) -> None:
    request_paper(scene.stage.session, PAPERS[code], at=portal_now())
    freeze_documents(scene.tenant)


@ask("minutes_erratum")
def erratum(scene: Scene) -> Ask:
    return Ask(scene.session, {"text": "Lire « 6 voix » au lieu de « 5 voix »."})


@ask("minutes_erratum_file")
def erratum_file(scene: Scene) -> Ask:
    issue_erratum(session=scene.stage.session, by=scene.tenant.people["PJ"], text="Lire 6 voix.", at=portal_now())
    freeze_documents(scene.tenant)
    return Ask({**scene.session, "n": 1})


@ask("jury_schedule")
def schedule(scene: Scene) -> Ask:
    """A written consultation, whose second file waits."""
    JurySession.objects.filter(pk=scene.stage.session.pk).update(by_writing=True)
    tomorrow = portal_now() + timedelta(days=1)
    return Ask(scene.session, {"opens_at": scene.today, "closes_at": f"{tomorrow:%Y-%m-%dT%H:%M}"})


@ask("jury_suspend")
def suspend(scene: Scene) -> Ask:
    """No ballot is open."""
    if scene.before("séance"):
        close_ballot(item=scene.stage.item, by=scene.tenant.people["PJ"])
    return Ask(scene.session)


@ask("jury_resume")
def resume(scene: Scene) -> Ask:
    if scene.before("séance"):
        president = scene.tenant.people["PJ"]
        close_ballot(item=scene.stage.item, by=president)
        suspend_session(session=scene.stage.session, by=president, at=portal_now())
    return Ask(scene.session)


@ask("jury_defer")
def defer(scene: Scene) -> Ask:
    return Ask(item_of(scene, "rival"), {"reason": "Le plan manque.", "requests": "Un plan coté."})


@ask("jury_hands")
def hands(scene: Scene) -> Ask:
    return Ask(item_of(scene, "file"), {f"siege_{scene.stage.holders['JU'].seat_id}": "for"})


@ask("jury_opinion")
def opinion(scene: Scene) -> Ask:
    """A committee that does not vote."""
    if scene.before("séance"):
        with unkept():
            JuryRules.objects.filter(call=scene.stage.call).update(ballot="none")
    return Ask(item_of(scene, "rival"), {"outcome": "for", "reason": "Projet utile."})


@ask("jury_depart")
def departure(scene: Scene) -> Ask:
    """Everything is voted: the ranking stands."""
    if scene.before("séance") and scene.method == "POST":
        end_votes(scene.tenant, scene.stage)
    return Ask(item_of(scene, "file"), {"kind": "rang", "place": "2", "reason": "Équilibre du territoire."})


@ask("jury_vote")
def vote(scene: Scene) -> Ask:
    return Ask(scene.session, {"choice": "for"})


@ask("jury_vote:again")
def vote_again(scene: Scene) -> Ask:
    if scene.holder and scene.role != "JR":
        cast_vote(item=scene.stage.item, holder=scene.holder, choice="against")
    return Ask(scene.session, {"choice": "for"})


@ask("jury_pronounce")
def pronounce(scene: Scene) -> Ask:
    seat = scene.stage.holders["V4"].seat
    return Ask(item_of(scene, "rival"), {"seat": seat.pk, "reason": "Étude en cours pour la commune"})


@ask("jury_interests")
def jury_interests(scene: Scene) -> Ask:
    seat = scene.stage.holders["V4"].seat
    return Ask(scene.call, {"seat": seat.pk, "number": scene.stage.rival.number, "reason": "Étude en cours"})


@ask("jury_close")
def close_session(scene: Scene) -> Ask:
    """Everything is voted."""
    if scene.before("séance") and scene.method == "POST":
        end_votes(scene.tenant, scene.stage)
        scene.stage.session.refresh_from_db()
    return Ask(scene.session)


# --- agreement and support ---------------------------------------------------------------------------------------


@ask("agreements")
def agreements(scene: Scene) -> Ask:
    line = scene.stage.more.get("rival_line") or lines_of(scene.stage.decision).last()
    return Ask(scene.call, {"lines": [line.pk], "starts_on": scene.today})


@ask("agreement", "agreement:drafting", "agreement_text", "agreement_text:drafting", "agreement_pdf", "agreement_send")
def agreement(scene: Scene) -> Ask:
    if scene.method == "POST":
        scene.stage.agreement.parties.filter(act_number="").update(act_number="1", act_on=scene.today)
    return Ask({"uuid": scene.stage.agreement.uuid})


@ask("party_new")
def party_new(scene: Scene) -> Ask:
    body = Organisation.objects.create(kind="region", name=f"Région {scene.tenant.names.private}")
    data = {"organisation": body.name, "side": "partner", "representative_title": "Le Président"}
    return Ask({"uuid": scene.stage.agreement.uuid}, data)


@ask("party_move", "party_remove")
def party_last(scene: Scene) -> Ask:
    party = scene.stage.agreement.parties.last()
    return Ask({"uuid": scene.stage.agreement.uuid, "pk": party.pk}, {"sens": "haut"})


@ask("agreement_settings")
def agreement_settings(scene: Scene) -> Ask:
    dates = {"starts_on": scene.today, "months": "12", "heading": "Convention", "title": "Autre objet"}
    return Ask({"uuid": scene.stage.agreement.uuid}, {**dates, "form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})


@ask("annex_new")
def annex_new(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.agreement.uuid}, {"title": "Périmètre", "file": pdf_upload()})


@ask("annex_file", "annex_remove")
def annex(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.agreement.uuid, "pk": scene.stage.agreement.annexes.get().pk})


@ask("agreement_visa")
def agreement_visa(scene: Scene) -> Ask:
    """Somebody else has drawn it up."""
    if scene.before("notifié"):
        Agreement.objects.filter(pk=scene.stage.agreement.pk).update(created_by=make_user())
    return Ask({"uuid": scene.stage.agreement.uuid}, {"verdict": "given"})


@ask("agreement_event")
def agreement_event(scene: Scene) -> Ask:
    parties = [party.pk for party in scene.stage.agreement.parties.all()]
    return Ask({"uuid": scene.stage.agreement.uuid}, {"held_on": scene.today, "place": "Mairie", "parties": parties})


@ask("amendment_new")
def amendment_new(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.agreement.uuid}, {"change": "duration", "months": "40"})


@ask("framework_new")
def framework_new(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.agreement.uuid}, {"starts_on": scene.today})


@ask("linked_new")
def linked_new(scene: Scene) -> Ask:
    data = {"lines": [scene.stage.line.pk], "title": "Sécurité", "starts_on": scene.today, "months": "12"}
    return Ask(scene.call, data)


@ask("agreement_end")
def agreement_end(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.agreement.uuid}, {"reason": "D’un commun accord.", "ended_on": scene.today})


@ask("copy_new")
def copy_new(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.agreement.uuid}, {"file": pdf_upload()})


@ask("copy_file")
def copy_file(scene: Scene) -> Ask:
    agreement = scene.stage.agreement
    copy = SignedCopy.objects.create(
        agreement=agreement, file=agreement.annexes.get().file, added_at=portal_now(), added_by=agreement.created_by
    )
    return Ask({"uuid": agreement.uuid, "pk": copy.pk})


@ask("party_act")
def party_act(scene: Scene) -> Ask:
    party = scene.stage.agreement.parties.get(side="owner")
    data = {"representative_title": "Le Président", "act_kind": "délibération", "act_body": "du bureau"}
    data |= {"act_number": "2", "act_on": "2026-01-05"}
    return Ask({"uuid": scene.stage.agreement.uuid, "pk": party.pk}, data)


@ask("party_sign")
def party_sign(scene: Scene) -> Ask:
    party = scene.stage.agreement.parties.get(side="owner")
    return Ask({"uuid": scene.stage.agreement.uuid, "pk": party.pk}, {"signed_on": scene.today})


@ask("support_plan")
def support_plan(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid})


@ask("log_new")
def log_new(scene: Scene) -> Ask:
    told = {"kind": "visit", "title": "Repérage", "text": "", "visibility": "shared", "days": "0,5"}
    return Ask({"uuid": scene.stage.plan.uuid}, {**told, "happened_on": scene.today})


@ask("phase_done")
def phase_done(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid, "pk": scene.stage.phase.pk}, {"done_on": scene.today})


@ask("plan_adviser")
def plan_adviser(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid}, {"adviser": scene.tenant.people["RA"].pk})


@ask("funding_new")
def funding_new(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid}, funding(scene))


@ask("funding_edit")
def funding_edit(scene: Scene) -> Ask:
    return Ask({"uuid": scene.stage.plan.uuid, "pk": scene.stage.request.pk}, funding(scene))


def funding(scene: Scene) -> dict[str, str]:
    money = {"base": "1 000", "amount": "500", "status": "asked", "status_on": scene.today}
    return {"funder": "Région", "scheme": "Fonds vert", **money}


@ask("measure_new")
def measure_new(scene: Scene) -> Ask:
    indicator = scene.stage.call.indicators.get()
    told = {"indicator": indicator.pk, "value": "12", "measured_on": scene.today, "source": "Comptage"}
    return Ask({"uuid": scene.stage.plan.uuid}, told)


@ask("club", "club_event_new")
def club(scene: Scene) -> Ask:
    held_at = portal_now() + timedelta(days=30)
    told = {"title": "Visite", "held_at": f"{held_at:%Y-%m-%dT%H:%M}", "place": "Mairie", "text": "À pied."}
    return Ask({"uuid": scene.tenant.owner.uuid}, told)
