"""A rehearsal in a real browser: every screen of it accessible and narrow, its band on each page inside, then erased."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from calls.models import Call
from portal.accounts.models import User
from portal.core.models import OutboundEmail
from portal.core.spaces import inside
from portal.rehearsals import services
from portal.rehearsals.models import Rehearsal
from tests.browser.screens import enter, faults_of
from tests.journeys.look import look
from tests.rehearsals.makers import make_document_call, play_steps, start_rehearsal

pytestmark = pytest.mark.django_db(transaction=True)
BOARD, INSIDE = "/gestion/appels/places/repetition/", "/repetition/places"


@pytest.fixture
def made() -> Iterator[tuple[Call, User]]:
    """The schema of a rehearsal outlives the emptying of the tables: it is erased whatever happens."""
    yield make_document_call(communes=6)
    for rehearsal in Rehearsal.objects.all():
        services.erase(rehearsal=rehearsal)


def test_the_screens_of_a_rehearsal(any_size_page: Page, live_server, made) -> None:
    page, (call, manager) = any_size_page, made
    size = page.viewport_size
    enter(page, live_server.url, manager)
    assert faults_of(page, live_server.url, {"rehearsal-start": BOARD}) == {"rehearsal-start": []}
    rehearsal = start_rehearsal(call, manager, stage="jury", files=6)
    page.set_viewport_size(size)
    assert faults_of(page, live_server.url, {"rehearsal-begun": BOARD}) == {"rehearsal-begun": []}
    page.set_viewport_size(size)
    play_steps(rehearsal)
    with inside(rehearsal.space):
        mail = OutboundEmail.objects.filter(kind="call.invitation")[0].pk
    paths = {
        "rehearsal-board": BOARD,
        "rehearsal-places": f"{BOARD}communes/",
        "rehearsal-mails": f"{BOARD}courriels/",
        "rehearsal-mail": f"{BOARD}courriels/{mail}/",
        "rehearsal-erase": f"{BOARD}effacer/",
    }
    assert faults_of(page, live_server.url, paths) == {name: [] for name in paths}


def test_one_plays_each_part_then_nothing_is_left(any_size_page: Page, live_server, made) -> None:
    page, manager, size = any_size_page, made[1], any_size_page.viewport_size
    enter(page, live_server.url, manager)
    page.goto(f"{live_server.url}/gestion/appels/places/")
    page.get_by_role("link", name="Répéter cet appel").click()
    page.get_by_label("Jury réuni").check()
    page.get_by_label("Nombre de dossiers fictifs").fill("4")
    page.get_by_role("button", name="Commencer la répétition").click()
    play_steps(Rehearsal.objects.get())
    page.goto(f"{live_server.url}{BOARD}")
    look(page, picture="service-repetition", width=1280, height=1000)
    for name, heading in (
        ("Présidence du jury", "Mes actions"),
        ("Instruction", "Mes actions"),
        ("visiteur", "Places à vivre"),
    ):
        page.goto(f"{live_server.url}{BOARD}")
        page.get_by_role("button", name=f"Entrer comme {name}").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        expect(page.get_by_role("region", name="Répétition")).to_contain_text("rien n’est envoyé")
        assert page.url.startswith(f"{live_server.url}{INSIDE}/")
        name = f"rehearsal-inside-{heading.split()[0].lower()}"
        assert faults_of(page, live_server.url, {name: page.url.removeprefix(live_server.url)}) == {name: []}
        page.set_viewport_size(size)
    page.get_by_role("link", name="Tableau de la répétition").click()
    page.get_by_role("link", name="Effacer la répétition").click()
    page.get_by_role("button", name="Tout effacer").click()
    expect(page.get_by_text("La répétition est effacée")).to_be_visible()
    assert not Rehearsal.objects.exists()
