"""A deposited file is completed: only what is asked, until a day, as a new version; the rest stays frozen."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications import states
from applications.content.completing import Difference
from applications.due_facts import completion_facts
from applications.models import (
    AnswerFact,
    Application,
    CompletionFile,
    CompletionItem,
    CompletionRequest,
    Deposit,
    SectionAnswers,
)
from applications.queries.completion import changes_of
from applications.queries.files import answers_for_reading, latest_deposit
from applications.services.completion import (
    CompletionConflict,
    Wanted,
    ask_completion,
    attach_to_completion,
    cancel_completion,
    extend_completion,
    save_completion,
    send_completion,
)
from applications.services.examination import admit, reject
from calls.models import Question
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail, StoredFile
from portal.core.rules import Refused
from tests.applications.files import deposit, make_ready, pdf_upload, together
from tests.applications.staff.makers import client_of, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import make_role

pytestmark = pytest.mark.django_db
WANTED = [Wanted("question", "Q2", "En mètres carrés, au sol."), Wanted("piece", "PLAN_SIT", "Le plan est illisible.")]


@pytest.fixture
def filed():
    """A deposited file, with its officer, its secretary and its mayor."""
    call, _manager = make_staffed_call()
    application, secretary, mayor = make_ready(call)
    deposit(application, mayor)
    officer = make_role(call, "officer", full_name="Instructrice")
    return Application.objects.get(pk=application.pk), officer, secretary, mayor


def asked(application, officer, wanted=WANTED, days=10, **fields):
    due_on = day_of(portal_now()) + timedelta(days=days)
    told = {"message": "Merci de préciser.", "due_on": due_on, "wanted": wanted, **fields}
    return ask_completion(application=application, by=officer, at=portal_now(), **told)


def late(request):
    """The same request, its limit passed a second ago."""
    now = portal_now()
    CompletionRequest.objects.filter(pk=request.pk).update(due_at=now - timedelta(seconds=1))
    return CompletionRequest.objects.get(pk=request.pk)


def save(request, by, typed, reply="", version=0):
    return save_completion(request=request, typed=typed, reply=reply, version=version, by=by, at=portal_now())


def send(request, by, key=None):
    return send_completion(request=request, idempotency_key=key or uuid.uuid4(), by=by, web_clock_at=portal_now())


def join(request, by, code="PLAN_SIT"):
    item, call = request.items.get(code=code), request.application.call
    piece = call.piece_types.get(code=code)
    attach_to_completion(item=item, piece=piece, upload=pdf_upload("plan-lisible.pdf"), by=by, at=portal_now())


def told(version, code):
    answers = [a for section in answers_for_reading(version, for_jury=False) for a in section.answers]
    return next(ordinary(a.text) for a in answers if a.code == code)


def test_only_what_is_asked_changes_and_the_deposited_version_stays(filed):
    application, officer, secretary, _mayor = filed
    first = latest_deposit(application)
    frozen = (first.answers, first.answers_sha256, sorted(first.pieces.values_list("piece_code", "sha256")))
    request = asked(application, officer)
    save(request, secretary, {"Q1": "Un autre titre", "Q2": "1 350"})
    join(request, secretary)
    second = send(request, secretary)
    assert (second.n, second.completion, second.deposited_by) == (2, request, secretary)
    assert {code: told(second, code) for code in ("Q1", "Q2")} == {"Q1": "La place des Marronniers", "Q2": "1 350 m²"}
    pieces = list(second.pieces.values_list("piece_code", "file__name"))
    assert pieces == [("DELIB", "DELIB.pdf"), ("PLAN_SIT", "plan-lisible.pdf")]
    first.refresh_from_db()
    assert (first.answers, first.answers_sha256, sorted(first.pieces.values_list("piece_code", "sha256"))) == frozen
    kept = {row.section_code: row.values for row in SectionAnswers.objects.filter(application=application)}
    assert (kept["S1"]["Q1"], kept["S1"]["Q2"]) == ("La place des Marronniers", "1 350")
    live = application.attachments.filter(removed_at=None).values_list("piece_code", "file__name")
    assert sorted(live) == [("DELIB", "DELIB.pdf"), ("PLAN_SIT", "plan-lisible.pdf")]


def test_the_officer_reads_what_changed(filed):
    application, officer, secretary, _mayor = filed
    request = asked(application, officer)
    save(request, secretary, {"Q2": "1 350"})
    join(request, secretary)
    version = send(request, secretary)
    found = [Difference(d.label, ordinary(d.before), ordinary(d.after), d.piece) for d in changes_of(version)]
    surface = Question.objects.get(call=application.call, code="Q2").label
    plan = application.call.piece_types.get(code="PLAN_SIT").label
    assert found == [
        Difference(surface, "1 200 m²", "1 350 m²"), Difference(plan, "PLAN_SIT.pdf", "plan-lisible.pdf", True),
    ]  # fmt: skip
    page = client_of(officer).get(reverse("staff_completion", args=[request.uuid])).content.decode()
    assert [mark in ordinary(page) for mark in ("<del>1 200 m²</del>", "<ins>1 350 m²</ins>")] == [True, True]
    assert changes_of(Deposit.objects.get(n=1)) == []


def test_facts_and_receipt_follow_the_version(filed):
    application, officer, secretary, _mayor = filed
    Question.objects.filter(call=application.call, code="Q2").update(is_fact=True)
    request = asked(application, officer)
    save(request, secretary, {"Q2": "1 350"}, reply="Le plan suivra par courrier.")
    version = send(request, secretary)
    assert list(AnswerFact.objects.filter(deposit=version).values_list("question_code", "number")) == [("Q2", 1350)]
    request.refresh_from_db()
    assert version.receipt.snapshot["completion"]["until"] == request.due_at.isoformat()
    assert [row["filename"] for row in version.receipt.snapshot["pieces"][1:]] == ["DELIB.pdf", "PLAN_SIT.pdf"]
    assert list(version.verdicts.values_list("rule_code", "outcome")) == list(
        Deposit.objects.get(n=1).verdicts.values_list("rule_code", "outcome")
    )


def test_something_may_stay_missing_if_the_commune_says_why(filed):
    application, officer, secretary, _mayor = filed
    request = asked(application, officer)
    with pytest.raises(Refused, match="Rien n’est encore répondu"):
        send(request, secretary)
    save(request, secretary, {"Q2": "1 350"})
    with pytest.raises(Refused, match="Il manque : Plan de situation|Il manque"):
        send(request, secretary)
    save(request, secretary, {"Q2": "trop"}, version=1)
    with pytest.raises(Refused, match="Corrigez d’abord"):
        send(request, secretary)
    save(request, secretary, {"Q2": ""}, reply="Le géomètre passe lundi.", version=2)
    version = send(request, secretary)
    assert (told(version, "Q2"), version.completion.reply) == ("1 200 m²", "Le géomètre passe lundi.")


def test_people_are_told_at_each_step(filed):
    application, officer, secretary, mayor = filed
    request = asked(application, officer)
    extend_completion(
        request=request, due_on=day_of(request.due_at) + timedelta(days=5), reason="Conseil reporté.", by=officer,
        at=portal_now(),
    )  # fmt: skip
    save(request, secretary, {"Q2": "1 350"}, reply="Voilà.")
    send(request, secretary)
    mails = OutboundEmail.objects.filter(kind__startswith="applications.completion")
    commune = sorted([secretary.email, mayor.email])
    assert {kind: sorted(mails.filter(kind=kind).values_list("recipient", flat=True)) for kind in
            mails.values_list("kind", flat=True)} == {
        "applications.completion_asked": commune,
        "applications.completion_extended": commune,
        "applications.completion_received": [officer.email],
    }  # fmt: skip
    text = ordinary(mails.filter(kind="applications.completion_asked").first().body)
    assert "En mètres carrés, au sol." in text
    assert "Sans réponse avant cette limite, le dossier est examiné en l’état." in text


def test_reminders_hold_until_the_answer_and_the_limit(filed):
    application, officer, secretary, mayor = filed
    request = asked(application, officer)
    now = portal_now()
    facts = list(completion_facts(now))
    days = sorted((day_of(request.due_at) - day_of(fact.due_at)).days for fact in facts)
    assert (days, {fact.recipient for fact in facts}) == ([1, 1, 5, 5], {secretary.email, mayor.email})
    assert list(completion_facts(request.due_at)) == []
    save(request, secretary, {"Q2": "1 350"}, reply="Voilà.")
    send(request, secretary)
    assert list(completion_facts(now)) == []


def test_a_verdict_waits_for_the_answer_then_for_nobody(filed):
    application, officer, _secretary, _mayor = filed
    request = asked(application, officer)
    with pytest.raises(Refused, match="Des compléments sont attendus jusqu’au"):
        admit(application=application, by=officer, at=portal_now())
    with pytest.raises(Refused, match="Des compléments sont encore attendus"):
        reject(application=application, code=None, text="Incomplète.", by=officer, at=portal_now())
    late(request)
    admit(application=application, by=officer, at=portal_now())
    request.refresh_from_db()
    assert (application.state, request.state) == (states.ADMISSIBLE, states.LAPSED)


def test_the_rule_of_the_call_makes_an_incomplete_file_inadmissible(filed):
    application, officer, _secretary, _mayor = filed
    call = application.call
    call.extras = {**call.extras, "examination": {"completion_expiry": "inadmissible"}}
    call.save(update_fields=["extras"])
    late(asked(application, officer))
    with pytest.raises(Refused, match="la candidature est alors non recevable"):
        admit(application=application, by=officer, at=portal_now())
    reject(application=application, code=None, text="Le plan n’est pas arrivé.", by=officer, at=portal_now())
    assert application.state == states.INADMISSIBLE


def test_the_database_refuses_a_version_after_the_limit_of_its_request(filed):
    application, officer, secretary, _mayor = filed
    request = asked(application, officer)
    save(request, secretary, {"Q2": "1 350"}, reply="Voilà.")
    first = latest_deposit(application)
    values = {f.attname: getattr(first, f.attname) for f in Deposit._meta.concrete_fields if f.attname != "id"}
    fresh = {"uuid": uuid.uuid4(), "idempotency_key": uuid.uuid4(), "n": 2, "completion_id": request.pk}
    for closes_at in (request.due_at + timedelta(seconds=1), request.due_at):
        row = Deposit(**{**values, **fresh, "closes_at": closes_at, "received_at": portal_now()})
        if closes_at > request.due_at:
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()
        else:
            row.save()
    assert Deposit.objects.filter(application=application).count() == 2


def test_after_the_limit_the_commune_reads_why_and_more_time_opens_it_again(filed):
    application, officer, secretary, _mayor = filed
    request = late(asked(application, officer))
    with pytest.raises(Refused, match="La limite est passée depuis le"):
        save(request, secretary, {"Q2": "1 350"})
    extend_completion(
        request=request, due_on=day_of(portal_now()) + timedelta(days=3), reason="Panne.", by=officer, at=portal_now()
    )
    assert save(request, secretary, {"Q2": "1 350"}).values == {"Q2": "1 350"}
    with pytest.raises(Refused, match="La limite ne s’avance pas"):
        extend_completion(
            request=request, due_on=day_of(portal_now()) + timedelta(days=1), reason="Non.", by=officer, at=portal_now()
        )


def test_two_who_write_never_overwrite_each_other(filed):
    application, officer, secretary, mayor = filed
    request = asked(application, officer)
    save(request, secretary, {"Q2": "1 350"})
    with pytest.raises(CompletionConflict) as conflict:
        save(request, mayor, {"Q2": "1 400"})
    assert conflict.value.codes == frozenset({"Q2"})
    assert save(request, mayor, {"Q2": "1 400"}, version=1).values == {"Q2": "1 400"}
    client = client_of(secretary)
    data = {"affichees": "Q2", "version": "1", "Q2": "1 500", "reply": ""}
    page = client.post(reverse("completion", args=[application.uuid, request.uuid]), data).content.decode()
    assert [text in ordinary(page) for text in ("Deux textes pour la même réponse", "1 400 m²", 'value="1 500"')] == [
        True, True, True,
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_sent_eight_times_at_once_makes_one_version(filed):
    application, officer, secretary, _mayor = filed
    request = asked(application, officer)
    save(request, secretary, {"Q2": "1 350"}, reply="Voilà.")
    key = uuid.uuid4()
    found = together([lambda: send(request, secretary, key)] * 8)
    assert {getattr(version, "n", version) for version in found} == {2}
    assert application.deposits.count() == 2


def test_nothing_is_asked_of_what_is_not_in_the_file_nor_twice(filed):
    application, officer, _secretary, _mayor = filed
    for wanted in ([], [Wanted("question", "Q99")], [Wanted("piece", "RIEN")]):
        with pytest.raises(Refused, match="Choisissez ce qui est à compléter"):
            asked(application, officer, wanted)
    with pytest.raises(Refused, match="Choisissez un jour à venir"):
        asked(application, officer, days=0)
    first = asked(application, officer)
    with pytest.raises(Refused, match="Des compléments sont encore attendus"):
        asked(application, officer)
    late(first)
    second = asked(application, officer)
    first.refresh_from_db()
    assert (first.state, second.state) == (states.LAPSED, states.AWAITED)
    with pytest.raises(IntegrityError), transaction.atomic():
        CompletionRequest.objects.filter(pk=first.pk).update(state=states.AWAITED, settled_at=None)


def test_a_cancelled_request_is_closed_and_told(filed):
    application, officer, secretary, _mayor = filed
    request = asked(application, officer)
    cancel_completion(request=request, reason="La pièce était au dossier.", by=officer, at=portal_now())
    with pytest.raises(Refused, match="Cette demande de compléments est close"):
        save(request, secretary, {"Q2": "1 350"})
    admit(application=application, by=officer, at=portal_now())
    assert application.state == states.ADMISSIBLE


def test_an_admitted_file_is_completed_and_stays_admitted(filed):
    application, officer, secretary, _mayor = filed
    admit(application=application, by=officer, at=portal_now())
    request = asked(application, officer)
    save(request, secretary, {"Q2": "1 350"}, reply="Voilà.")
    assert send(request, secretary).n == 2
    application.refresh_from_db()
    assert application.state == states.ADMISSIBLE


def test_a_file_not_sent_is_read_by_the_commune_only(filed):
    application, officer, secretary, _mayor = filed
    request = asked(application, officer)
    join(request, secretary)
    url = reverse("piece_download", args=[application.uuid, CompletionFile.objects.get().file_id])
    assert [client_of(user).get(url, follow=True).status_code for user in (secretary, officer)] == [200, 404]
    StoredFile.objects.filter(pk=CompletionFile.objects.get().file_id).update(scan="infected")
    save(request, secretary, {"Q2": "1 350"})
    with pytest.raises(Refused, match="Il manque"):
        send(request, secretary)


# --- screens -----------------------------------------------------------------------------------------------------


def test_the_officer_asks_from_the_file_and_the_commune_answers_without_script(filed):
    application, officer, secretary, _mayor = filed
    desk, town_hall = client_of(officer), client_of(secretary)
    ask = reverse("staff_completion_new", args=[application.uuid])
    assert ask in desk.get(reverse("staff_application", args=[application.uuid])).content.decode()
    due_on = (day_of(portal_now()) + timedelta(days=12)).isoformat()
    nothing = desk.post(ask, {"message": "Merci.", "due_on": due_on})
    assert "Cochez au moins une réponse ou une pièce à compléter." in nothing.content.decode()
    sent = {"question-Q2": "on", "remarque-piece-PLAN_SIT": "Illisible.", "message": "Merci.", "due_on": due_on}
    assert desk.post(ask, sent).status_code == 302
    request = CompletionRequest.objects.get()
    assert list(request.items.values_list("kind", "code", "note")) == [
        ("question", "Q2", ""), ("piece", "PLAN_SIT", "Illisible."),
    ]  # fmt: skip
    page = reverse("completion", args=[application.uuid, request.uuid])
    assert page in town_hall.get(reverse("application", args=[application.uuid])).content.decode()
    shown = town_hall.get(page).content.decode()
    assert [f'name="{name}"' in shown for name in ("Q1", "Q2", "joindre")] == [False, True, True]
    base = {"affichees": "Q2", "version": "0", "reply": ""}
    to_piece = town_hall.post(page, {**base, "Q2": "1 350", "joindre": "PLAN_SIT"})
    assert to_piece.url == reverse("completion_piece", args=[application.uuid, request.uuid, "PLAN_SIT"])
    assert town_hall.post(to_piece.url, {"file": pdf_upload("plan.pdf")}).url == page
    form = {**base, "version": "1", "Q2": "1 350", "envoyer": "1", "cle": str(uuid.uuid4())}
    receipt = reverse("receipt", args=[application.uuid])
    assert [town_hall.post(page, form).url, town_hall.post(page, form).url] == [receipt, receipt]
    assert application.deposits.count() == 2
    assert "Compléments transmis" in town_hall.get(page).content.decode()
    assert "Ce qui a changé" in desk.get(reverse("staff_completion", args=[request.uuid])).content.decode()


def test_a_refused_answer_stays_on_the_page_as_it_was_typed(filed):
    application, officer, secretary, _mayor = filed
    request = asked(application, officer)
    page = reverse("completion", args=[application.uuid, request.uuid])
    form = {"affichees": "Q2", "version": "0", "Q2": "beaucoup", "reply": "Un mot.", "envoyer": "1"}
    shown = client_of(secretary).post(page, form).content.decode()
    assert [text in ordinary(shown) for text in ('value="beaucoup"', "Un mot.", "ne sont pas transmis")] == [True] * 3
    request.refresh_from_db()
    assert (request.values, request.reply, request.state) == ({"Q2": "beaucoup"}, "Un mot.", states.AWAITED)


def test_autosave_keeps_and_tells_conflicts(filed):
    application, officer, secretary, _mayor = filed
    request = asked(application, officer)
    url = reverse("completion_autosave", args=[application.uuid, request.uuid])
    client, data = client_of(secretary), {"affichees": "Q2", "version": "0", "Q2": "1 350", "reply": ""}
    assert client.post(url, data).json()["version"] == 1
    assert client.post(url, {**data, "Q2": "1 400"}).status_code == 409
    cancel_completion(request=request, reason="Reçu par courrier.", by=officer, at=portal_now())
    refused = client.post(url, {**data, "version": "1"})
    assert (refused.status_code, refused.json()["conflict"]) == (409, "Cette demande de compléments est close.")


def test_items_and_history_are_insert_only(filed):
    application, officer, secretary, _mayor = filed
    request = asked(application, officer)
    save(request, secretary, {"Q2": "1 350"}, reply="Voilà.")
    send(request, secretary)
    for rows in (CompletionItem.objects.all(), request.transitions.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**{"note": "autre"} if rows.model is CompletionItem else {"reason": "autre"})
