"""The components in a real browser: no accessibility violation, no sideways scroll, nothing fetched before focus."""

import re

import pytest
from playwright.sync_api import expect

from tests.harness.browser import axe_violations, screenshot

pytestmark = pytest.mark.django_db(transaction=True)

FIXED_PAGES = [
    "contact",
    "mentions-legales",
    "donnees-personnelles",
    "accessibilite",
    "plan-du-site",
    "aide",
    "code-source",
]


def overflow(page):
    """Elements that stick out of the window, when the page scrolls sideways."""
    return page.evaluate(
        "() => document.documentElement.scrollWidth <= innerWidth ? [] :"
        " [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
        " && !e.closest('.table-region')).map(e => e.tagName + '.' + e.className)"
    )


def test_every_component_passes_axe(any_size_page, live_server):
    any_size_page.goto(f"{live_server.url}/composants/")
    assert axe_violations(any_size_page) == []
    screenshot(any_size_page, "composants")


@pytest.mark.parametrize("width", [320, 390, 640, 768, 992, 1280])
def test_the_page_never_scrolls_sideways(page, live_server, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/composants/")
    assert overflow(page) == []


@pytest.mark.parametrize("name", FIXED_PAGES)
def test_fixed_pages_pass_axe_and_fit_a_phone(page, live_server, name):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{live_server.url}/{name}/")
    assert axe_violations(page) == []
    assert overflow(page) == []


@pytest.mark.parametrize("width", [992, 1024, 1280])
def test_the_bars_of_the_full_chain_stay_visible(page, live_server, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/composants/")
    gaps = page.evaluate(
        "() => { const pills = [...document.querySelector('.chain').querySelectorAll('.chain-pill')]"
        ".map(p => p.getBoundingClientRect()); return pills.slice(1).map((p, i) => p.left - pills[i].right) }"
    )
    assert len(gaps) == 6
    assert min(gaps) >= 16


def test_a_public_page_stays_under_its_weight_and_loads_no_script(page, live_server):
    fetched = {}
    page.on("response", lambda r: fetched.update({r.url.removeprefix(live_server.url): len(r.body())}))
    page.goto(f"{live_server.url}/aide/")
    page.wait_for_load_state("networkidle")
    assert [url for url in fetched if url.endswith(".js")] == []
    assert [size for url, size in fetched.items() if url.endswith(".woff2")] == [pytest.approx(20_000, abs=6_000)]


def test_the_menu_opens_without_javascript(page_without_javascript, live_server):
    page = page_without_javascript
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{live_server.url}/aide/")
    menu = page.locator(".nav-narrow nav")
    expect(menu).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    expect(menu.get_by_role("link", name="Aide")).to_be_visible()


def test_the_first_tab_stop_skips_to_the_content(page, live_server):
    page.goto(f"{live_server.url}/aide/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


# --- scripts -----------------------------------------------------------------------------------------------------


class Stage:
    """A page served at `/essai/` with one script of the portal, and an endpoint that answers as told."""

    def __init__(self, page, live_server, script, body):
        self.page, self.url = page, f"{live_server.url}/essai/"
        self.posts, self.answer = [], None
        source = f'<!doctype html><html lang="fr"><title>Essai</title><main>{body}</main>'
        self.html = f'{source}<script type="module" src="/static/js/{script}"></script></html>'
        page.route(self.url, lambda route: route.fulfill(body=self.html, content_type="text/html; charset=utf-8"))
        page.route("**/essai/enregistrer/", self.saved)

    def saved(self, route):
        self.posts.append(route.request)
        if self.answer is None:
            route.abort()
        else:
            route.fulfill(json=self.answer)

    def open(self):
        self.page.goto(self.url)
        self.page.wait_for_load_state("networkidle")


DRAFT = (
    '<form data-autosave data-autosave-url="/essai/enregistrer/"><input type="hidden" name="version" value="{version}">'
    '<textarea id="why" name="why">{text}</textarea></form><p data-completeness>3 sur 7</p>'
    '<span data-save-state data-state=""><span data-save-text></span><span role="status" data-save-announce></span>'
    '<button type="button" data-save-retry hidden>Réessayer</button></span>'
)


def test_a_text_saves_two_seconds_after_typing(page, live_server):
    page.clock.install()
    stage = Stage(page, live_server, "autosave.js", DRAFT.format(version=4, text=""))
    stage.answer = {"saved_at_label": "Enregistré à 14 h 32", "version": 5, "completeness": "4 sur 7"}
    stage.open()
    page.locator("#why").fill("Un banc.")
    page.clock.fast_forward(1900)
    assert stage.posts == []
    page.clock.fast_forward(200)
    expect(page.locator("[data-save-text]")).to_have_text("Enregistré à 14 h 32")
    (post,) = stage.posts
    assert post.headers["x-requested-with"] == "autosave"
    assert 'name="why"\r\n\r\nUn banc.' in post.post_data
    assert 'name="version"\r\n\r\n4' in post.post_data
    assert page.locator("[name=version]").input_value() == "5"
    assert page.locator("[data-completeness]").text_content() == "4 sur 7"
    assert page.evaluate("localStorage.length") == 0


def test_a_text_that_cannot_leave_stays_on_the_computer_and_comes_back(page, live_server):
    page.clock.install()
    stage = Stage(page, live_server, "autosave.js", DRAFT.format(version=4, text=""))
    stage.open()
    page.locator("#why").fill("Deux bancs.")
    page.clock.fast_forward(2100)
    said = page.locator("[data-save-text]")
    expect(said).to_have_text("Non enregistré\u00a0: votre texte est gardé sur ce poste")
    expect(page.locator("[role=status]")).to_have_text("Non enregistré\u00a0: votre texte est gardé sur ce poste")
    expect(page.get_by_role("button", name="Réessayer")).to_be_visible()
    stage.open()
    assert page.locator("#why").input_value() == "Deux bancs."
    stage.answer = {"saved_at_label": "Enregistré à 14 h 40", "version": 5, "completeness": ""}
    page.clock.fast_forward(2100)
    expect(said).to_have_text("Enregistré à 14 h 40")
    assert page.evaluate("localStorage.length") == 0


def test_a_text_kept_here_never_overwrites_what_a_colleague_wrote_since(page, live_server):
    page.clock.install()
    stage = Stage(page, live_server, "autosave.js", DRAFT.format(version=4, text=""))
    stage.open()
    page.locator("#why").fill("Mon texte.")
    page.clock.fast_forward(2100)
    expect(page.get_by_role("button", name="Réessayer")).to_be_visible()
    stage.html = stage.html.replace(DRAFT.format(version=4, text=""), DRAFT.format(version=9, text="Le sien."))
    stage.open()
    assert page.locator("#why").input_value() == "Le sien."
    expect(page.locator("[data-save-text]")).to_have_text("Un texte écrit sur ce poste n’a pas été enregistré")
    page.get_by_role("button", name="Le reprendre").click()
    assert page.locator("#why").input_value() == "Mon texte."


def test_a_conflict_is_said_and_the_text_kept(page, live_server):
    page.clock.install()
    stage = Stage(page, live_server, "autosave.js", DRAFT.format(version=4, text=""))
    stage.answer = {
        "saved_at_label": "",
        "version": 6,
        "completeness": "",
        "conflict": "Une autre personne a écrit ici.",
    }
    stage.open()
    page.locator("#why").fill("Mon texte.")
    page.clock.fast_forward(2100)
    expect(page.locator("[data-save-text]")).to_have_text("Une autre personne a écrit ici.")
    assert page.locator("[name=version]").input_value() == "4"
    assert "Mon texte." in page.evaluate("Object.values(localStorage)[0]")


def test_the_counter_follows_and_turns_red(page, live_server):
    body = '<textarea id="t" data-counter="1000"></textarea><span data-counter-for="t">0</span>'
    stage = Stage(page, live_server, "counter.js", body)
    stage.open()
    shown = page.locator("[data-counter-for]")
    page.locator("#t").fill("é" * 5)
    expect(shown).to_have_text("5\u00a0caractères sur 1\u202f000")
    page.locator("#t").fill("é" * 1001)
    expect(shown).to_have_class("over")
    expect(page.locator("[role=status]")).to_have_text("1\u202f001\u00a0caractères sur 1\u202f000, trop long")


def test_the_countdown_follows_the_server_and_crosses_the_hour_of_summer(page, live_server):
    page.clock.install()
    body = (
        '<time data-countdown data-title="Il reste" datetime="2026-03-31T23:59:59+02:00"'
        ' data-now="2026-03-12T23:59:59+01:00">…</time>'
    )
    Stage(page, live_server, "countdown.js", body).open()
    page.clock.fast_forward(60_000)
    expect(page.locator("time")).to_have_text("Il reste 18\u00a0jours")


def test_the_combobox_comes_on_focus_and_gives_its_choice(page, live_server):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    body = (
        '<form><label for="c">Commune</label><input type="hidden" id="code" name="code">'
        '<input id="c" name="commune" data-combobox data-url="/essai/communes/" data-target="code"></form>'
    )
    found = {"results": [{"value": "76254", "label": "Étretat", "detail": "76790, <Seine-Maritime>"}]}
    page.route(re.compile("/essai/communes/"), lambda route: route.fulfill(json=found))
    Stage(page, live_server, "combobox.js", body).open()
    assert [url for url in fetched if "accessible-autocomplete" in url] == []
    page.locator("#c").focus()
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("etr")
    expect(page.get_by_role("option")).to_have_text(re.compile("Étretat 76790, <Seine-Maritime>"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_have_value("76254")
    assert page.get_by_role("combobox").input_value() == "Étretat"
    page.keyboard.type("!")
    expect(page.locator("#code")).to_have_value("")
