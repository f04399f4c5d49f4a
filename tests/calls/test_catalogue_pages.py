"""Each programme imported, published and read on its public page: title, limit, texts, calendar, criteria, verdicts."""

import html
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from calls.definition.reading import read
from calls.definition.schema import CallDocument
from calls.models import Call
from calls.services.publication import import_call, publish_call
from portal.core.calendar import PARIS
from portal.core.clock import at_instant
from portal.core.typography import format_date_short, format_time
from tests.calls.documents import ordinary
from tests.calls.territory import AUBENAS, CAEN, CALVADOS, GAP, HAUTES_ALPES, SERRES_AUDE, SERRES_MEURTHE, know
from tests.factories import make_institution, make_user

pytestmark = pytest.mark.django_db

CATALOGUE = Path(__file__).resolve().parents[2] / "calls" / "catalogue"
FILES = sorted(CATALOGUE.glob("*.yaml"))


def published(name: str) -> tuple[CallDocument, Call, datetime]:
    """A programme of the catalogue, published after its template, and an instant when its first window is open."""
    text = (CATALOGUE / f"{name}.yaml").read_text(encoding="utf-8")
    document = read(text)
    if document.inherits:
        published("petites-villes-de-demain")
    at = document.opens_at + timedelta(days=3)
    owner = make_institution(document.owner.siren, document.owner.name, "organisateur")
    with at_instant(document.opens_at - timedelta(days=1)):
        manager = make_user()
        call = import_call(text, owner=owner, by=manager, at=document.opens_at - timedelta(days=2))
        publish_call(call=call, asked_by=manager, by=make_user(), at=document.opens_at - timedelta(days=1))
    return document, call, at


def read_page(client: Client, call: Call, at: datetime, **query: str) -> str:
    """What a person reads of the page: its words, without markup, with ordinary spaces."""
    with at_instant(at):
        response = client.get(reverse("call_page", args=[call.slug]), query)
    assert response.status_code == 200
    return words(response.content.decode())


def words(markup: str) -> str:
    markup = re.sub(r"<(script|style)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    markup = re.sub(r"</?(sup|b|strong|em|span|abbr)\b[^>]*>", "", markup)
    return " ".join(ordinary(html.unescape(re.sub(r"<[^>]+>", " ", markup))).split())


def lines_of(text: str) -> list[str]:
    return [ordinary(line.removeprefix("- ")) for line in text.split("\n") if line]


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_the_page_says_what_the_programme_says(client: Client, name: str) -> None:
    document, call, at = published(name)
    page = read_page(client, call, at)
    said = [document.title, document.summary, *lines_of(document.goal)]
    said += [part for entry in document.brief for part in (entry.label, entry.text)]
    said += [line for text in document.texts for line in (text.title, *lines_of(text.text))]
    said += [entry.title for entry in document.calendar]
    said += [part for row in document.grid.criteria for part in (row.label, row.description)]
    said += [document.contact.phone, document.contact.service, document.contact.mail]
    assert [text for text in said if " ".join(ordinary(text).split()) not in page] == []


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_the_page_says_the_limits_and_the_points(client: Client, name: str) -> None:
    document, call, at = published(name)
    page = read_page(client, call, at)
    for window in document.windows:
        local = window.closes_at.astimezone(PARIS)
        assert f"{ordinary(format_date_short(local))}" in page
        assert ordinary(format_time(window.closes_at)) in page
    numeric = document.grid.mode == "numeric"
    assert (f"Sur {document.grid.total} points." in page) is numeric
    assert ("Sans note : chaque critère reçoit un niveau" in page) is (document.grid.mode == "qualitative")
    assert re.search(r"\b0 point\b", page) is None
    for criterion in document.grid.criteria:
        if numeric:
            assert f"{criterion.points} points" in page


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_the_page_of_the_questions_asks_them_all(client: Client, name: str) -> None:
    document, call, at = published(name)
    with at_instant(at):
        page = words(client.get(reverse("call_questions", args=[call.slug])).content.decode())
    said = [section.title for section in document.sections] + [question.label for question in document.questions]
    said += [piece.label for piece in document.pieces] + [undertaking.label for undertaking in document.undertakings]
    assert [text for text in said if " ".join(ordinary(text).split()) not in page] == []


def test_the_eleven_communes_read_that_they_may_apply(client: Client) -> None:
    know(*HAUTES_ALPES, GAP)
    _, call, at = published("petites-villes-de-demain-hautes-alpes")
    for insee, name in HAUTES_ALPES.items():
        page = read_page(client, call, at, commune=name, insee=insee)
        assert f"Oui, {name} peut candidater, sous réserve de ce qui reste à vérifier." in page
        assert "Moins de 20 000 habitants : " in page
    page = read_page(client, call, at, commune="Gap")
    assert "Non, Gap ne peut pas candidater à cet appel." in page
    assert "Moins de 20 000 habitants : non, 41 293 habitants, population municipale 2023, Insee" in page


def test_the_twelve_communes_read_that_they_may_apply(client: Client) -> None:
    """T10: the names of the programme page, hyphens or not, and the short name of Port-en-Bessin, find the commune."""
    know(*CALVADOS, CAEN)
    _, call, at = published("petites-villes-de-demain-calvados")
    for insee, name in CALVADOS.items():
        assert f"Oui, {name} peut candidater" in read_page(client, call, at, commune=name, insee=insee)
    for typed, name in (
        ("Port-en-Bessin", "Port-en-Bessin-Huppain"),
        ("Creully-sur-Seulles", "Creully sur Seulles"),
        ("Molay Littry", "Le Molay-Littry"),
    ):
        assert f"Oui, {name} peut candidater" in read_page(client, call, at, commune=typed)
    assert "Non, Caen ne peut pas candidater à cet appel." in read_page(client, call, at, commune="Caen")


def test_three_communes_are_called_serres(client: Client) -> None:
    """T7: a name is no key; each homonym is told apart, and only that of Hautes-Alpes is eligible."""
    know("05166", SERRES_AUDE, SERRES_MEURTHE)
    _, call, at = published("petites-villes-de-demain-hautes-alpes")
    page = read_page(client, call, at, commune="Serres")
    assert "Plusieurs communes portent ce nom." in page
    assert [place in page for place in ("Hautes-Alpes (05)", "Aude (11)", "Meurthe-et-Moselle (54)")] == [True] * 3
    said = {insee: read_page(client, call, at, commune="Serres", insee=insee) for insee in ("05166", SERRES_AUDE)}
    assert "Oui, Serres peut candidater" in said["05166"]
    assert "Non, Serres ne peut pas candidater" in said[SERRES_AUDE]


@pytest.mark.parametrize("typed", ["l'argentiere la bessee", "L’Argentière-la-Bessée", "ARGENTIERE LA BESSEE", "05006"])
def test_a_name_is_found_in_any_spelling(client: Client, typed: str) -> None:
    know("05006")
    _, call, at = published("petites-villes-de-demain-hautes-alpes")
    assert "Oui, L’Argentière-la-Bessée peut candidater" in read_page(client, call, at, commune=typed)


def test_a_commune_of_ninety_inhabitants_may_apply_to_sustainable_quarters(client: Client) -> None:
    know(AUBENAS)
    _, call, at = published("quartiers-durables")
    page = read_page(client, call, at, commune="Aubenas-les-Alpes")
    assert "Oui, Aubenas-les-Alpes peut candidater" in page
    assert "habitants," not in page.split("peut candidater", 1)[1].split("En bref", 1)[0]
