"""Points verified, admission « sous réserve », what a verdict and a decision wait for, a notified decision taken up."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications import states
from applications.models import Application, ChecklistAnswer, Decision, InternalValue, Reservation
from applications.queries.admissibility import points_of
from applications.queries.laureates import laureates
from applications.rules.admissibility import legal_warning
from applications.services.admissibility import answer_points, ask_undecide, settle_reservation
from applications.services.completion import Wanted, ask_completion
from applications.services.decision import not_ready
from applications.services.examination import admit
from applications.services.examination import reverse as put_back
from portal.core import approvals
from portal.core.calendar import add_months, day_of
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from support.agreements.models import Agreement
from tests.applications.files import deposit, make_ready
from tests.applications.staff.makers import client_of, make_decision, make_staffed_call
from tests.calls.documents import ordinary
from tests.factories import make_role

pytestmark = pytest.mark.django_db
CHECKS = [{"code": "ACTE", "label": "La délibération est exécutoire"}, {"code": "PLAN", "label": "Le plan est lisible"}]


@pytest.fixture
def filed():
    """A deposited file of a call that verifies two points, and its officer."""
    call, _manager = make_staffed_call()
    call.extras = {**call.extras, "examination": {"checklist": CHECKS}}
    call.save(update_fields=["extras"])
    application, _secretary, mayor = make_ready(call)
    deposit(application, mayor)
    return Application.objects.get(pk=application.pk), make_role(call, "officer", full_name="Instructrice"), mayor


def answered(application, officer, **answers):
    told = {code: (ok, "" if ok else "À reprendre.") for code, ok in answers.items()}
    return answer_points(application=application, answers=told, by=officer, at=portal_now())


def admitted(application, officer, **more):
    return admit(application=application, by=officer, at=portal_now(), **more)


# --- points ------------------------------------------------------------------------------------------------------


def test_a_file_is_admissible_once_every_point_is_verified(filed):
    application, officer, _mayor = filed
    with pytest.raises(Refused, match="2.points restent à vérifier.*«.La délibération est exécutoire.»"):
        admitted(application, officer)
    answered(application, officer, ACTE=True)
    with pytest.raises(Refused, match="1.point reste à vérifier.*«.Le plan est lisible.»"):
        admitted(application, officer)
    answered(application, officer, PLAN=True)
    admitted(application, officer)
    assert application.state == states.ADMISSIBLE
    with pytest.raises(Refused, match="les points ne changent plus"):
        answered(application, officer, PLAN=False)


def test_a_point_found_wrong_asks_for_a_reason(filed):
    application, officer, _mayor = filed
    answered(application, officer, ACTE=True, PLAN=False)
    with pytest.raises(Refused, match="Le plan est lisible. Motivez la recevabilité par écrit"):
        admitted(application, officer)
    admitted(application, officer, reason="Le plan a été montré en visite.")
    assert application.state == states.ADMISSIBLE


def test_a_new_version_is_verified_again_and_nothing_said_is_lost(filed):
    application, officer, mayor = filed
    assert [answered(application, officer, ACTE=True, PLAN=True), answered(application, officer, PLAN=True)] == [2, 0]
    row = application.sections.get(section_code="S1")
    row.values = {**row.values, "Q1": "La place du Marché"}
    row.save(update_fields=["values"])
    version = deposit(application, mayor)
    assert [(point.code, point.stale) for point in points_of(application, version.n)] == [
        ("ACTE", True),
        ("PLAN", True),
    ]
    with pytest.raises(Refused, match="2.points restent"):
        admitted(application, officer)
    answered(application, officer, ACTE=True, PLAN=False)
    assert list(ChecklistAnswer.objects.order_by("pk").values_list("code", "ok", "version")) == [
        ("ACTE", True, 1), ("PLAN", True, 1), ("ACTE", True, 2), ("PLAN", False, 2),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistAnswer.objects.update(ok=True)


# --- reservations ------------------------------------------------------------------------------------------------


def test_a_decision_waits_for_reservations_and_says_so(filed):
    application, officer, mayor = filed
    answered(application, officer, ACTE=True, PLAN=True)
    due_on = day_of(portal_now()) + timedelta(days=30)
    admitted(application, officer, reservations=["Joindre la délibération.", "Préciser la surface."], due_on=due_on)
    assert ordinary(not_ready(application.call)) == (
        "2 réserves restent à lever sur les candidatures recevables. La décision les attend."
    )
    mail = OutboundEmail.objects.filter(kind="applications.admitted", recipient=mayor.email).get()
    assert "Joindre la délibération." in mail.body
    page = client_of(mayor).get(reverse("application", args=[application.uuid])).content.decode()
    assert "Recevable, sous réserve" in page
    first, second = Reservation.objects.order_by("pk")
    with pytest.raises(Refused, match="demande un motif"):
        settle_reservation(reservation=first, act=states.LIFT, reason=" ", by=officer, at=portal_now())
    settle_reservation(reservation=first, act=states.LIFT, reason="Reçue le 12.", by=officer, at=portal_now())
    settle_reservation(reservation=second, act=states.DROP, reason="Sans objet.", by=officer, at=portal_now())
    assert not_ready(application.call) == ""
    with pytest.raises(Refused, match="n’est plus possible"):
        settle_reservation(reservation=first, act=states.DROP, reason="Non.", by=officer, at=portal_now())


def test_a_decision_waits_for_a_commune_that_completes(filed):
    application, officer, _mayor = filed
    answered(application, officer, ACTE=True, PLAN=True)
    admitted(application, officer)
    ask_completion(
        application=application, message="Précisez.", due_on=day_of(portal_now()) + timedelta(days=5),
        wanted=[Wanted("question", "Q2")], by=officer, at=portal_now(),
    )  # fmt: skip
    assert ordinary(not_ready(application.call)) == (
        "1 candidature attend encore les compléments de leur commune. La décision les attend."
    )


def test_putting_back_to_examination_drops_what_was_reserved(filed):
    application, officer, _mayor = filed
    answered(application, officer, ACTE=True, PLAN=True)
    admitted(application, officer, reservations=["Joindre la délibération."])
    put_back(application=application, reason="Erreur.", by=officer, at=portal_now())
    assert list(Reservation.objects.values_list("state", flat=True)) == [states.DROPPED]
    with pytest.raises(Refused, match="Choisissez un jour à venir"):
        admitted(application, officer, reservations=["X"], due_on=day_of(portal_now()))
    assert application.state == states.SUBMITTED


# --- a notified decision -----------------------------------------------------------------------------------------


@pytest.fixture
def notified():
    """A call whose decision was told (Étretat selected, Harfleur in reserve, Le Tilleul not), and its two managers."""
    call, manager = make_staffed_call()
    decision = make_decision(call, manager)
    Decision.objects.filter(pk=decision.pk).update(notified_at=portal_now(), notified_by=manager)
    return call, manager, make_role(call, "manager", full_name="Directrice")


def ask(application, manager, approver):
    return ask_undecide(
        application=application, reason="Pièce fausse.", approver=approver, asked_by=manager, at=portal_now()
    )


def test_a_notified_decision_is_taken_up_by_two_persons_who_read_the_law(notified):
    call, manager, second = notified
    file = laureates(call).get().application
    approval = ask(file, manager, second)
    details = " ".join(approval.arguments["details"])
    assert "dans les quatre mois de sa signature" in ordinary(details)
    file.refresh_from_db()
    assert file.state == states.DECIDED
    approvals.answer(approval=approval, by=second, approved=True, at=portal_now())
    file.refresh_from_db()
    assert (file.state, list(laureates(call))) == (states.SUBMITTED, [])
    assert file.transitions.latest("pk").reason == "Pièce fausse."
    assert OutboundEmail.objects.filter(kind="applications.undecided").exists()
    admit(application=file, by=manager, at=portal_now())
    assert not_ready(call) == ""


def test_a_decision_that_an_agreement_rests_on_stays(notified):
    call, manager, second = notified
    line = laureates(call).get()
    agreement = Agreement.objects.create(
        call=call, number="C-1", title="Convention", starts_on=day_of(portal_now()), months=12, created_at=portal_now(),
        created_by=manager,
    )  # fmt: skip
    agreement.beneficiaries.add(line)
    page = client_of(manager).get(reverse("staff_undecide", args=[line.application.uuid]))
    assert (page.status_code, "La convention C-1 repose sur cette décision" in page.content.decode()) == (403, True)
    approval = ask(line.application, manager, second)
    with pytest.raises(Refused, match="La convention C-1"):
        approvals.answer(approval=approval, by=second, approved=True, at=portal_now())


def test_a_decision_not_told_yet_is_not_taken_up(notified):
    call, manager, second = notified
    Decision.objects.update(notified_at=None, notified_by=None)
    with pytest.raises(Refused, match="Aucune décision notifiée"):
        ask(call.applications.get(number__endswith="0001"), manager, second)


def test_the_warning_follows_the_outcome_and_the_day(notified):
    call, *_people = notified
    line = laureates(call).get()
    limit = add_months(line.decision.act_on, 4)
    assert [len(legal_warning(line, day)) for day in (limit, limit + timedelta(days=1))] == [2, 3]
    refused = line.decision.lines.get(outcome="not_selected")
    assert "Un refus notifié peut être repris" in legal_warning(refused, limit)[0]


# --- screens -----------------------------------------------------------------------------------------------------


def test_the_officer_verifies_then_admits_under_reservations(filed):
    application, officer, _mayor = filed
    desk = client_of(officer)
    page, points = (
        reverse("staff_application", args=[application.uuid]),
        reverse("staff_checklist", args=[application.uuid]),
    )
    shown = ordinary(desk.get(page).content.decode())
    assert [text in shown for text in ("2 points restent à vérifier", "Déclarer recevable</button>")] == [True, False]
    refused = desk.post(points, {"point_ACTE": "oui", "point_PLAN": "non", "remarque_PLAN": " "}).content.decode()
    assert "Dites ce qui ne va pas" in refused
    assert desk.post(points, {"point_ACTE": "oui", "point_PLAN": "oui"}).url == page
    sent = {"recevable-reservations": "Joindre l’acte.\n\nPréciser.", "recevable-due_on": "2099-01-31"}
    assert desk.post(reverse("staff_admission", args=[application.uuid]), sent).url == page
    assert list(Reservation.objects.values_list("text", flat=True)) == ["Joindre l’acte.", "Préciser."]
    assert "Recevable sous réserve" in desk.get(page).content.decode()
    one = reverse("staff_reservation", args=[application.uuid, Reservation.objects.earliest("pk").pk])
    assert "Écrivez ce qui lève la réserve" in desk.post(one, {"reason": "", "act": "lever"}).content.decode()
    assert desk.post(one, {"reason": "Reçue.", "act": "lever"}).url == page
    assert desk.get(one).status_code == 200
    assert desk.post(one, {"reason": "Encore.", "act": "lever"}).status_code == 403


# --- internal fields ---------------------------------------------------------------------------------------------

FIELDS = [
    {"code": "MONTANT", "label": "Montant proposé", "kind": "number", "needed": True},
    {"code": "AVIS", "label": "Orientation", "kind": "choice", "options": ["À retenir", "À ajourner"]},
]


def test_a_decision_waits_for_the_fields_that_the_call_needs(filed):
    application, officer, mayor = filed
    call = application.call
    call.extras = {**call.extras, "examination": {"fields": FIELDS}}
    call.save(update_fields=["extras"])
    admitted(application, officer)
    assert ordinary(not_ready(call)) == (
        "1 candidature attend encore un champ interne que la décision demande. La décision les attend."
    )
    desk, url = client_of(officer), reverse("staff_internal", args=[application.uuid])
    data = {"affichees": "MONTANT,AVIS", "MONTANT": "beaucoup"}
    refused = ordinary(desk.post(url, data).content.decode())
    told = ("Écrivez un nombre", 'value="beaucoup"', "Choisissez une réponse de la liste")
    assert [text in refused for text in told] == [True, True, False]
    assert "encore un champ interne" in not_ready(call)
    data = {**data, "AVIS": "À retenir"}
    assert desk.post(url, {**data, "MONTANT": "12 500"}).url == reverse("staff_application", args=[application.uuid])
    assert not_ready(call) == ""
    page = ordinary(desk.get(reverse("staff_application", args=[application.uuid])).content.decode())
    assert [text in page for text in ("12 500", "À retenir")] == [True, True]
    hall = client_of(mayor)
    assert "12 500" not in ordinary(hall.get(reverse("application", args=[application.uuid])).content.decode())
    assert hall.get(url).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        InternalValue.objects.update(typed="0")
