"""The public pages of a call in a real browser: accessible, narrow, light, and whole without JavaScript."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from calls.definition.load import load
from calls.definition.reading import read
from calls.definition.shifting import with_calendar
from calls.models import Call, CallRole, Enquiry
from calls.services.enquiries import ask_question, publish_answer
from portal.accounts.models import Organisation
from portal.core.clock import portal_now
from tests.browser.screens import enter, faults_of
from tests.factories import BENOUVILLE, ETRETAT, make_call, make_commune, make_institution, make_role
from tests.harness.browser import screenshot

pytestmark = pytest.mark.django_db(transaction=True)

CATALOGUE = Path(__file__).parents[2] / "calls/catalogue/territoire-promoteur-de-sante.yaml"
ANSWERS = {
    "Une commune nouvelle peut-elle présenter deux places ?": "Oui, si elles forment un seul projet.\n\nUne commune ne participe qu’à une candidature.",
    "La délibération peut-elle arriver après la clôture ?": "Oui : promettez-la dans le formulaire, puis joignez-la avant le jour indiqué.",
}
FIRST_VISIT = 100_000
ALL_STYLES = 38_000
TEXTS = {
    "brief": [{"label": "Pour qui", "text": "Les communes de la communauté urbaine."}],
    "goal": "Faire naître des projets.\n\nLe jury regarde :\n- la santé ;\n- la fraîcheur.",
    "texts": [{"code": "offre", "title": "L’accompagnement proposé", "text": "Un an, avec un référent."}],
}


@pytest.fixture
def call() -> Call:
    """The open call of the catalogue, beside a small one, a closed one, one to come and a dropped one."""
    now, owner = portal_now(), make_institution()
    make_commune(ETRETAT)
    for code, name in (("76196", "Criquetot-l’Esneval"), ("76197", "Criquetot-le-Mauconduit")):
        make_commune((code, f"2176{code}", name, 0, 800))
    whole(owner)
    make_call(owner, state="cancelled", edition="2025")
    make_call(owner, opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=5), edition="2026")
    make_call(owner, opens_at=now + timedelta(days=9), closes_at=now + timedelta(days=40), edition="2028")
    return make_call(owner, texts=TEXTS)


def whole(owner: Organisation) -> Call:
    """The programme of the catalogue, published and open, with two answers."""
    now = portal_now()
    document = with_calendar(
        read(CATALOGUE.read_text()), closes_at=now + timedelta(days=50), slug="tps", edition="2029"
    )
    call = load(document, owner=owner, at=now)
    Call.objects.filter(pk=call.pk).update(state="published", published_at=now)
    call.refresh_from_db()
    manager = make_role(call)
    for text, answer in ANSWERS.items():
        asked = ask_question(call=call, email="mairie@exemple.fr", text=text, at=now)
        publish_answer(enquiry=asked, question=text, answer=answer, by=manager, at=now)
    ask_question(call=call, email="mairie@exemple.fr", text="Le hameau voisin peut-il participer ?", at=now)
    return call


def paths_of(call: Call) -> dict[str, str]:
    others = {f"call-{other.edition}": f"/appels/{other.slug}/" for other in Call.objects.exclude(pk=call.pk)}
    return {
        "landing": "/",
        "calls": "/appels/",
        "calls-none": "/appels/?q=introuvable",
        "calls-place": "/appels/?territoire=%C3%89tretat+(76)",
        "calls-choice": "/appels/?territoire=criquetot&etat=ouvert",
        "answers": "/appels/tps/questions-reponses/",
        "answers-none": "/appels/tps/questions-reponses/?q=introuvable",
        "ask": "/appels/tps/questions-reponses/poser/",
        "call": f"/appels/{call.slug}/",
        "call-eligible": f"/appels/{call.slug}/?commune=etretat",
        "call-unknown": f"/appels/{call.slug}/?commune=introuvable",
        "eligibility": f"/appels/{call.slug}/eligible/",
        "eligibility-none": f"/appels/{call.slug}/eligible/?commune=introuvable",
        "eligibility-of": f"/appels/{call.slug}/eligible/76254/",
        "perimeter": f"/appels/{call.slug}/communes/",
        "questions": f"/appels/{call.slug}/questions/",
        **others,
    }


def test_public_pages_pass_axe_and_fit_every_window(any_size_page: Page, live_server, call: Call) -> None:
    paths = paths_of(call)
    assert faults_of(any_size_page, live_server.url, paths) == {name: [] for name in paths}


def test_the_door_comes_before_the_text_on_a_phone(any_size_page: Page, live_server, call: Call) -> None:
    any_size_page.goto(f"{live_server.url}/appels/{call.slug}/")
    door = any_size_page.get_by_role("link", name="Préparer notre candidature").bounding_box()
    text = any_size_page.get_by_role("heading", name="Ma commune est-elle éligible").bounding_box()
    documents = any_size_page.get_by_role("heading", name="Documents").bounding_box()
    beside = any_size_page.viewport_size["width"] > 900
    assert (door["x"] > text["x"] + 600) == beside
    assert (door["y"] < text["y"] < documents["y"]) is not beside


def test_lines_that_begin_with_a_dash_are_a_list(page: Page, live_server, call: Call) -> None:
    page.goto(f"{live_server.url}/appels/{call.slug}/")
    items = page.locator(".call-words li")
    expect(items).to_have_text(["la santé\u202f;", "la fraîcheur."])


def test_the_check_works_without_javascript(page_without_javascript: Page, live_server, call: Call) -> None:
    page = page_without_javascript
    page.goto(f"{live_server.url}/appels/{call.slug}/")
    page.fill("#commune", "etretat")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.locator(".verdict-title")).to_have_text("Oui, Étretat peut candidater.")
    expect(page.locator(".verdict li")).to_contain_text(["Étretat est membre de l’une des communes"])


def test_homonyms_are_chosen_without_javascript(page_without_javascript: Page, live_server, call: Call) -> None:
    page = page_without_javascript
    make_commune(BENOUVILLE)
    make_commune(("76999", "217609999", "Bénouville", 0, 40))
    page.goto(f"{live_server.url}/appels/{call.slug}/?commune=benouville")
    page.get_by_role("link", name="Bénouville").first.click()
    expect(page.locator(".verdict-title")).to_have_text("Oui, Bénouville peut candidater.")
    page.wait_for_url("**/eligible/76*/")


def test_the_map_is_walked_by_keyboard(page: Page, live_server, call: Call) -> None:
    make_commune(ETRETAT)
    page.goto(f"{live_server.url}/appels/{call.slug}/communes/")
    shape = page.get_by_role("link", name="Étretat : éligible")
    shape.focus()
    assert shape.evaluate("node => getComputedStyle(node.querySelector('.hex')).strokeWidth") == "3.5px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/eligible/76254/")


def test_the_check_proposes_communes_and_answers_the_one_chosen(page: Page, live_server, call: Call) -> None:
    page.goto(f"{live_server.url}/appels/{call.slug}/")
    page.locator("#commune").focus()
    field = page.get_by_role("combobox")
    field.press_sequentially("etr")
    page.get_by_role("option", name="Étretat").click()
    expect(page.locator(".verdict-title")).to_have_text("Oui, Étretat peut candidater.")


def test_a_first_visit_of_the_page_of_a_call_stays_light(page: Page, live_server, call: Call) -> None:
    bodies: dict[str, bytes] = {}
    page.on("response", lambda answer: bodies.update({answer.url: answer.body()}))
    page.goto(f"{live_server.url}/appels/{call.slug}/")
    page.wait_for_load_state("networkidle")
    weights = {u: len(b) if u.endswith(".woff2") else len(gzip.compress(b)) for u, b in bodies.items()}
    assert sum(weights.values()) <= FIRST_VISIT, weights
    assert sum(weight for url, weight in weights.items() if url.endswith(".css")) <= ALL_STYLES, weights
    assert [url.rsplit("/")[-1] for url in weights if url.endswith(".js")] == ["combobox.js"]


def test_the_list_narrows_to_a_territory_without_javascript(
    page_without_javascript: Page, live_server, call: Call
) -> None:
    page = page_without_javascript
    page.goto(f"{live_server.url}/appels/?etat=ouvert")
    page.get_by_label("Territoire").fill("criquetot")
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("link", name="Criquetot-l’Esneval (76)").click()
    expect(page.locator(".list-count")).to_contain_text("2 appels pour Criquetot-l’Esneval (76)")
    assert page.get_by_label("État").input_value() == "ouvert"


def test_the_combobox_of_territories_fills_the_filter(page: Page, live_server, call: Call) -> None:
    page.goto(f"{live_server.url}/appels/")
    page.get_by_label("Territoire").focus()
    page.get_by_role("combobox", name="Territoire").press_sequentially("normand")
    page.get_by_role("option", name="Normandie (région)").click()
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(".list-count")).to_contain_text("pour Normandie (région)")
    screenshot(page, "calls-combobox")


def test_a_question_is_asked_then_answered(page: Page, live_server, call: Call) -> None:
    page.goto(f"{live_server.url}/appels/tps/questions-reponses/")
    page.get_by_role("link", name="Poser une question").click()
    page.get_by_role("button", name="Envoyer la question").click()
    expect(page.get_by_role("link", name="Votre question")).to_be_visible()
    page.get_by_label("Votre question").fill("Peut-on venir à trois ?")
    page.get_by_label("Votre adresse de courriel").fill("mairie@exemple.fr")
    page.get_by_role("button", name="Envoyer la question").click()
    expect(page.get_by_text("Votre question est transmise.")).to_be_visible()
    assert Enquiry.objects.filter(asked="Peut-on venir à trois ?").count() == 1


def test_staff_screens_of_the_questions_pass_axe(any_size_page: Page, live_server, call: Call) -> None:
    tps = Call.objects.get(slug="tps")
    enter(any_size_page, live_server.url, CallRole.objects.get(call=tps, role="manager").user)
    waiting, told = tps.enquiries.filter(state="asked").get(), tps.enquiries.filter(state="answered").first()
    paths = {
        "staff-call-questions": "/gestion/appels/tps/",
        "staff-questions": "/gestion/appels/tps/questions/",
        "staff-questions-told": "/gestion/appels/tps/questions/?etat=publiees",
        "staff-question": f"/gestion/appels/tps/questions/{waiting.uuid}/",
        "staff-question-told": f"/gestion/appels/tps/questions/{told.uuid}/",
        "staff-question-decline": f"/gestion/appels/tps/questions/{waiting.uuid}/ecarter/",
        "actions-questions": "/mes-actions/",
    }
    assert faults_of(any_size_page, live_server.url, paths) == {name: [] for name in paths}
