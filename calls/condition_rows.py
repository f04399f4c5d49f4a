"""A condition as the few rows of a form, and back.

A row holds what is compared, how, the value as people write it (names rather than codes), and the year of a population:
« Réponse à « Où en est le projet ? » », « est », « Une idée ». A condition that the rows cannot say exactly (nested, too
long) has none: it is shown as a sentence and kept as it is. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError

from calls.definition.choices import KINDS_OF_APPLICANT
from calls.definition.form import Question
from calls.definition.predicates import AllOf, AnswerIs, AnyOf, NotSo, PopulationIs, read_condition
from calls.definition.schema import CallDocument
from calls.definition.values import plain, read_decimal, read_whole
from portal.core.typography import format_plain

MOST = 4
ALL, ANY = "all", "any"
JOINS = {ALL: "toutes ces conditions sont remplies", ANY: "l’une au moins de ces conditions est remplie"}
BOUNDS = {
    "below": "est de moins de",
    "at_most": "est d’au plus",
    "at_least": "est d’au moins",
    "above": "est de plus de",
}
COMPARISONS = {"is": "est", "is_not": "n’est pas", "includes": "comprend", **BOUNDS}
_ASKABLE = frozenset({"single", "multiple", "yes_no", "number", "percent", "money"})
_POPULATIONS = {
    f"population:{of}:{kind}": f"Population {kind} de {words}"
    for of, words in (("commune", "la commune"), ("intercommunality", "l’intercommunalité"))
    for kind in ("municipale", "totale")
}


@dataclass(frozen=True)
class Row:
    """One line of the form, all texts; `subject` is « track », « population:commune:municipale », « answer:CODE »…"""

    subject: str
    comparison: str
    value: str
    year: str = ""


class BadRow(Exception):
    """What is wrong with a row, as a French sentence."""


def subjects(document: CallDocument, questions: Iterable[Question]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be compared, in groups, for a list of choices."""
    who = [("applicant", "Nature du candidat")]
    who += [("track", "Volet")] if document.tracks else []
    who += [("stratum", "Strate")] if document.strata else []
    asked = [(f"answer:{q.code}", q.label) for q in questions if q.kind in _ASKABLE]
    groups = [("Le candidat", [*who, *_POPULATIONS.items()])]
    return groups + ([("La réponse à", asked)] if asked else [])


# --- from rows ---------------------------------------------------------------------------------------------------


def condition_of(join: str, rows: Sequence[Row], document: CallDocument) -> dict[str, Any] | None:
    """The condition that the rows say, as plain data; None without a row. Raises `BadRow`."""
    terms = [_leaf(row, document) for row in rows]
    if len(terms) < 2:
        return terms[0] if terms else None
    return {"kind": join, "terms": terms}


def _leaf(row: Row, document: CallDocument) -> dict[str, Any]:
    if not row.subject:
        raise BadRow("Choisissez ce qui est comparé, ou videz la ligne.")
    if not row.value.strip():
        raise BadRow("Écrivez la valeur attendue.")
    kind, _, detail = row.subject.partition(":")
    if kind == "population":
        return _population(row, *detail.split(":"))
    if kind == "answer":
        return _answer(row, next((q for q in document.questions if q.code == detail), None))
    return _among(row, kind, document)


def _population(row: Row, of: str, population: str) -> dict[str, Any]:
    if row.comparison not in BOUNDS:
        raise BadRow(
            "Une population se compare par « est de moins de », « est d’au plus », « d’au moins », « de plus de »."
        )
    if not row.year.strip():
        raise BadRow("Écrivez le millésime de la population, par exemple 2023.")
    test = {"of": of, "population_kind": population, "year": _number(row.year, whole=True)}
    return {"kind": "population", **test, row.comparison: _number(row.value, whole=True)}


def _among(row: Row, kind: str, document: CallDocument) -> dict[str, Any]:
    named = _names(kind, document)
    codes = [_code(word, named) for word in _parts(row.value)]
    return _signed(row, {"kind": kind, "kinds" if kind == "applicant" else "codes": codes})


def _names(kind: str, document: CallDocument) -> dict[str, str]:
    if kind == "applicant":
        return KINDS_OF_APPLICANT
    return {item.code: item.label for item in (document.tracks if kind == "track" else document.strata)}


