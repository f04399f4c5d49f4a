"""A juror notes ten files on a tablet and on a phone, and loses nothing when the network drops (issue 7)."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from juries.models import Assessment
from tests.juries.scenes import Scene, declare_all, make_file, make_scene
from tests.juries.test_browser import enter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
FILES = 10
SAVED = "Enregistré à"
CUT, CLOSED = 3, 6  # the files during which the network drops, the second time until the page is closed


def ten_files() -> Scene:
    scene = make_scene(1)
    for n in range(2, FILES + 1):
        scene.files.append(make_file(scene.call, (f"76{n:03}", str(217_600_000 + n), f"Commune {n}", 0, 500), n))
    return declare_all(scene)


def give(page: Page, code: str, note: int) -> None:
    page.locator(f"input[name=note_{code}][value='{note}']").check(force=True)


def notes_of(n: int) -> tuple[int, int]:
    return n % 6, (n + 2) % 6


@pytest.mark.parametrize(("width", "height"), [(768, 1024), (390, 844)])
def test_ten_files_and_a_network_that_drops(page: Page, live_server, width: int, height: int):
    scene = ten_files()
    page.set_viewport_size({"width": width, "height": height})
    enter(page, live_server, scene.holders[1].user)
    for n, file in enumerate(scene.files):
        url = f"{live_server.url}{reverse('jury_file', args=[file.uuid])}"
        page.goto(url)
        first, second = notes_of(n)
        state = page.locator("[data-save-state]")
        give(page, "C1", first)
        expect(state).to_contain_text(SAVED, timeout=15_000)
        if n in (CUT, CLOSED):
            page.context.set_offline(True)
            give(page, "C2", second)
            expect(state).to_contain_text("Non enregistré", timeout=15_000)
            if n == CLOSED:
                page = reopened(page, url, width, height)
                state = page.locator("[data-save-state]")
                expect(page.locator(f"input[name=note_C2][value='{second}']")).to_be_checked()
            else:
                page.context.set_offline(False)
            expect(state).to_contain_text(SAVED, timeout=20_000)
        else:
            give(page, "C2", second)
        page.get_by_role("button", name="Valider mes notes").click()
        expect(page.get_by_text("Notes validées pour")).to_be_visible()
    kept = {
        sheet.application_id: tuple(int(row.note) for row in sheet.scores.order_by("criterion__position"))
        for sheet in Assessment.objects.filter(state="submitted", author=scene.holders[1].user)
    }
    assert kept == {file.pk: notes_of(n) for n, file in enumerate(scene.files)}


def reopened(page: Page, url: str, width: int, height: int) -> Page:
    """The page closed without network, then opened again once it is back."""
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.set_viewport_size({"width": width, "height": height})
    again.goto(url)
    return again
