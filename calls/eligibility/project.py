"""Rules on the project, read from the answers: an answer, the start of the expenses, cost, duration."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from calls.conditions import Facts, answer_holds, bounds_text, within
from calls.definition.identity import Perimeter
from calls.definition.values import read_day, read_decimal
from portal.core.typography import NBSP, format_date, format_number, format_plain

from .findings import FROM_THE_ANSWER, Fields, Finding, answered, lower


def _answer(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    met = answer_holds(rule, facts)
    if met is None:
        return Finding(None, lambda: f"À vérifier par vous : {lower(rule.sentence)}")
    return Finding(met, lambda: answered(rule.label, met, FROM_THE_ANSWER), lambda: {"candidat": facts.name})


def cells(rule: Any, facts: Facts, read: Callable[[Any], Any]) -> list[Any]:
    """The values of a question, or of a column of its table; None for one that is not there or cannot be read."""
    answer = facts.answers.get(rule.question)
    rows = answer if isinstance(answer, list | tuple) else [answer]
    found = [row.get(rule.column or "") if isinstance(row, dict) else row for row in rows]
    return [_read(cell, read) for cell in found] or [None]


def _read(cell: Any, read: Callable[[Any], Any]) -> Any:
    if cell is None or cell == "" or isinstance(cell, bool):
        return None
    try:
        return read(cell if isinstance(cell, int | Decimal | date) else str(cell))
    except PydanticCustomError:
        return None


# --- dates -------------------------------------------------------------------------------------------------------


def _start(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    """Every date, each against the limit: the first that is too early fails, one that is missing leaves it unknown."""
    limit = rule.not_before or facts.received_on
    days = cells(rule, facts, read_day)
    known = [day for day in days if day is not None]
    if limit is None or not known:
        return Finding(None, lambda: f"{rule.label} : à vérifier, la date n’est pas encore connue")
    first = min(known)
    if first >= limit and len(known) < len(days):
        return Finding(None, lambda: f"{rule.label} : à vérifier, une date n’est pas encore connue")

    def say() -> str:
        what = f"{'le jour du dépôt' if rule.not_before is None else 'la date limite'}, le {format_date(limit)}"
        if first < limit:
            return answered(rule.label, False, f"une dépense commence le {format_date(first)}, avant {what}")
        said = f"rien ne commence avant {what} ; première date, le {format_date(first)}"
        return answered(rule.label, True, said)

    def fields() -> Fields:
        return {"candidat": facts.name, "date": format_date(first), "limite": format_date(limit)}

    return Finding(first >= limit, say, fields)


# --- amounts -----------------------------------------------------------------------------------------------------


def longest(rule: Any, facts: Facts, numbers: list[Decimal]) -> Decimal:
    """Operations go on side by side: the longest tells; the rows of a table follow one another."""
    answer = facts.answers.get(rule.question)
    several = isinstance(answer, list | tuple) and any(isinstance(row, dict) and "resources" in row for row in answer)
    return max(numbers) if several else added(rule, facts, numbers)


def added(_rule: Any, _facts: Facts, numbers: list[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def _amount(
    head: str, unit: str, of_all: Callable[[Any, Facts, list[Decimal]], Decimal] = added
) -> Callable[[Any, Facts, Perimeter | None], Finding]:
    def rule_of_amount(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
        def say(value: Decimal) -> str:
            cents = unit == "€" and value != value.to_integral_value()
            return f"{format_number(value, decimals=2) if cents else format_plain(value)}{NBSP}{unit}"

        numbers = cells(rule, facts, read_decimal)
        if None in numbers:
            unknown = "à vérifier, le nombre n’est pas encore connu"
            return Finding(None, lambda: f"{head}, {bounds_text(rule, say)} : {unknown}")
        total = of_all(rule, facts, numbers)
        met = within(rule, total)
        found = f"{'' if met else 'non, '}{say(total)}, {FROM_THE_ANSWER}"
        return Finding(
            met,
            lambda: f"{head}, {bounds_text(rule, say)} : {found}",
            lambda: {"candidat": facts.name, "chiffre": say(total), "seuil": bounds_text(rule, say)},
        )

    return rule_of_amount


RULES = {
    "answer": _answer,
    "start": _start,
    "cost": _amount("Coût", "€"),
    "duration": _amount("Durée", "mois", longest),
}
