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

from .findings import FROM_THE_ANSWER, Finding, answered, lower


def _answer(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    met = answer_holds(rule, facts)
    if met is None:
        return Finding(None, f"À vérifier par vous : {lower(rule.sentence)}")
    return Finding(met, answered(rule.label, met, FROM_THE_ANSWER), {"candidat": facts.name})


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
        return Finding(None, f"{rule.label} : à vérifier, la date n’est pas encore connue")
    first = min(known)
    fields = {"candidat": facts.name, "date": format_date(first), "limite": format_date(limit)}
    what = "le jour du dépôt" if rule.not_before is None else "la date limite"
    if first < limit:
        said = f"une dépense commence le {fields['date']}, avant {what}, le {fields['limite']}"
        return Finding(False, answered(rule.label, False, said), fields)
    if len(known) < len(days):
        return Finding(None, f"{rule.label} : à vérifier, une date n’est pas encore connue")
    said = f"rien ne commence avant {what}, le {fields['limite']} ; première date, le {fields['date']}"
    return Finding(True, answered(rule.label, True, said), fields)


# --- amounts -----------------------------------------------------------------------------------------------------


def _amount(head: str, unit: str) -> Callable[[Any, Facts, Perimeter | None], Finding]:
    def rule_of_amount(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
        def say(value: Decimal) -> str:
            cents = unit == "€" and value != value.to_integral_value()
            return f"{format_number(value, decimals=2) if cents else format_plain(value)}{NBSP}{unit}"

        threshold = bounds_text(rule, say)
        numbers = cells(rule, facts, read_decimal)
        if None in numbers:
            return Finding(None, f"{head}, {threshold} : à vérifier, le nombre n’est pas encore connu")
        total = sum(numbers, Decimal(0))
        met = within(rule, total)
        sentence = f"{head}, {threshold} : {'' if met else 'non, '}{say(total)}, {FROM_THE_ANSWER}"
        return Finding(met, sentence, {"candidat": facts.name, "chiffre": say(total), "seuil": threshold})

    return rule_of_amount


RULES = {
    "answer": _answer,
    "start": _start,
    "cost": _amount("Coût", "€"),
    "duration": _amount("Durée", "mois"),
}
