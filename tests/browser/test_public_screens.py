"""The public pages of a call in a real browser: accessible, narrow, light, and whole without JavaScript."""

import gzip
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from calls.models import Call
from portal.core.clock import portal_now
from tests.browser.screens import faults_of
from tests.factories import BENOUVILLE, ETRETAT, make_call, make_commune, make_institution

pytestmark = pytest.mark.django_db(transaction=True)

FIRST_VISIT = 100_000
ALL_STYLES = 38_000
TEXTS = {
    "brief": [{"label": "Pour qui", "text": "Les communes de la communauté urbaine."}],
    "goal": "Faire naître des projets.\n\nLe jury regarde :\n- la santé ;\n- la fraîcheur.",
    "texts": [{"code": "offre", "title": "L’accompagnement proposé", "text": "Un an, avec un référent."}],
}


@pytest.fixture
def call() -> Call:
    """An open call with its texts, beside a closed one and one to come."""
    now, owner = portal_now(), make_institution()
    make_commune(ETRETAT)
    make_call(owner, opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=5), edition="2026")
    make_call(owner, opens_at=now + timedelta(days=9), closes_at=now + timedelta(days=40), edition="2028")
    return make_call(owner, texts=TEXTS)


def paths_of(call: Call) -> dict[str, str]:
    others = {f"call-{other.edition}": f"/appels/{other.slug}/" for other in Call.objects.exclude(pk=call.pk)}
    return {
        "landing": "/",
        "calls": "/appels/",
        "calls-none": "/appels/?q=introuvable",
        "call": f"/appels/{call.slug}/",
        "call-eligible": f"/appels/{call.slug}/?commune=etretat",
        "call-unknown": f"/appels/{call.slug}/?commune=introuvable",
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
    page.get_by_role("link", name="Bénouville (Seine-Maritime, 76)").first.click()
    expect(page.locator(".verdict-title")).to_have_text("Oui, Bénouville peut candidater.")
    assert page.input_value("#commune") == "Bénouville"


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
