"""The first words of an experience report, from what the portal knows of the project. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.core.typography import NBSP, choose, format_amount, format_date, format_plain


@dataclass(frozen=True)
class Known:
    """What the support plan holds: amounts in euros excluding VAT, days of support, (title, day) of what is done."""

    done: Sequence[tuple[str, date]]
    visits: Sequence[tuple[str, date]]
    partners: Sequence[str]
    days: Decimal
    fundings: Sequence[tuple[str, Decimal, str]]
    measures: Sequence[tuple[str, Decimal, str, date, str]]
    next_steps: Sequence[tuple[str, date]]


def first_texts(known: Known) -> dict[str, str]:
    """By code of section, what is already known; a section of which nothing is known has no entry."""
    lines = {
        "course": [*(f"{format_date(day)} : {title}." for title, day in sorted_by_day([*known.done, *known.visits]))],
        "partners": [f"{name}." for name in known.partners],
        "means": [*days_line(known.days), *(funding_line(*row) for row in known.fundings)],
        "results": [measure_line(*row) for row in known.measures],
        "outlook": [f"{title} : prévu pour le {format_date(day)}." for title, day in known.next_steps],
    }
    return {code: "\n\n".join(found) for code, found in lines.items() if found}


def sorted_by_day(events: Sequence[tuple[str, date]]) -> list[tuple[str, date]]:
    return sorted(events, key=lambda event: (event[1], event[0]))


def days_line(days: Decimal) -> list[str]:
    return [f"{format_plain(days)}{NBSP}{choose(days, 'jour')} d’accompagnement."] if days else []


def funding_line(funder: str, amount: Decimal, status: str) -> str:
    return f"{funder} : {format_amount(amount)} ({status})."


def measure_line(label: str, value: Decimal, unit: str, day: date, source: str) -> str:
    measured = f"{format_plain(value)} {unit}".strip()
    return f"{label} : {measured}, le {format_date(day)} ({source})."
