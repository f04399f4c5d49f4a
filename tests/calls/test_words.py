"""Every field and every choice of a call document has its French words, and nothing else has."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from calls.definition.choices import CHOICES, VARIANTS, values_of
from calls.definition.published import json_schema
from calls.definition.schema import CallDocument
from calls.definition.values import Part
from calls.definition.words import WORDS, words


def parts(annotation: Any = CallDocument, seen: set[type[Part]] | None = None) -> set[type[Part]]:
    """Every class of the document, and those that they inherit from."""
    seen = set() if seen is None else seen
    if isinstance(annotation, type) and issubclass(annotation, Part) and annotation not in seen:
        seen.update(base for base in annotation.__mro__ if issubclass(base, Part) and base is not Part)
        for field in annotation.model_fields.values():
            parts(field.annotation, seen)
    for inner in get_args(annotation):
        parts(inner, seen)
    return seen


def declared(part: type[Part]) -> set[str]:
    return set(part.__annotations__) & set(part.model_fields)


def literals() -> Iterator[tuple[type[Part], str, tuple[str, ...]]]:
    for part in parts():
        for name in declared(part):
            values = values_of(part.model_fields[name].annotation)
            if values and not (name == "kind" and issubclass(part, VARIANTS)):
                yield part, name, values


def test_the_table_names_every_field_and_nothing_else() -> None:
    assert {part: set(names) for part, names in WORDS.items()} == {part: declared(part) for part in parts()}


def test_the_choices_are_those_of_the_schema() -> None:
    assert {(part, name): set(values) for part, name, values in literals()} == {
        key: set(values) for key, values in CHOICES.items()
    }


def test_an_inherited_field_has_the_words_of_its_class() -> None:
    from calls.definition.eligibility import PopulationRule

    assert words(PopulationRule, "sentence").label == "Phrase du règlement"
    assert words(PopulationRule, "below").label == "Moins de"
    with pytest.raises(KeyError):
        words(PopulationRule, "nothing")


def test_the_words_are_french_typography() -> None:
    texts = [
        text
        for names in WORDS.values()
        for entry in names.values()
        for text in (entry if isinstance(entry, tuple) else (entry,))
    ]
    texts += [text for named in CHOICES.values() for text in named.values()]
    assert [text for text in texts if re.search(r"['\"]|\.\.\.|[^ ][;?!]", text)] == []


def test_the_published_schema_says_them() -> None:
    schema = json_schema()
    assert schema["properties"]["slug"]["title"] == "Adresse de la page"
    assert schema["$defs"]["Question"]["properties"]["max_length"]["title"] == "Longueur"
    assert schema["$defs"]["Question"]["properties"]["max_length"]["description"].startswith("Nombre de caractères")
