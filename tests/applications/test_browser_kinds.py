"""The fields that hold more than a line, and the way through the call, in a real browser at 1280 and 390 px."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application, SectionAnswers
from applications.services.drafting import start_application
from applications.services.route import dismiss_intent, keep_intent
from calls.models import Question, Window
from portal.core.clock import portal_now
from tests.applications.files import deposit, make_town
from tests.applications.test_browser import enter, look
from tests.applications.test_question_kinds import COLUMNS, ask
from tests.applications.test_routes import make_intent, make_tracks, make_two_stages
from tests.factories import HARFLEUR, make_call, make_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WIDE = [
    *COLUMNS,
    {"code": "qui", "label": "Qui", "kind": "text", "required": False},
    {"code": "etat", "label": "Décidé", "kind": "yes_no", "required": False},
]


def make_rich_call():
    call = make_call()
    Question.objects.filter(call=call, code="Q2").update(optional_until="2099-12-31")
    ask(call, "LIEU", "commune")
    ask(call, "GROUPE", "intercommunality", required=False)
    ask(call, "PORTEUR", "organisation", required=False)
    ask(call, "POSTES", "table", columns=COLUMNS, min_rows=1, max_rows=3, label="Quels postes de dépense ?")
    ask(call, "ACTEURS", "table", columns=WIDE, required=False, label="Qui fera quoi ?")
    ask(call, "PLAN", "file", piece_code="PLAN_SIT", label="Le plan de situation")
    ask(call, "EAU", "yes_no", label="Y a-t-il de l’eau ?")
    wet = {"kind": "answer", "question": "EAU", "equals": "oui"}
    ask(call, "RIVE", "text", condition=wet, label="Quelle rive ?", required=False)
    ask(call, "OUI", "undertaking", label="La commune s’engage à entretenir le lieu.")
    return call


@pytest.fixture
def section(page, live_server):
    """The first section of a rich call, open in the browser of the secretary."""
    organisation, secretary, _ = make_town()
    application = start_application(call=make_rich_call(), organisation=organisation, by=secretary, at=portal_now())
    enter(page, live_server, secretary)
    page.goto(f"{live_server.url}{reverse('section', args=[application.uuid, 'S1'])}")
    return application


def saved(page):
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("Enregistré à"), timeout=10_000)


def values(application):
    return SectionAnswers.objects.get(application=application, section_code="S1").values


def test_the_new_fields_at_both_sizes(any_size_page, live_server):
    page = any_size_page
    organisation, secretary, _ = make_town()
    application = start_application(call=make_rich_call(), organisation=organisation, by=secretary, at=portal_now())
    typed = {
        "Q1": "La place", "LIEU": "76254\tÉtretat (76)", "PORTEUR": "12",
        "POSTES": [{"poste": "Bancs", "cout": "1 250,50", "fin": ""}, {"poste": "Arbres", "cout": "cher", "fin": ""}],
    }  # fmt: skip
    SectionAnswers.objects.create(
        application=application, section_code="S1", values=typed, updated_at=portal_now(), updated_by=secretary
    )
    enter(page, live_server, secretary)
    base = reverse("application", args=[application.uuid])
    look(page, live_server, f"{base}sections/S1/?manque", "genres")
    typed["POSTES"][1]["cout"] = "800"
    SectionAnswers.objects.update(values=typed)
    look(page, live_server, f"{base}relire/", "genres-relire")
    look(page, live_server, reverse("call_questions", args=[application.call.slug]), "genres-questions")


def test_the_way_through_the_call_at_both_sizes(any_size_page, live_server):
    page = any_size_page
    call = make_call()
    places, _ = make_tracks(call)
    organisation, secretary, _ = make_town(HARFLEUR)
    enter(page, live_server, secretary)
    look(page, live_server, reverse("application_new", args=[call.slug]), "volets")
    application = start_application(call=call, organisation=organisation, by=secretary, at=portal_now(), track=places)
    look(page, live_server, reverse("application_track", args=[application.uuid]), "changer-de-volet")
    now = portal_now()
    over = Window.objects.create(
        call=call, code="W0", position=0, track=places, opens_at=now - timedelta(9), closes_at=now - timedelta(1)
    )
    Application.objects.update(window=over)
    look(page, live_server, reverse("application", args=[application.uuid]), "vague-suivante")
    enter(page, live_server, make_role(call, "officer"))
    look(page, live_server, reverse("staff_communes", args=[call.slug]), "communes-volets")


def test_the_two_stages_at_both_sizes(any_size_page, live_server):
    page = any_size_page
    call = make_two_stages()
    first, secretary, mayor = make_intent(call)
    second, other, other_mayor = make_intent(call, HARFLEUR)
    deposit(first, mayor)
    deposit(second, other_mayor)
    officer = make_role(call, "officer")
    enter(page, live_server, officer)
    look(page, live_server, reverse("staff_application", args=[first.uuid]), "intention-a-examiner")
    keep_intent(application=first, by=officer, at=portal_now())
    dismiss_intent(application=second, reason="Le site est hors zone.", by=officer, at=portal_now())
    look(page, live_server, reverse("staff_communes", args=[call.slug]), "communes-etapes")
    enter(page, live_server, secretary)
    look(page, live_server, reverse("application", args=[first.uuid]), "intention-retenue")
    look(page, live_server, reverse("application", args=[first.following.uuid]), "dossier-ouvert")
    enter(page, live_server, other)
    look(page, live_server, reverse("application", args=[second.uuid]), "intention-non-retenue")


def test_rows_are_added_and_removed_in_the_page_and_kept_by_the_autosave(page, section):
    page.get_by_label("Poste").first.fill("Bancs")
    page.get_by_label("Coût").first.fill("1 250,50")
    add = page.get_by_role("button", name="Ajouter une ligne : Quels postes de dépense ?")
    add.click()
    second = page.locator("#id_POSTES-1-poste")
    expect(second).to_be_focused()
    second.fill("Arbres")
    add.click()
    expect(add).to_be_disabled()
    page.get_by_role("button", name="Retirer la ligne 1").first.click()
    expect(page.locator("#id_POSTES-0-poste")).to_have_value("Arbres")
    saved(page)
    expect(page.locator("#id_POSTES-1-poste")).to_have_value("")
    assert values(section)["POSTES"] == [{"poste": "Arbres", "cout": "", "fin": ""}]


def test_rows_typed_while_the_network_is_cut_come_back_with_the_page(page, section, live_server):
    page.get_by_label("Intitulé du projet").fill("La place")
    saved(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Ajouter une ligne : Quels postes de dépense ?").click()
    page.locator("#id_POSTES-0-poste").fill("Bancs")
    page.locator("#id_POSTES-1-poste").fill("Arbres")
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("gardé sur ce poste"), timeout=15_000)
    context = page.context
    page.close()
    context.set_offline(False)
    later = context.new_page()
    with later.expect_response(lambda answer: answer.url.endswith("/enregistrer/") and answer.ok):
        later.goto(f"{live_server.url}{reverse('section', args=[section.uuid, 'S1'])}")
    expect(later.locator("#id_POSTES-1-poste")).to_have_value("Arbres")
    assert [row["poste"] for row in values(section)["POSTES"]] == ["Bancs", "Arbres"]


def test_a_question_appears_at_once_with_the_answer_that_brings_it_and_leaves_with_it(page, section):
    page.get_by_label("Intitulé du projet").fill("La place")
    page.get_by_role("group", name="Y a-t-il de l’eau ?").get_by_label("Oui").check()
    brought = page.get_by_label("Quelle rive ?")
    expect(brought).to_be_visible(timeout=10_000)
    expect(page.get_by_label("Intitulé du projet")).to_have_value("La place")
    brought.fill("La rive droite")
    saved(page)
    page.get_by_role("group", name="Y a-t-il de l’eau ?").get_by_label("Non").check()
    expect(brought).to_have_count(0, timeout=10_000)
    saved(page)
    assert values(section)["EAU"] == "non"
    assert values(section)["RIVE"] == "La rive droite", "what was typed is kept"


def test_a_commune_is_chosen_in_the_list_and_kept_by_its_code(page, section):
    page.get_by_label("Question LIEU").click()
    field = page.locator("#id_LIEU")
    field.press_sequentially("etre", delay=40)
    page.get_by_role("option", name=re.compile("Étretat")).click()
    page.get_by_label("Intitulé du projet").fill("La place")
    saved(page)
    assert values(section)["LIEU"] == "76254\tÉtretat (76)"


def test_a_file_is_begun_on_a_track_and_a_table_filled_without_javascript(page_without_javascript, live_server):
    page = page_without_javascript
    call = make_rich_call()
    places, ways = make_tracks(call)
    call.windows.filter(track=ways).update(opens_at=portal_now() - timedelta(1))
    _, secretary, _ = make_town()
    enter(page, live_server, secretary)
    page.goto(f"{live_server.url}{reverse('application_new', args=[call.slug])}")
    page.get_by_role("button", name="Commencer la candidature").click()
    expect(page.get_by_text("Choisissez un volet.")).to_be_visible()
    page.get_by_label("Chemins").check()
    page.get_by_role("button", name="Commencer la candidature").click()
    page.get_by_role("link", name="Changer de volet").click()
    page.get_by_label("Places").check()
    page.get_by_role("button", name="Choisir ce volet").click()
    application = Application.objects.get()
    assert application.track == places
    page.goto(f"{live_server.url}{reverse('section', args=[application.uuid, 'S1'])}")
    page.get_by_label("Question LIEU").fill("Étretat (76)")
    page.locator("#id_POSTES-0-poste").fill("Bancs")
    page.get_by_role("button", name="Ajouter une ligne : Quels postes de dépense ?").click()
    page.locator("#id_POSTES-1-poste").fill("Arbres")
    page.get_by_role("button", name="Joindre : Plan de situation").click()
    expect(page.get_by_role("heading", name="Plan de situation")).to_be_visible()
    kept = values(application)
    assert kept["LIEU"] == "76254\tÉtretat (76)"
    assert [row["poste"] for row in kept["POSTES"]] == ["Bancs", "Arbres"]
    page.get_by_role("link", name="Revenir à la section").click()
    page.get_by_role("group", name="Y a-t-il de l’eau ?").get_by_label("Oui").check()
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    expect(page.get_by_label("Quelle rive ?")).to_be_visible()
