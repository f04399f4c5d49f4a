"""What the pages of the support show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.urls import reverse

from portal.core import ui
from portal.core.calendar import day_of
from portal.core.typography import (
    NBSP,
    choose,
    format_amount,
    format_date,
    format_day,
    format_quantity,
    late_label,
    typeset,
)
from portal.core.words import number_in_words

from . import states
from .models import Phase, PlanAction, SupportPlan
from .queries import SILENCE
from .schedule import holds_up, month_number

ROOMS = (
    ("plan", "Le plan", "support_plan"),
    ("actions", "Actions", "action_list"),
    ("money", "Argent", "plan_money"),
    ("meetings", "Réunions", "meetings"),
    ("workshops", "Ateliers", "workshops"),
    ("expertises", "Expertises", "expertises"),
    ("messages", "Messages", "plan_messages"),
    ("sheets", "Dossier", "sheets"),
)


def tabs(plan: SupportPlan, room: str) -> list[ui.Link]:
    """The rooms of a plan, the one where one is marked."""
    return [
        ui.Link(label=label, url=reverse(name, args=[plan.uuid]), current=code == room) for code, label, name in ROOMS
    ]


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


def silence(plan: SupportPlan, today: date) -> str:
    """« Sans nouvelle depuis 6 semaines », from four weeks on, while the support runs."""
    heard = plan.last_entry_on or plan.starts_on  # type: ignore[attr-defined] - annotated by `with_progress`
    if plan.state != states.ACTIVE or today - heard <= SILENCE:
        return ""
    return f"Sans nouvelle depuis {format_quantity((today - heard).days // 7, 'semaine')}"


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


def action_sheet(action: PlanAction) -> list[tuple[str, str]]:
    """The lines of an action's sheet that are filled."""
    rows = [
        ("Axe", action.axis),
        ("Phase", action.phase.title if action.phase else ""),
        ("Description", action.description),
        ("Maître d’ouvrage", action.project_owner),
        ("Maître d’œuvre", action.design_team),
        ("Partenaires", action.partners),
        ("Contact", action.contact),
        ("Lieu", action.place),
        ("Secteur d’ORT", "oui" if action.in_ort else ""),
        ("Calendrier", span(action.starts_on, action.ends_on)),
        ("Livrée le", format_date(action.delivered_on) if action.delivered_on else ""),
        ("Coût estimé", "à chiffrer" if action.cost is None else f"{format_amount(action.cost)} hors taxes"),
        ("Besoin d’ingénierie", action.engineering),
        ("Indicateur", indicator_line(action)),
        ("Transition écologique", action.transition),
    ]
    return [row for row in rows if row[1]]


def span(starts_on: date | None, ends_on: date | None) -> str:
    """« du 3 mars 2026 au 30 juin 2026 », or what is known of it."""
    if starts_on and ends_on:
        return f"du {format_date(starts_on)} au {format_date(ends_on)}"
    if ends_on:
        return f"jusqu’au {format_date(ends_on)}"
    return f"à partir du {format_date(starts_on)}" if starts_on else ""


def indicator_line(action: PlanAction) -> str:
    """« Élèves à pied : de 12 à 40 (comptage de l’école) »."""
    if not action.indicator:
        return ""
    values = [f"de {action.baseline}"] if action.baseline else []
    values += [f"à {action.target}"] if action.target else []
    said = f"{action.indicator} : {' '.join(values)}" if values else action.indicator
    return f"{said} ({action.indicator_source})" if action.indicator_source else said


def blocked_words(action: PlanAction) -> tuple[str, str]:
    """Who is to lift the obstacle, and for when; empty when there is none."""
    if action.state != states.BLOCKED or action.blocked_until is None:
        return "", ""
    who = f"Blocage : {action.get_blocked_side_display()} peut le lever ({action.blocked_by})."
    return typeset(who), typeset(f"Levée attendue pour le {format_date(action.blocked_until)}.")
