"""What the tests of whole screens share: enter as someone, walk pages, collect what is wrong with each."""

from django.test import Client
from playwright.sync_api import Page

from portal.accounts.models import User
from portal.accounts.stepup import KEY
from portal.core.clock import portal_now
from tests.harness.browser import axe_violations, screenshot

NARROWEST = {"width": 320, "height": 700}


def enter(page: Page, url: str, user: User, *, stepped_up: bool = False) -> None:
    """Open the portal as this person; `stepped_up`: a mailed code was given a moment ago."""
    client = Client()
    client.force_login(user)
    if stepped_up:
        session = client.session
        session[KEY] = portal_now().isoformat()
        session.save()
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def overflow(page: Page) -> list[str]:
    """Elements that stick out of the window, when the page scrolls sideways; those inside a table's region do not."""
    return page.evaluate(
        "() => document.documentElement.scrollWidth <= innerWidth ? [] :"
        " [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
        " && !e.closest('.table-region')).map(e => `${e.tagName}.${e.className} is wider than the window`)"
    )


def faults_of(page: Page, url: str, paths: dict[str, str]) -> dict[str, list[str]]:
    """For each page: violations of accessibility and sideways scroll as it stands, then sideways scroll at 320 px."""
    size, found = page.viewport_size, {}
    for name, path in paths.items():
        page.set_viewport_size(size)
        page.goto(f"{url}{path}")
        screenshot(page, name)
        found[name] = [*axe_violations(page), *overflow(page)]
        page.set_viewport_size(NARROWEST)
        found[name] += overflow(page)
    page.set_viewport_size(size)
    return found
