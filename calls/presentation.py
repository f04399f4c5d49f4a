"""What the pages of a call show, as plain data for the components."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.core import ui
from portal.core.calendar import PARIS
from portal.core.models import FrozenDocument
from portal.core.typography import format_date, format_size
from portal.territories.models import Commune

from . import stages, states
from .definition.timetable import MILESTONES
from .documents import questions_number, rules_number
from .eligibility import Verdict, overall
from .models import Call, Milestone, Window
from .queries import call_window, facts_of, milestone_day, stage_of, verdicts_for


@dataclass(frozen=True)
class CallRow:
    """One line of the public list."""

    call: Call
    badge: str
    status: str
    chain: list[ui.Stage]
    window: Window
    stage: str


def row_of(call: Call, at: datetime) -> CallRow:
    current = stage_of(call, at)
    badge, status = stages.status(current, cancelled=call.state == states.CANCELLED)
    return CallRow(call, badge, status, ui.chain(current, omit=omitted(call)), call_window(call, at), current)


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


def day(value: Any) -> str:
    return format_date(value, year=False) if value else ""


def calendar_of(call: Call) -> list[ui.Milestone]:
    """The public calendar: milestones and limits, by date."""
    rows = [(m.on or m.at, label_of(m), m.note) for m in call.milestones.all()]
    for window in call.windows.all():
        rows.append((window.opens_at, "Ouverture des candidatures", ""))
        rows.append((window.closes_at, "Clôture des candidatures", ""))
    rows.sort(
        key=lambda row: row[0].astimezone(PARIS).isoformat() if isinstance(row[0], datetime) else row[0].isoformat()
    )
    return [
        ui.Milestone(label=label, at=when, remark=note, with_time=isinstance(when, datetime))
        for when, label, note in rows
    ]


def label_of(milestone: Milestone) -> str:
    return milestone.label or MILESTONES.get(milestone.code, milestone.code)


def criteria_of(call: Call) -> list[ui.Criterion]:
    """The public grid: each criterion with its points and its least note."""
    return [
        ui.Criterion(
            code=row.code,
            title=row.label,
            points=row.points,
            remark=f"Note minimale : {row.knockout.normalize():f}" if row.knockout is not None else "",
        )
        for row in call.criteria.all()
    ]


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
    verdicts = verdicts_for(call, facts_of(commune))
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


def icalendar(call: Call, url: str) -> str:
    """The calendar of the call as an iCalendar file (RFC 5545)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portail AMI//FR", "CALSCALE:GREGORIAN"]
    for n, milestone in enumerate(calendar_of(call), 1):
        lines += ["BEGIN:VEVENT", f"UID:{call.uuid}-{n}@portail-ami", f"DTSTAMP:{stamp(call.created_at)}"]
        if isinstance(milestone.at, datetime):
            lines.append(f"DTSTART:{stamp(milestone.at)}")
        else:
            lines.append(f"DTSTART;VALUE=DATE:{milestone.at:%Y%m%d}")
            lines.append(f"DTEND;VALUE=DATE:{milestone.at + timedelta(days=1):%Y%m%d}")
        lines += [f"SUMMARY:{escaped(f'{call.title} : {milestone.label}')}", f"URL:{url}", "END:VEVENT"]
    return "\r\n".join(part for line in [*lines, "END:VCALENDAR"] for part in folded(line)) + "\r\n"


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", " ")


def folded(line: str) -> list[str]:
    """Lines of at most 75 octets, continuation lines begin with a space."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > 74:
            parts.append(current)
            current = " "
        current += character
    return [*parts, current]
