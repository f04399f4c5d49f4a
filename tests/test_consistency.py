"""One language on every page: no internal word, one heading, a title; refusals are whole French sentences."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.access.crawl import Page, crawl
from tests.access.world import World, standing_world

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

ROOT = Path(__file__).resolve().parents[1]
APPS = ("portal", "calls", "applications", "juries", "support")
# Words of the code, and what Python or a script leaves when a value is missing.
INTERNAL = re.compile(
    r"\b(?i:draft|drafts|submit|submitted|snapshot|token|tokens|payload|job|jobs|null|undefined|nan|inadmissible_|slug"
    r"|true|false|queryset|object at 0x|assessment|holder|recusal|deposit|application_|pending|queued)\b"
    r"|\bNone\b|\[\]|\{\}|⟦|⟧|&amp;amp;|&amp;lt;|<QuerySet"
)
QUICK = ("AN", "PR", "PJ", "GE")
FULL = ("SI", "AC", "CO", "JU", "JR", "OF", "RA", "AD")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with standing_world(django_db_blocker) as both:
        yield both


class Reader(HTMLParser):
    """The words that one reads, the headings, the title and the language of a page."""

    SILENT = ("script", "style", "template")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.headings = 0
        self.titles: list[str] = []
        self.lang: str | None = None
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.lang = values.get("lang")
        self.headings += tag == "h1"
        if tag in (*self.SILENT, "title", "svg"):
            self._inside.append(tag)
        self.words += [values[name] or "" for name in ("alt", "aria-label", "title", "placeholder") if name in values]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        here = self._inside[-1] if self._inside else ""
        if here == "title" and "svg" not in self._inside:
            self.titles.append(data)
        if here not in self.SILENT:
            self.words.append(data)


def faults_of(page: Page) -> list[str]:
    reader = Reader()
    reader.feed(page.body)
    text = " ".join(" ".join(reader.words).split())
    faults = [f"« {found.group()} » dans « {around(text, found)} »" for found in INTERNAL.finditer(text)]
    if reader.headings != 1:
        faults.append(f"{reader.headings} titres de niveau 1")
    if reader.lang != "fr":
        faults.append(f"langue {reader.lang}")
    if len(reader.titles) != 1 or not reader.titles[0].strip():
        faults.append(f"titre de page {reader.titles}")
    return [f"{page.path} : {fault}" for fault in faults]


def around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 30) : found.end() + 30]


def faults_seen_by(world: World, role: str) -> list[str]:
    pages = crawl(world, None if role == "AN" else world.user(role))
    read = [page for page in pages.values() if page.is_html and not page.body.startswith("<a href=")]
    assert len(read) > 10
    broken = [
        f"{page.path} : {page.status}" for page in pages.values() if page.status >= 500 and page.path != "/sante/"
    ]
    return broken + [fault for page in read for fault in faults_of(page)]


@pytest.mark.parametrize("role", QUICK)
def test_pages_speak_one_language(world, role):
    assert faults_seen_by(world, role) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", FULL)
def test_pages_of_the_other_roles_speak_one_language(world, role):
    assert faults_seen_by(world, role) == []


def test_the_reader_of_pages_sees_faults():
    html = "<html lang='en'><title> </title><h1>Draft</h1><h1>None</h1><script>null</script></html>"
    assert faults_of(Page("/x/", 200, "text/html", html)) == [
        "/x/ : « Draft » dans « Draft None »",
        "/x/ : « None » dans « Draft None »",
        "/x/ : 2 titres de niveau 1",
        "/x/ : langue en",
        "/x/ : titre de page [' ']",
    ]


# --- sentences of the code ---------------------------------------------------------------------------------------

REFUSALS = {"no", "Refused", "TransitionRefused", "UploadRefused"}


def refusals(source: str) -> Iterator[tuple[int, ast.expr]]:
    """Line and first argument of each refusal of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS and node.args:
            yield node.lineno, node.args[0]


def literals(sentence: ast.expr) -> list[str | None]:
    """The written parts of a sentence, in order; None stands for what is computed."""
    if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
        return [sentence.value]
    if isinstance(sentence, ast.JoinedStr):
        return [part.value if isinstance(part, ast.Constant) else None for part in sentence.values]  # type: ignore[misc]
    if isinstance(sentence, ast.Call) and isinstance(sentence.func, ast.Name) and sentence.func.id == "typeset":
        return literals(sentence.args[0])
    return [None]


def sentence_faults(source: str) -> list[str]:
    faults = []
    for line, sentence in refusals(source):
        parts = literals(sentence)
        if parts[-1] is not None and not parts[-1].rstrip().endswith((".", "?")):
            faults.append(f"{line}: ne finit pas par un point : « {parts[-1][-40:]} »")
        faults += [f"{line}: apostrophe droite : « {part} »" for part in parts if part and "'" in part]
    return faults


def test_every_refusal_is_a_whole_sentence_with_typographic_apostrophes():
    files = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    seen = sum(len(list(refusals(path.read_text(encoding="utf-8")))) for path in files)
    faults = [
        f"{path.relative_to(ROOT)}:{fault}"
        for path in files
        for fault in sentence_faults(path.read_text(encoding="utf-8"))
    ]
    assert faults == []
    assert seen > 100


def test_the_reader_of_sentences_sees_faults():
    source = "no(\"L'appel est clos.\")\nraise Refused(f'Il reste {n}')\nRefused(f'Non : {why}')\nno('Trop tard')"
    assert sentence_faults(source) == [
        "1: apostrophe droite : « L'appel est clos. »",
        "4: ne finit pas par un point : « Trop tard »",
    ]
