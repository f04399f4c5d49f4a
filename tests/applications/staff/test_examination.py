"""Admissibility: verdict with its reason, reversal, who may, history, access journal, race with the withdrawal."""

import hashlib

import pytest
from django.urls import reverse

from applications import states
from applications.models import ApplicationTransition, EligibilityVerdict
from applications.services.examination import admit, reject
from applications.services.examination import reverse as put_back
from portal.core import outbox
from portal.core.clock import portal_now
from portal.core.models import AccessRecord
from portal.core.rules import Refused
from portal.core.workflow import fire
from tests.applications.files import together
from tests.applications.staff.makers import client_of, make_decision, make_deposited, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import (
    HARFLEUR,
    make_application,
    make_call,
    make_institution,
    make_role,
    make_town_hall,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def deposited():
    call, manager = make_staffed_call()
    return make_deposited(call), manager


def url(name, application):
    return reverse(name, args=[application.uuid])


def last_transition(application):
    row = ApplicationTransition.objects.filter(application=application).last()
    return row.transition, row.from_state, row.to_state, row.by, row.reason


# --- services -------------------------------------------------------------------------------------------------------


def test_admit(deposited):
    application, manager = deposited
    admit(application=application, by=manager, at=portal_now())
    application.refresh_from_db()
    assert application.state == states.ADMISSIBLE
    assert last_transition(application) == ("admit", "submitted", "admissible", manager, "")


def test_reject_keeps_the_codified_reason_first(deposited):
    application, manager = deposited
    code = application.call.reason_codes.get()
    reject(application=application, code=code, text=" Le chantier date de mai. ", by=manager, at=portal_now())
    reason = "Travaux commencés avant le dépôt\nLe chantier date de mai."
    assert last_transition(application) == ("reject", "submitted", "inadmissible", manager, reason)


def test_reject_needs_words(deposited):
    application, manager = deposited
    with pytest.raises(Refused, match=r"^Expliquez à la commune pourquoi sa candidature n’est pas recevable\.$"):
        reject(application=application, code=None, text=" ", by=manager, at=portal_now())


def test_an_unmet_condition_asks_for_a_reason(deposited):
    application, manager = deposited
    EligibilityVerdict.objects.create(
        deposit=application.deposits.get(), position=9, rule_code="R9", outcome="unknown", effect="blocking",
        sentence="Propriété du site : à vérifier",
    )  # fmt: skip
    sentence = "Une condition n’est pas remplie. Propriété du site : à vérifier. Motivez la recevabilité par écrit."
    with pytest.raises(Refused) as refusal:
        admit(application=application, by=manager, at=portal_now())
    assert ordinary(str(refusal.value)) == sentence
    admit(application=application, by=manager, at=portal_now(), reason="Acte de propriété reçu.")
    assert last_transition(application)[-1] == "Acte de propriété reçu."


def test_reverse_with_a_reason_then_reject(deposited):
    application, manager = deposited
    admit(application=application, by=manager, at=portal_now())
    with pytest.raises(Refused, match="demande un motif"):
        put_back(application=application, reason="", by=manager, at=portal_now())
    put_back(application=application, reason="Erreur de dossier", by=manager, at=portal_now())
    reject(application=application, code=None, text="Hors délai.", by=manager, at=portal_now())
    names = list(ApplicationTransition.objects.filter(application=application).values_list("transition", flat=True))
    assert names == ["submit", "admit", "reverse", "reject"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_admitted_or_withdrawn_never_both():
    call, manager = make_staffed_call()
    application = make_deposited(call)
    mayor = application.deposits.get().deposited_by
    ours, theirs = (type(application).objects.get(pk=application.pk) for _ in range(2))
    results = together(
        [
            lambda: admit(application=ours, by=manager, at=portal_now()),
            lambda: fire(theirs, states.WITHDRAW, by=mayor, at=portal_now(), reason="Projet abandonné"),
        ]
    )
    refused = [result for result in results if isinstance(result, Refused)]
    application.refresh_from_db()
    settled = application.transitions.exclude(transition="submit")
    assert (len(refused), settled.count(), settled.get().to_state) == (1, 1, application.state)


# --- screens --------------------------------------------------------------------------------------------------------


def test_the_file_shows_answers_pieces_verdicts_history(deposited):
    application, manager = deposited
    response = client_of(manager).get(url("staff_application", application))
    page = response.content.decode()
    for text in ("La place des Marronniers", "DELIB.pdf", "Candidature déposée", application.number):
        assert text in page
    assert [(item["row"].badge.label, item["row"].kind) for item in response.context["conditions"]] == [
        ("Oui", "condition")
    ]
    assert [item["title"] for item in response.context["history"]] == ["Candidature déposée"]


def test_reading_goes_to_the_access_journal(deposited):
    application, manager = deposited
    client_of(manager).get(url("staff_application", application))
    rows = AccessRecord.objects.values_list("user", "what", "object_key")
    assert list(rows) == [(manager.pk, "candidature lue", f"application:{application.uuid}")]


def test_the_form_admits(deposited):
    application, manager = deposited
    other = make_deposited(application.call, HARFLEUR)
    client = client_of(manager)
    page = client.get(client.post(url("staff_admission", application)).url)
    application.refresh_from_db()
    assert (application.state, page.context["following"], page.context["admit_form"]) == ("admissible", other, None)


def test_the_form_rejects_with_its_code(deposited):
    application, manager = deposited
    code = application.call.reason_codes.get()
    data = {"non-recevable-code": code.pk, "non-recevable-text": "Le chantier date de mai."}
    response = client_of(manager).post(url("staff_rejection", application), data)
    assert response.url == url("staff_application", application)
    assert last_transition(application)[-1] == "Travaux commencés avant le dépôt\nLe chantier date de mai."


def test_the_form_says_what_to_write(deposited):
    application, manager = deposited
    response = client_of(manager).post(url("staff_rejection", application))
    application.refresh_from_db()
    assert (response.status_code, application.state) == (200, states.SUBMITTED)
    assert response.context["reject_form"].errors == {
        "code": ["Choisissez le motif qui sera écrit à la commune."],
        "text": ["Expliquez à la commune pourquoi sa candidature n’est pas recevable."],
    }


def test_the_form_asks_why_when_a_condition_is_not_met(deposited):
    application, manager = deposited
    EligibilityVerdict.objects.create(
        deposit=application.deposits.get(),
        position=9,
        rule_code="R9",
        outcome="fail",
        effect="blocking",
        sentence="Non",
    )
    client = client_of(manager)
    refused = client.post(url("staff_admission", application))
    assert refused.context["admit_form"].errors == {
        "text": ["Une condition n’est pas remplie\u00a0: écrivez pourquoi la candidature est recevable."]
    }
    client.post(url("staff_admission", application), {"recevable-text": "Acte reçu."})
    assert last_transition(application)[-1] == "Acte reçu."


def test_a_call_without_codes_asks_for_words_only(deposited):
    application, manager = deposited
    application.call.reason_codes.all().delete()
    client_of(manager).post(url("staff_rejection", application), {"non-recevable-text": "Hors délai."})
    assert last_transition(application)[-1] == "Hors délai."


def test_a_reason_of_another_call_is_not_accepted(deposited):
    application, manager = deposited
    foreign = make_call().reason_codes.create(code="X", position=1, outcome="inadmissible", label="Ailleurs")
    data = {"non-recevable-code": foreign.pk, "non-recevable-text": "Non."}
    response = client_of(manager).post(url("staff_rejection", application), data)
    assert response.context["reject_form"].errors == {"code": ["Choisissez un motif de la liste."]}


def test_the_form_puts_back_to_examination(deposited):
    application, manager = deposited
    admit(application=application, by=manager, at=portal_now())
    client = client_of(manager)
    refused = client.post(url("staff_reversal", application), {"reason": ""})
    assert refused.context["reversal_form"].errors == {
        "reason": ["Écrivez le motif\u00a0: il reste dans l’historique de la candidature."]
    }
    client.post(url("staff_reversal", application), {"reason": "Erreur de dossier"})
    application.refresh_from_db()
    assert application.state == states.SUBMITTED


@pytest.mark.parametrize(
    ("role", "reads", "settles"),
    [
        ("manager", 200, 302),
        ("officer", 200, 302),
        ("reader", 200, 403),
        ("secretary", 200, 403),
        ("adviser", 404, 404),
    ],
)
def test_rights_by_role(deposited, role, reads, settles):
    application, _ = deposited
    client = client_of(make_role(application.call, role))
    read = client.get(url("staff_application", application)).status_code
    settled = client.post(url("staff_admission", application)).status_code
    assert (read, settled) == (reads, settles)


def test_strangers_and_other_tenants_see_nothing(deposited):
    application, _ = deposited
    other = make_call(make_institution("200023414", "Métropole Rouen Normandie", "rouen"))
    people = [make_user(), make_role(other, "manager"), application.deposits.get().deposited_by]
    answers = {
        client_of(person).post(url(name, application), {"reason": "Oui"}).status_code
        for person in people
        for name in ("staff_admission", "staff_rejection", "staff_reversal")
    }
    answers |= {client_of(person).get(url("staff_application", application)).status_code for person in people}
    assert answers == {404}


def test_a_draft_is_never_read_by_staff(deposited):
    application, manager = deposited
    draft = make_application(application.call, make_town_hall(HARFLEUR))
    assert client_of(manager).get(url("staff_application", draft)).status_code == 404


def test_after_the_decision_nothing_is_reversed():
    call, manager = make_staffed_call()
    application = make_decision(call, manager).lines.first().application
    response = client_of(manager).post(url("staff_reversal", application), {"reason": "Erreur"})
    assert response.status_code == 403
    assert "on ne revient plus sur la recevabilité" in response.content.decode()


# --- the receipt ----------------------------------------------------------------------------------------------------


def test_the_page_of_the_file_shows_its_receipt_to_whoever_reads_it(deposited):
    application, manager = deposited
    receipt = application.deposits.get().receipt
    page, address = url("staff_application", application), reverse("staff_receipt", args=[application.uuid, 1])
    client = client_of(manager)
    before = client.get(page).content.decode()
    assert ("Le PDF du récépissé se prépare." in before, address in before) == (True, False)
    assert client.get(address).status_code == 404
    outbox.run_jobs()
    receipt.refresh_from_db()
    shown = client.get(page).content.decode()
    assert all(words in shown for words in (application.number, receipt.sha256, address))
    assert application.deposits.get().answers_sha256 in shown
    answer = client.get(address)
    assert hashlib.sha256(answer.content).hexdigest() == receipt.sha256
    assert AccessRecord.objects.filter(what="récépissé lu", user=manager).count() == 1


def test_a_stranger_has_no_receipt(deposited):
    application, _ = deposited
    other = make_role(make_call(make_institution("200053767", "Région Normandie", "normandie")))
    for person in (other, make_role(application.call, "adviser")):
        assert client_of(person).get(reverse("staff_receipt", args=[application.uuid, 1])).status_code == 404
