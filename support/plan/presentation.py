"""What the pages of the support show."""

from datetime import date

from portal.core import ui
from portal.core.typography import format_date

from .models import Phase, SupportPlan
from .schedule import month_number


def phase_boxes(plan: SupportPlan, today: date) -> list[ui.Phase]:
    """The phases in a row: done, the next deliverable lit, the parallel ones, the others."""
    phases = list(plan.phases.all())
    lit = next((phase.pk for phase in phases if phase.done_on is None and phase.starts_on <= today), None)
    return [
        ui.Phase(
            title=f"{phase.position}. {phase.title}",
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
        return f"{phase.deliverable or 'Livrable'} : remis"
    return f"Jusqu’au {format_date(phase.ends_on, year=False)}"


def state(phase: Phase, lit: int | None, today: date) -> str:
    if phase.done_on:
        return "done"
    if phase.pk == lit:
        return "now"
    return "parallel" if phase.starts_on <= today else "next"


def awaited(plan: SupportPlan, url: str) -> list[ui.Action]:
    """The deliverables to come, by date."""
    return [
        ui.Action(
            title=phase.deliverable or phase.title,
            url=url,
            verb="Voir",
            due=phase.ends_on,
            consequence=f"Phase « {phase.title} »",
            holds_up="La suite de l’accompagnement l’attend.",
        )
        for phase in plan.phases.all()
        if phase.done_on is None
    ]
