"""A condition of a call, said in French: « la réponse à « Où en est le projet ? » est « Une idée » ». Pure."""

from collections.abc import Iterable
from typing import Any

from calls.conditions import threshold_text
from calls.definition.choices import CHOICES, KINDS_OF_APPLICANT
from calls.definition.predicates import (
    AllOf,
    AnswerTest,
    AnyOf,
    ApplicantIs,
    NotSo,
    PopulationTest,
    StratumIs,
    TrackIs,
)
from calls.definition.schema import CallDocument
from portal.core.typography import format_number


def say(condition: Any, document: CallDocument) -> str:
    """The sentence of a condition; codes become the names that the call gives them. Empty without a condition."""
    return "" if condition is None else _say(condition, document, positive=True)


def _say(condition: Any, document: CallDocument, *, positive: bool) -> str:
    if isinstance(condition, AllOf | AnyOf):
        link = " et " if isinstance(condition, AllOf) == positive else " ou "
        return link.join(_term(term, document, positive) for term in condition.terms)
    if isinstance(condition, NotSo):
        return _say(condition.term, document, positive=not positive)
    if isinstance(condition, PopulationTest):
        return _population(condition, positive)
    if isinstance(condition, ApplicantIs):
        return _one_of(
            "la nature du candidat", [f"«\u202f{KINDS_OF_APPLICANT[kind]}\u202f»" for kind in condition.kinds], positive
        )
    if isinstance(condition, TrackIs):
        return _one_of("le volet", _quoted(condition.codes, document.tracks), positive)
    if isinstance(condition, StratumIs):
        return _one_of("la strate", _quoted(condition.codes, document.strata), positive)
    return _answer(condition, document, positive)


def _term(term: Any, document: CallDocument, positive: bool) -> str:
    said = _say(term, document, positive=positive)
    return f"({said})" if isinstance(term, AllOf | AnyOf) else said


def _verb(positive: bool) -> str:
    return "est" if positive else "n’est pas"


def _population(test: PopulationTest, positive: bool) -> str:
    kind = CHOICES[PopulationTest, "population_kind"].get(test.population_kind or "", "population")
    year = f" {test.year}" if test.year else ""
    of = "de la commune" if test.of == "commune" else "de son intercommunalité"
    return f"la {kind}{year} {of} {_verb(positive)} de {threshold_text(test)}"


def _one_of(subject: str, names: list[str], positive: bool) -> str:
    return f"{subject} {_verb(positive)} {_or(names)}"


def _or(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} ou {last}" if first else last


def _quoted(codes: Iterable[str], items: Iterable[Any]) -> list[str]:
    labels = {item.code: item.label for item in items}
    return [f"«\u202f{labels.get(code, code)}\u202f»" for code in codes]


def _answer(test: AnswerTest, document: CallDocument, positive: bool) -> str:
    question = next((item for item in document.questions if item.code == test.question), None)
    subject = f"la réponse à «\u202f{question.label if question else test.question}\u202f»"
    options = question.options if question else ()
    said = []
    if test.equals is not None or test.one_of:
        named = _quoted(filter(None, (test.equals, *test.one_of)), options)
        said.append(f"{_verb(positive)} {_or(named)}")
    if test.includes is not None:
        (name,) = _quoted([test.includes], options)
        said.append(f"comprend {name}" if positive else f"ne comprend pas {name}")
    for value, words in ((test.at_least, "au moins"), (test.at_most, "au plus")):
        if value is not None:
            said.append(f"{_verb(positive)} d’{words} {format_number(value)}")
    return f"{subject} {(' et ' if positive else ' ou ').join(said)}"
