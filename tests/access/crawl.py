"""Walks every page that a person can reach by its links, and reads what stands on them."""

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.accounts.models import User
from tests.access.stages import MOMENTS
from tests.access.world import World

MAX_PAGES = 1500
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
# Leaving, and pages of the library that change the account.
NOT_FOLLOWED = re.compile(r"^/(compte/|static/|developpement/|composants/)")


@dataclass(frozen=True)
class Page:
    path: str
    status: int
    kind: str
    body: str

    @property
    def is_html(self) -> bool:
        return self.kind.startswith("text/html")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.found.append(values["href"] or "")


def links_of(page: Page) -> list[str]:
    """Addresses of this portal, without fragment."""
    parser = _Links()
    parser.feed(page.body)
    here = [urljoin(page.path, link).partition("#")[0] for link in parser.found]
    return [link for link in here if not urlsplit(link).netloc and link.startswith("/")]


def crawl(world: World, user: User | None, *, starts: Iterable[str] = (), stepped_up: bool = True) -> dict[str, Page]:
    """Every page reached from the pages without parameters, by GET, each undone."""
    wanted, seen, alike = deque([*doors(), *starts]), {}, Counter()
    while wanted and len(seen) < MAX_PAGES:
        path = wanted.popleft()
        if path in seen or NOT_FOLLOWED.match(path) or alike[shape(path)] >= most_alike(path):
            continue
        alike[shape(path)] += 1
        seen[path] = page = open_page(world, user, path, stepped_up=stepped_up)
        if page.is_html:
            wanted.extend(link for link in links_of(page) if link not in seen)
    assert len(seen) < MAX_PAGES, "the crawl does not end"
    return seen


def shape(path: str) -> str:
    """The path without its identifiers, the query without its values."""
    bare, _, query = path.partition("?")
    keys = ",".join(sorted(name for name, _ in parse_qsl(query, keep_blank_values=True)))
    return f"{IDENTIFIER.sub('#', bare)}?{keys}"


def most_alike(path: str) -> int:
    """How many pages of one shape are read: each moment once; public pages, and each way to filter a list, twice."""
    return 2 if "?" in path or path.startswith("/appels/") else len(MOMENTS) + 1


def open_page(world: World, user: User | None, path: str, *, stepped_up: bool = True, **headers: str) -> Page:
    """One page; a redirection is a page whose only link is where it leads."""
    with transaction.atomic():
        response = world.browser(user, stepped_up=stepped_up).get(path, headers=headers)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    text = body.decode(errors="replace")
    if where := response.headers.get("Location"):
        text = f'<a href="{where}"></a>'
    return Page(path, response.status_code, response.headers.get("Content-Type", ""), text)


def doors() -> list[str]:
    """The addresses without parameter, the library's left out."""
    found: list[str] = []

    def look(resolver: Any) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                look(entry)
            elif is_door(entry):
                found.append(reverse(entry.name))

    look(get_resolver())
    return found


def is_door(entry: URLPattern) -> bool:
    ours = not entry.callback.__module__.startswith("allauth.")
    return ours and bool(entry.name) and not entry.pattern.converters


CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|name="key" value="[^"]*"|id="id_key" value="[^"]*"|value="[0-9a-f-]{36}"|data-now="[^"]*"'
)


def still(page: Page) -> str:
    """The page without what changes from one request to the next."""
    return CHANGING.sub("", page.body)
