"""What the browser journeys share: enter as someone, look at each page met, keep the pictures of the guides."""

import io
import os
from pathlib import Path

from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Page

from portal.accounts.models import User
from portal.accounts.stepup import KEY
from portal.core.clock import portal_now
from tests.browser.screens import overflow
from tests.harness.browser import axe_violations

DOCS = settings.ROOT / "docs"
WANTED = os.environ.get("GUIDE_PICTURES") == "1"
LIMIT = 200_000
# Debian's Chromium speaks English only: date fields are drawn as a French browser draws them; messages come and go.
AS_IN_FRENCH = """() => {
  document.querySelectorAll(".messages").forEach(element => element.remove());
  for (const field of document.querySelectorAll("input[type=date]")) {
    field.dataset.day = field.value;
    field.type = "text";
    field.value = field.dataset.day.split("-").reverse().join("/") || "jj/mm/aaaa";
  }
}"""
AS_BEFORE = """() => document.querySelectorAll("input[data-day]").forEach(field => {
  field.type = "date";
  field.value = field.dataset.day;
  delete field.dataset.day;
})"""


def enter(page: Page, url: str, user: User, *, code_given: bool = False) -> None:
    """Open the portal as this person; `code_given`: the mailed code was given a moment ago."""
    client = Client()
    client.force_login(user)
    if code_given:
        session = client.session
        session[KEY] = portal_now().isoformat()
        session.save()
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def look(page: Page, *, picture: str = "", width: int = 0, height: int = 0) -> None:
    """No violation of accessibility, no sideways scroll.

    `picture`, in `docs/guides/images/` (or in `docs/` when it names a folder), is kept at `width`, cut at `height`.
    """
    page.wait_for_load_state("load")
    assert axe_violations(page) == [], page.url
    assert overflow(page) == [], page.url
    shown = page.viewport_size["width"] if page.viewport_size else 0
    if picture and WANTED and width in (0, shown):
        keep(page, DOCS / f"{picture if '/' in picture else f'guides/images/{picture}'}.png", height)


def keep(page: Page, path: Path, height: int = 0) -> None:
    """Save what the page shows, messages aside, in a palette that weighs little."""
    page.evaluate(AS_IN_FRENCH)
    content = page.screenshot(full_page=True)
    page.evaluate(AS_BEFORE)
    with Image.open(io.BytesIO(content)) as image:
        box = (0, 0, image.width, min(image.height, height or image.height))
        small = image.convert("RGB").crop(box).quantize(128, dither=Image.Dither.NONE)
        path.parent.mkdir(parents=True, exist_ok=True)
        small.save(path, optimize=True)
    assert path.stat().st_size <= LIMIT, f"{path.name}: {path.stat().st_size} bytes"


def give_note(page: Page, code: str, note: int) -> None:
    """Click the square of a note, as a finger would."""
    page.locator(f"label.note-square:has(input[name=note_{code}][value='{note}'])").click()
