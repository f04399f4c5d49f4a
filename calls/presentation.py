"""What the pages of a call show, as plain data for the components."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.accounts.models import User
from portal.core import ui
from portal.core.calendar import PARIS, day_of
from portal.core.models import FrozenDocument
from portal.core.typography import (
    choose,
    format_date,
    format_date_short,
    format_plain,
    format_quantity,
    format_size,
    format_time,
    typeset,
)
from portal.core.words import number_in_words
from portal.territories.models import Commune

from . import stages, states
from .definition.timetable import MILESTONES
from .documents import questions_number, rules_number
from .eligibility import Verdict, overall
from .models import Call, CallRole, Grid, Milestone, Window
from .queries import call_window, facts_of, milestone_day, stage_of, verdicts_for
from .queries_applicants import placed


@dataclass(frozen=True)
class CallFigures:
    """What the upper apps count of a call: files deposited, laureates told so."""

    deposited: int = 0
    laureates: int = 0


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu of a call: a link of the chain (`fact`, `detail` under it) and a row (`title`, `line`)."""

    stage: str
    title: str
    line: str
    url: str
    icon: str
    fact: str = ""
    detail: str = ""


# Upper apps add their functions when they start: a call knows nothing of what is built on it.
FIGURES: list[Callable[[Collection[Call]], Mapping[int, CallFigures]]] = []
MENUS: list[Callable[[User, Call, datetime], Sequence[MenuEntry]]] = []


@dataclass(frozen=True)
class Outcome:
    """What a public row says once the call is closed, in place of its limit."""

    title: str
    line: str = ""
    laureates: bool = False


@dataclass(frozen=True)
class CallRow:
    """One line of the public list."""

    call: Call
    badge: str
    status: str
    chain: list[ui.Stage]
    window: Window | None
    stage: str
    outcome: Outcome | None = None


def rows_of(calls: Iterable[Call], at: datetime) -> list[CallRow]:
    """The lines of a list, the figures of all of them asked at once."""
    calls = list(calls)
    figures = {pk: found for source in FIGURES for pk, found in source(calls).items()} if calls else {}
    return [row_of(call, at, figures.get(call.pk, CallFigures())) for call in calls]


def row_of(call: Call, at: datetime, figures: CallFigures | None = None) -> CallRow:
    current = stage_of(call, at)
    badge, status = stages.status(current, cancelled=call.state == states.CANCELLED)
    chain = ui.chain(current, omit=omitted(call))
    outcome = outcome_of(call, current, figures, at) if figures else None
    return CallRow(call, badge, status, chain, call_window(call, at), current, outcome)


def outcome_of(call: Call, stage: str, figures: CallFigures, at: datetime) -> Outcome | None:
    """« 12 candidatures », « Décision attendue le 28 mai 2026 », then « 4 lauréates »; nothing before the limit."""
    if stage in ("call", "application"):
        return None
    if figures.laureates:
        return Outcome(format_quantity(figures.laureates, "lauréate"), laureates=True)
    decided_on = milestone_day(call, "decision")
    awaited = decided_on if decided_on and decided_on >= day_of(at) else None
    line = f"Décision attendue le {format_date(awaited)}" if awaited else ""
    return Outcome(format_quantity(figures.deposited, "candidature"), line)


def omitted(call: Call) -> tuple[str, ...]:
    """The links that this call does not have."""
    return () if milestone_day(call, "jury") else ("jury",)


def public_chain(call: Call, at: datetime) -> list[ui.Stage]:
    """The chain of the page, with its dates."""
    return ui.chain(stage_of(call, at), facts=chain_facts(call), omit=omitted(call))


def chain_facts(call: Call) -> dict[str, tuple[str, str]]:
    windows = list(call.windows.all())
    closes = max(window.closes_at for window in windows)
    months = max((phase.last_month for phase in call.support_phases.all()), default=0)
    facts = {
        "call": (day(milestone_day(call, "publication") or call.published_at), "publié"),
        "application": (f"jusqu’au {day(closes)}", "dépôt en ligne"),
        "examination": (day(milestone_day(call, "opinions")), "recevabilité, avis"),
        "jury": (day(milestone_day(call, "jury")), "auditions"),
        "agreement": (day(milestone_day(call, "decision")), "décision"),
        "support": (f"{months} mois" if months else "", "accompagnement"),
        "impact": (day(milestone_day(call, "experience") or milestone_day(call, "end")), "bilan public"),
    }
    return {code: fact for code, fact in facts.items() if fact[0]}


def menu_of(user: User, call: Call, at: datetime) -> list[MenuEntry]:
    """What this person may open of a call, in the order of the chain."""
    return [entry for source in MENUS for entry in source(user, call, at)]