def _answer(row: Row, question: Question | None) -> dict[str, Any]:
    if question is None:
        raise BadRow("Cette question n’est plus dans le formulaire : choisissez-en une autre.")
    head = {"kind": "answer", "question": question.code}
    if row.comparison in ("at_least", "at_most"):
        return {**head, row.comparison: _number(row.value)}
    if row.comparison in BOUNDS:
        raise BadRow("Pour une réponse, choisissez « est d’au moins » ou « est d’au plus ».")
    named = {option.code: option.label for option in question.options}
    values = [_code(word, named) if named else _word(word, question) for word in _parts(row.value)]
    if row.comparison == "includes":
        if len(values) > 1:
            raise BadRow("« comprend » va avec une seule réponse : ajoutez une ligne pour l’autre.")
        return {**head, "includes": values[0]}
    return _signed(row, {**head, **({"equals": values[0]} if len(values) == 1 else {"one_of": values})})


def _signed(row: Row, test: dict[str, Any]) -> dict[str, Any]:
    if row.comparison not in ("is", "is_not"):
        raise BadRow("Choisissez « est » ou « n’est pas ».")
    return test if row.comparison == "is" else {"kind": "not", "term": test}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _code(word: str, named: dict[str, str]) -> str:
    found = next((code for code, label in named.items() if word.lower() in (code.lower(), label.lower())), None)
    if found is None:
        raise BadRow(f"«\u202f{word}\u202f» n’est pas proposé\u00a0: écrivez {' ou '.join(named.values())}.")
    return found


def _word(word: str, question: Question) -> str:
    if question.kind == "yes_no" and word.lower() not in ("oui", "non"):
        raise BadRow("La réponse est « oui » ou « non ».")
    return word.lower() if question.kind == "yes_no" else word


def _number(text: str, *, whole: bool = False) -> str:
    """The number as the document writes it; typed the French way."""
    written = "".join(text.split()).replace(",", ".")
    try:
        return f"{(read_whole if whole else read_decimal)(written)}"
    except PydanticCustomError as error:
        raise BadRow(f"«\u202f{text}\u202f» n’est pas un nombre\u00a0: écrivez par exemple 5000.") from error


# --- to rows -----------------------------------------------------------------------------------------------------


def rows_of(condition: Any, document: CallDocument) -> tuple[str, list[Row]] | None:
    """How the rows say a condition (none: no row); None when they cannot say it exactly."""
    if condition is None:
        return ALL, []
    join = ANY if isinstance(condition, AnyOf) else ALL
    terms = condition.terms if isinstance(condition, AllOf | AnyOf) else (condition,)
    if len(terms) > MOST:
        return None
    rows = [_row(term, document) for term in terms]
    try:
        same = read_condition(condition_of(join, rows, document)) == condition
    except BadRow:
        return None
    return (join, rows) if same else None


def _row(term: Any, document: CallDocument) -> Row:
    negative = isinstance(term, NotSo)
    test = term.term if negative else term
    comparison = "is_not" if negative else "is"
    if isinstance(test, PopulationIs):
        bound = next(name for name in BOUNDS if getattr(test, name) is not None)
        subject = f"population:{test.of}:{test.population_kind}"
        return Row(subject, bound, str(getattr(test, bound)), str(test.year or ""))
    if isinstance(test, AnswerIs):
        return _answer_row(test, comparison, document)
    data = plain(test)
    values = [_written(value, _names(data["kind"], document)) for value in data.get("codes") or data.get("kinds") or ()]
    return Row(data["kind"], comparison, " ; ".join(values))


def _answer_row(test: AnswerIs, comparison: str, document: CallDocument) -> Row:
    question = next((q for q in document.questions if q.code == test.question), None)
    named = {option.code: option.label for option in question.options} if question else {}
    subject = f"answer:{test.question}"
    for bound in ("at_least", "at_most"):
        if getattr(test, bound) is not None:
            return Row(subject, bound, format_plain(getattr(test, bound)))
    if test.includes is not None:
        return Row(subject, "includes", _written(test.includes, named))
    return Row(subject, comparison, " ; ".join(_written(value, named) for value in test.values))


def _written(code: str, named: dict[str, str]) -> str:
    label = named.get(code, code)
    return code if ";" in label else label
