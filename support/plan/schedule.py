"""Phases of a support, dated from its start. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from portal.core.calendar import add_months


class PhaseTemplate(Protocol):
    """Months count from 1, both included."""

    code: str
    title: str
    deliverable: str
    first_month: int
    last_month: int


@dataclass(frozen=True)
class DatedPhase:
    """A phase between two days, both included; `ends_on` is the day of its deliverable."""

    code: str
    title: str
    deliverable: str
    starts_on: date
    ends_on: date


def dated(phases: Iterable[PhaseTemplate], starts_on: date) -> list[DatedPhase]:
    """Month 1 begins on `starts_on`: a phase of months 2 to 4 runs from one month after it to the eve of the fourth."""
    return [
        DatedPhase(
            phase.code,
            phase.title,
            phase.deliverable,
            add_months(starts_on, phase.first_month - 1),
            add_months(starts_on, phase.last_month) - timedelta(days=1),
        )
        for phase in phases
    ]


def month_number(starts_on: date, today: date) -> int:
    """Which month of the support this day is in: 1 for the first; 0 before it begins."""
    if today < starts_on:
        return 0
    months = (today.year - starts_on.year) * 12 + today.month - starts_on.month
    return months + (1 if add_months(starts_on, months) <= today else 0)


class Deliverable(Protocol):
    """A phase of a plan, as its row."""

    position: int
    title: str


def holds_up(phases: Iterable[Deliverable], late: Deliverable) -> str:
    """What waits for the deliverable of a phase: the phase after it."""
    following = min((p for p in phases if p.position > late.position), key=lambda p: p.position, default=None)
    if following is None:
        return "Le bilan de l’accompagnement attend ce livrable."
    return f"La phase « {following.title} » attend ce livrable."
