"""The longest form of the catalogue, every question open, filed whole: at 390 px, without script, by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application
from calls.definition.reading import read
from calls.models import Call
from portal.accounts.models import User
from tests.applications.catalogue import typed_answer
from tests.browser.hands import TICKED, Finger, Keys
from tests.browser.screens import overflow
from tests.harness.browser import SIZES
from tests.journeys import scenery
from tests.journeys.filing import photograph
from tests.journeys.look import enter
from tests.journeys.opening import CATALOGUE
from tests.journeys.walker import pdf_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# What opens a question rather than closing it.
OPENING = {"propriete": "acquisition", "technique": "plusieurs"}
CLOSING = {"aucune"}
NEXT = "Enregistrer et continuer"


def test_the_form_that_is_filed_is_the_longest_of_the_catalogue() -> None:
    lengths = {
        path.stem: sum(len(section.questions) for section in read(path.read_text(encoding="utf-8")).sections)
        for path in CATALOGUE.parent.glob("*.yaml")
    }
    assert max(lengths, key=lengths.__getitem__) == CATALOGUE.stem
    assert lengths[CATALOGUE.stem] == 58


def answers(call: Call, code: str) -> dict[str, object]:
    """An answer to every question of a section, such that all of them are asked."""
    found: dict[str, object] = {}
    for question in call.sections.get(code=code).questions.all():
        every = [option["code"] for option in question.options if option["code"] not in CLOSING]
        found[question.code] = every if question.kind == "multiple" else typed_answer(question)
    return found | {code: value for code, value in OPENING.items() if code in found}


def file_whole(hand: Finger, call: Call, mayor: User, url: str) -> Application:
    """From the page of the call to the receipt, by the person who signs."""
    page = hand.page
    enter(page, url, mayor)
    page.goto(f"{url}/appels/{call.slug}/")
    hand.follow("^Préparer notre candidature")
    expect(page.get_by_role("button", name="Commencer la candidature")).to_be_visible()
    hand.press("Commencer la candidature")
    expect(page.get_by_role("heading", level=1)).to_have_text("Candidature d’Étretat")
    hand.follow("1. Commune et contacts")
    for section in call.sections.all():
        write_section(hand, call, section.code, section.title)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pièces")
    join_pieces(hand, call)
    hand.follow("^Tout relire$")
    expect(page.get_by_text("Il ne manque rien.")).to_be_visible()
    assert overflow(page) == []
    hand.follow("^Passer au dépôt$")
    expect(page.get_by_role("heading", name="Ce à quoi la commune s’engage")).to_be_visible()
    assert overflow(page) == []
    ticks = {f"undertaking_{undertaking.code}": [TICKED] for undertaking in call.undertakings.all()}
    hand.write({**ticks, "confirm": [TICKED]}, "Déposer la candidature")
    expect(page.get_by_text(f"TPS-{call.edition}-0001").first).to_be_visible()
    assert overflow(page) == []
    return Application.objects.get()


def write_section(hand: Finger, call: Call, code: str, title: str) -> None:
    """Answer; what the answers open is asked before one goes on, and answered too."""
    page = hand.page
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(title)
    assert overflow(page) == []
    for _ in range(3):
        before = page.url, page.evaluate("() => performance.timeOrigin")
        hand.write(answers(call, code), NEXT)
        page.wait_for_function("before => performance.timeOrigin !== before", arg=before[1])
        page.wait_for_load_state()
        if page.url != before[0]:
            return
    raise AssertionError(f"{title}: {page.locator('.error-summary').inner_text()}")


def join_pieces(hand: Finger, call: Call) -> None:
    """Every piece that the call needs, in as many files as it needs."""
    page = hand.page
    for piece in call.piece_types.exclude(need="optional"):
        hand.follow(f"Joindre.*{piece.label}")
        expect(page.get_by_role("heading", level=1)).to_have_text(piece.label)
        assert overflow(page) == []
        for n in range(max(1, piece.min_count)):
            hand.attach(sheet(piece.code, n))
        if piece.max_count > 1 or piece.resolution:
            hand.follow("^Revenir aux pièces$")
        expect(page.get_by_role("heading", level=1)).to_have_text("Pièces")


def sheet(code: str, n: int) -> dict[str, object]:
    if code == "PHOTOS":
        return {"name": f"site-{n}.png", "mimeType": "image/png", "buffer": photograph(n).read()}
    return {"name": f"{code.lower()}.pdf", "mimeType": "application/pdf", "buffer": pdf_file("x.pdf").read()}


def is_filed(application: Application, call: Call) -> None:
    """One deposit, with an answer to each of the 58 questions and every piece asked for."""
    deposit = application.deposits.get()
    answered = {
        answer["code"] for section in deposit.answers["sections"] for answer in section["answers"] if answer["text"]
    }
    assert answered == {question.code for section in call.sections.all() for question in section.questions.all()}
    needed = call.piece_types.exclude(need="optional")
    assert sorted(deposit.pieces.values_list("piece_code", flat=True)) == sorted(
        piece.code for piece in needed for _ in range(max(1, piece.min_count))
    )


def test_filed_on_a_phone(page: Page, live_server) -> None:
    page.set_viewport_size(SIZES["phone"])
    call, (_, _, mayor) = scenery.make_real_call(closes_in=19), scenery.make_people("76254")
    is_filed(file_whole(Finger(page), call, mayor, live_server.url), call)


def test_filed_with_javascript_off(page_without_javascript: Page, live_server) -> None:
    call, (_, _, mayor) = scenery.make_real_call(closes_in=19), scenery.make_people("76254")
    is_filed(file_whole(Finger(page_without_javascript), call, mayor, live_server.url), call)


def test_filed_by_keyboard_alone(page: Page, live_server) -> None:
    """From the page of the call to the receipt; not one click."""
    page.set_viewport_size(SIZES["large"])
    call, (_, _, mayor) = scenery.make_real_call(closes_in=19), scenery.make_people("76254")
    page.add_init_script("addEventListener('mousedown', () => { throw new Error('a pointer was used') }, true)")
    is_filed(file_whole(Keys(page), call, mayor, live_server.url), call)