def staff_chain(call: Call, at: datetime, menu: Iterable[MenuEntry]) -> list[ui.Stage]:
    """The chain as a menu: its pills are links, its facts counts; the dates of the call where nothing is counted."""
    facts, urls = chain_facts(call), {}
    for entry in menu:
        if entry.stage:
            urls[entry.stage] = entry.url
            facts |= {entry.stage: (entry.fact, entry.detail)} if entry.fact else {}
    return ui.chain(stage_of(call, at), facts=facts, urls=urls, omit=omitted(call))


def team_of(roles: Iterable[CallRole]) -> list[tuple[str, str]]:
    """Who works on a call: function (or name), then roles."""
    people: dict[str, list[str]] = {}
    for role in roles:
        who = role.user.role_title or role.user.full_name or role.user.email
        people.setdefault(who, []).append(role.get_role_display())
    return [(who, ", ".join(held)) for who, held in people.items()]


def day(value: Any) -> str:
    return format_date(value, year=False) if value else ""


def calendar_of(call: Call, at: datetime) -> list[ui.Milestone]:
    """The public calendar: milestones and limits, by date; the year is said where it changes."""
    rows: list[tuple[Any, str, str]] = [(m.on or m.at, label_of(m), m.note) for m in call.milestones.all()]
    for window in call.windows.all():
        rows.append((window.opens_at, "Ouverture des candidatures", ""))
        rows.append((window.closes_at, "Clôture des candidatures", ""))
    rows.sort(
        key=lambda row: row[0].astimezone(PARIS).isoformat() if isinstance(row[0], datetime) else row[0].isoformat()
    )
    shown, year = [], day_of(at).year
    for when, label, note in rows:
        local = when.astimezone(PARIS) if isinstance(when, datetime) else when
        words = format_date_short(when, year=local.year != year)
        words += f", {format_time(when)}" if isinstance(when, datetime) else ""
        shown.append(ui.Milestone(label=typeset(label), at=when, remark=typeset(note), when=words))
        year = local.year
    return shown


def label_of(milestone: Milestone) -> str:
    return milestone.label or MILESTONES.get(milestone.code, milestone.code)


def criteria_of(call: Call) -> list[ui.Criterion]:
    """The public grid: each criterion with its points and its least note."""
    return [
        ui.Criterion(
            code=row.code,
            title=row.label,
            points=row.points,
            remark=typeset(f"Note minimale : {format_plain(row.knockout)}") if row.knockout is not None else "",
        )
        for row in call.criteria.all()
    ]


def grid_sentence(grid: Grid | None) -> str:
    """« Sur 100 points. Il en faut 50 pour être retenu ; quatre lauréates au plus, trois en liste complémentaire. »"""
    if grid is None:
        return ""
    parts = [f"Il en faut {format_plain(grid.threshold)} pour être retenu"] if grid.threshold else []
    if grid.max_selected:
        most = number_in_words(grid.max_selected, feminine=True)
        limit = f"{most} {choose(grid.max_selected, 'lauréate')} au plus"
        if grid.reserve_size:
            limit += f", {number_in_words(grid.reserve_size, feminine=True)} en liste complémentaire"
        parts.append(limit)
    sentence = " ; ".join(parts)
    return typeset(f"Sur {grid.total} points." + (f" {sentence[0].upper()}{sentence[1:]}." if sentence else ""))


def contact_of(call: Call) -> ui.Contact:
    return ui.Contact(
        service=call.contact_service, phone=call.contact_phone, hours=call.contact_hours, email=call.contact_email
    )


@dataclass(frozen=True)
class EligibilityAnswer:
    """What the public check says of a commune."""

    commune: Commune
    overall: str
    title: str
    verdicts: list[Verdict]


def eligibility_answer(call: Call, commune: Commune) -> EligibilityAnswer:
    """Whether a commune may apply, in one title, with the sentence of each rule."""
    verdicts = verdicts_for(call, placed(facts_of(commune), call))
    verdict = overall(verdicts)
    title = {
        "eligible": f"Oui, {commune.name} peut candidater.",
        "to_check": f"Oui, {commune.name} peut candidater, sous réserve de ce qui reste à vérifier.",
        "ineligible": f"Non, {commune.name} ne peut pas candidater à cet appel.",
    }[verdict]
    return EligibilityAnswer(commune, verdict, title, verdicts)


@dataclass(frozen=True)
class PublicDocument:
    """A document to download, with its size."""

    label: str
    url_name: str
    line: str


def documents_of(call: Call) -> list[PublicDocument]:
    """The published documents that are ready."""
    wanted = {
        rules_number(call): ("Règlement de l’appel", "call_rules"),
        questions_number(call): ("Toutes les questions", "call_questions_pdf"),
    }
    rows = (
        FrozenDocument.objects.filter(number__in=wanted, state="ready")
        .select_related("file")
        .order_by("number", "version")
    )
    latest = {row.number: row for row in rows}
    return [
        PublicDocument(label, url_name, f"PDF, {format_size(latest[number].file.size)}")
        for number, (label, url_name) in wanted.items()
        if number in latest
    ]
