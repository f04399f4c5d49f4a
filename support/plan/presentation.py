"""What the pages of the support show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from portal.core import ui
from portal.core.calendar import day_of
from portal.core.typography import NBSP, choose, format_date, format_day, late_label, typeset
from portal.core.words import number_in_words

from .models import Phase, SupportPlan
from .schedule import holds_up, month_number


def phase_boxes(plan: SupportPlan, today: date) -> list[ui.Phase]:
    """The phases in a row: done, the next deliverable lit, the parallel ones, the others."""
    phases = list(plan.phases.all())
    lit = next((phase.pk for phase in phases if phase.done_on is None and phase.starts_on <= today), None)
    return [
        ui.Phase(
            title=typeset(phase.title),
            months=months(plan, phase),
            line=line(phase, today),
            state=state(phase, lit, today),
        )
        for phase in phases
    ]


def months(plan: SupportPlan, phase: Phase) -> str:
    first = month_number(plan.starts_on, phase.starts_on)
    last = month_number(plan.starts_on, phase.ends_on)
    return f"mois {first}" if first == last else f"mois {first} à {last}"


def line(phase: Phase, today: date) -> str:
    if phase.done_on:
        return f"Livrable remis le {format_day(phase.done_on)}"
    if phase.ends_on < today:
        return f"En retard, attendu le {format_day(phase.ends_on)}"
    return f"Jusqu’au {format_day(phase.ends_on)}"


def state(phase: Phase, lit: int | None, today: date) -> Literal["done", "now", "parallel", "next"]:
    if phase.done_on:
        return "done"
    if phase.pk == lit:
        return "now"
    return "parallel" if phase.starts_on <= today else "next"


@dataclass(frozen=True)
class AwaitedRow:
    """One deliverable to come: its day, and when late by how much and what it holds up."""

    phase: Phase
    title: str
    day: str
    month: str
    late: str
    line: str


def awaited(plan: SupportPlan, at: datetime) -> list[AwaitedRow]:
    """The deliverables of the phases begun, the oldest first; the next one when none has begun."""
    phases = list(plan.phases.all())
    left = [phase for phase in phases if phase.done_on is None]
    begun = [phase for phase in left if phase.starts_on <= day_of(at)] or left[:1]
    return [awaited_row(phase, phases, at) for phase in sorted(begun, key=lambda phase: phase.ends_on)]


def awaited_row(phase: Phase, phases: list[Phase], at: datetime) -> AwaitedRow:
    late = late_label(phase.ends_on, at)
    line = holds_up(phases, phase) if late else f"Phase « {phase.title} »"
    day, month = format_day(phase.ends_on).split(NBSP)
    return AwaitedRow(phase, typeset(phase.deliverable or phase.title), day, month, late, typeset(line))


def next_awaited(plan: SupportPlan, at: datetime) -> AwaitedRow | None:
    """The first deliverable still to hand; None once all are."""
    return next(iter(awaited(plan, at)), None)


def phases_heading(plan: SupportPlan) -> str:
    """« Six phases, douze mois »."""
    count, months = len(plan.phases.all()), plan.agreement.months
    phases = f"{number_in_words(count, feminine=True)} {choose(count, 'phase')}"
    return f"{phases.capitalize()}, {number_in_words(months)} mois"


def today_words(plan: SupportPlan, today: date) -> str:
    """« Aujourd’hui, 12 mars 2026 : mois 10 »."""
    month = month_number(plan.starts_on, today)
    where = f"{NBSP}: mois {month}" if 0 < month <= plan.agreement.months else ""
    return f"Aujourd’hui, {format_date(today)}{where}"
