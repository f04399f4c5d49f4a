"""The library of usual sections, pieces and undertakings: each item may be added to any call, several times."""

import re

import pytest

from calls.definition.editing import checked, insert
from calls.definition.library import copy_of, library
from tests.calls.documents import small


@pytest.mark.parametrize("name", ["sections", "pieces", "undertakings"])
def test_the_whole_library_makes_a_call_that_stands_even_twice(name: str) -> None:
    document = small()
    before = len(getattr(document, name))
    for item in [*library(name), *library(name)]:
        document = checked(insert(name, copy_of(item, document, name))(document))
    assert len(getattr(document, name)) == before + 2 * len(library(name))


def test_the_usual_sections_are_those_of_the_trade() -> None:
    assert [section.code for section in library("sections")] == [
        "identification", "projet", "contexte", "objectifs", "coherence", "gouvernance", "moyens", "accompagnement",
        "calendrier", "budget", "operations", "environnement",
    ]  # fmt: skip
    assert len(library("pieces")) == 23
    assert len(library("undertakings")) == 7


def test_conditions_follow_the_codes_that_change() -> None:
    document = small()
    for _ in range(2):
        document = checked(insert("sections", copy_of(library("sections")[2], document, "sections"))(document))
    last = document.sections[-1].questions
    assert (last[3].code, last[4].condition.question) == ("diagnostic_2", "diagnostic_2")


def test_an_unknown_list_has_no_library() -> None:
    with pytest.raises(LookupError):
        library("windows")


def test_the_texts_are_french_typography() -> None:
    texts = [str(item) for name in ("sections", "pieces", "undertakings") for item in library(name)]
    assert [text for text in texts if re.search(r"[a-zé]'[a-zé]", text)] == []
