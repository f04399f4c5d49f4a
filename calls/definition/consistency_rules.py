"""What an eligibility rule contradicts: unknown questions and columns, codes of another sort, unknown fields."""

from collections.abc import Callable
from typing import Any

from calls.definition import follow_up
from calls.definition.consistency_form import Findings, answer_findings, unknown
from calls.definition.consistency_places import place_findings
from calls.definition.eligibility import (
    FIELDS,
    AmountTest,
    DeclarationRule,
    PlaceRule,
    StartRule,
)
from calls.definition.form import NUMBER_KINDS, OPERATION_DATES, OPERATION_NUMBERS, Question
from calls.definition.predicates import AnswerTest
from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem

_DATES = frozenset({"date"})


def rules_findings(document: CallDocument) -> Findings:
    by_code = {question.code: question for question in document.questions}
    for rank, rule in enumerate(document.eligibility):
        path: Path = ("eligibility", rank)
        for kind, check in _CHECKS:
            if isinstance(rule, kind):
                yield from check(rule, by_code, path)
        yield from _sentence(rule, path)


def _dates(rule: Any, known: dict[str, Question], path: Path) -> Findings:
    yield from _reads(rule, known, path, _DATES, "une date")


def _numbers(rule: Any, known: dict[str, Question], path: Path) -> Findings:
    yield from _reads(rule, known, path, NUMBER_KINDS, "un nombre")


def _reads(rule: Any, known: dict[str, Question], path: Path, kinds: frozenset[str], what: str) -> Findings:
    """The question is of one of these kinds, or a table, or operations, one of whose columns is."""
    question = known.get(rule.question)
    if question is None:
        yield Problem(f"aucune question n’a le code « {rule.question} » : vérifiez-le.", (*path, "question"))
    elif question.kind in {"table", "operations"}:
        columns = _columns(question, kinds)
        if rule.column not in columns:
            names = ", ".join(sorted(columns)) or "il n’y en a pas"
            yield Problem(
                f"dites quelle colonne de « {question.code} » porte {what}, par « column » : {names}.",
                (*path, "column"),
            )
    elif question.kind not in kinds:
        yield Problem(f"« {question.code} » n’est pas {what} : choisissez une autre question.", (*path, "question"))
    elif rule.column is not None:
        yield Problem(f"« {question.code} » n’est pas un tableau : retirez « column ».", (*path, "column"))


def _columns(question: Question, kinds: frozenset[str]) -> frozenset[str]:
    """The columns of these kinds: those of a table, or what is known of each operation."""
    if question.kind == "operations":
        return OPERATION_DATES if kinds == _DATES else OPERATION_NUMBERS
    return frozenset(column.code for column in question.columns if column.kind in kinds)


def _declared(rule: Any, known: dict[str, Question], path: Path) -> Findings:
    if rule.question is not None and rule.question not in known:
        yield unknown("aucune question", rule.question, known, (*path, "question"))


def _placed(rule: Any, _known: dict[str, Question], path: Path) -> Findings:
    yield from place_findings(rule.place, (*path, "place"))


def _sentence(rule: Any, path: Path) -> Findings:
    """The manager's sentence quotes the fields of its kind only."""
    if not rule.shown:
        return
    fields = FIELDS[rule.kind]
    for name in follow_up.merge_fields(rule.shown):
        if name not in fields:
            names = ", ".join(f"{{{known}}}" for known in fields)
            message = f"« {{{name}}} » n’est pas un champ de cette règle : les champs sont {names}."
            yield Problem(message, (*path, "shown"))
    if follow_up.stray_braces(rule.shown):
        yield Problem("une accolade est seule : un champ s’écrit « {chiffre} ».", (*path, "shown"))


Check = Callable[[Any, dict[str, Question], Path], Findings]
_CHECKS: tuple[tuple[type[Any], Check], ...] = (
    (AnswerTest, answer_findings),
    (StartRule, _dates),
    (AmountTest, _numbers),
    (DeclarationRule, _declared),
    (PlaceRule, _placed),
)
