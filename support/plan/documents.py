"""The papers of the support, all on one template (contract: templates/pdf/support/record.html)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from portal.accounts.letterhead import letterhead
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.typography import format_amount, format_date, format_instant, format_plain, format_quantity, typeset

from . import states
from .models import Meeting, Scenario, SupportPlan
from .queries import days_spent


def section(
    title: str, paragraphs: Sequence[str] = (), points: Sequence[str] = (), table: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One numbered section of a record."""
    return {
        "title": title,
        "paragraphs": [typeset(text) for text in paragraphs],
        "points": [typeset(text) for text in points],
        "table": table,
    }


def grid(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any] | None:
    """A table, or none when it has no row."""
    if not rows:
        return None
    return {"caption": caption, "columns": list(columns), "rows": [[typeset(cell) for cell in row] for row in rows]}


def lines_of(text: str) -> list[str]:
    """The lines that someone typed, empty ones apart."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def request_end_report(*, plan: SupportPlan, summary: str, ended_on: date, at: datetime) -> FrozenDocument:
    """Order the end report of a support: what was planned, what was done, in the words of the adviser."""
    application = plan.application
    facts = [
        ("Accompagnement", f"du {format_date(plan.starts_on)} au {format_date(ended_on)}"),
        ("Convention", plan.agreement.number),
        ("Jours d’accompagnement", format_plain(days_spent(plan))),
    ]
    return request_document(
        kind="support.report_end",
        number=f"BILAN-{application.number}",
        title="Bilan de l’accompagnement",
        template="pdf/support/record.html",
        snapshot={
            "institution": letterhead(application.call.owner),
            "record": {
                "overline": f"{application.call.title}, édition {application.call.edition}",
                "title": "Bilan de l’accompagnement",
                "subject": typeset(f"{application.title}, {application.lead}"),
                "facts": [{"label": label, "value": value} for label, value in facts],
            },
            "sections": end_sections(plan, summary),
        },
        at=at,
    )


def end_sections(plan: SupportPlan, summary: str) -> list[dict[str, Any]]:
    phases = [
        [phase.title, phase.deliverable or "–", format_date(phase.done_on) if phase.done_on else "non remis"]
        for phase in plan.phases.all()
    ]
    actions = [
        [str(row), row.get_state_display(), "à chiffrer" if row.cost is None else format_amount(row.cost)]
        for row in plan.actions.all()
    ]
    sections = [
        section("Ce que l’accompagnement a permis", lines_of(summary)),
        section("Livrables", table=grid("Phases et livrables", ("Phase", "Livrable", "Remis le"), phases)),
        section("Actions", [counted_words(plan)], table=grid("Actions", ("Action", "État", "Coût HT"), actions)),
    ]
    money = [[row.funder, row.get_status_display(), format_amount(row.amount)] for row in plan.funding_requests.all()]
    if money:
        table = grid("Aides cherchées, en euros", ("Financeur", "État", "Aide"), money)
        sections.append(section("Financements", table=table))
    return sections


def counted_words(plan: SupportPlan) -> str:
    """« Cinq actions… »: how many in each state, in words of the plan."""
    found = Counter(plan.actions.values_list("state", flat=True))
    if not found:
        return "Aucune action n’a été inscrite au plan."
    said = [f"{found[state]} {word}" for state, word in states.ACTION_CHOICES if found[state]]
    return f"{format_quantity(sum(found.values()), 'action')} au plan : {', '.join(said)}."


def request_meeting_minutes(meeting: Meeting, at: datetime) -> FrozenDocument:
    """Order the minutes of a meeting as they stand; asked again, a new version."""
    call, kind = meeting.call, meeting.get_kind_display()
    subject = f"{meeting.plan.application.title}, {meeting.plan.application.lead}" if meeting.plan else call.title
    facts = [
        ("Date", format_instant(meeting.held_at)),
        ("Lieu", meeting.place),
        ("Présidence", meeting.chair),
    ]
    return request_document(
        kind="support.meeting",
        number=f"CR-{call.code_prefix}-{call.edition}-{meeting.pk}",
        title="Compte rendu de réunion",
        template="pdf/support/record.html",
        snapshot={
            "institution": letterhead(call.owner),
            "record": {
                "overline": f"{call.title}, édition {call.edition}",
                "title": f"Compte rendu : {kind}",
                "subject": typeset(subject),
                "facts": [{"label": label, "value": typeset(value)} for label, value in facts],
            },
            "sections": meeting_sections(meeting),
        },
        at=at,
    )


def meeting_sections(meeting: Meeting) -> list[dict[str, Any]]:
    people = [[row.title, row.body, row.get_presence_display() or "–"] for row in meeting.attendees.all()]
    tasks = [[row.text, row.get_side_display(), format_date(row.due_on)] for row in meeting.tasks.all()]
    found = [
        section("Ordre du jour", points=lines_of(meeting.agenda)),
        section("Présences", table=grid("Personnes convoquées", ("Fonction", "Organisme", "Présence"), people)),
    ]
    if meeting.summary:
        found.append(section("Échanges", lines_of(meeting.summary)))
    none = [] if meeting.decisions else ["Aucune décision n’a été prise."]
    found.append(section("Décisions", none, lines_of(meeting.decisions)))
    if tasks:
        found.append(section("À faire", table=grid("Suites à donner", ("Quoi", "Qui", "Pour le"), tasks)))
    return found


def request_roadmap(plan: SupportPlan, chosen: Scenario | None, at: datetime) -> FrozenDocument:
    """Order the roadmap: the scenario chosen, then the actions of each axis by priority."""
    application = plan.application
    facts = [("Date", format_date(at)), ("Actions", str(plan.actions.count()))]
    if chosen and chosen.chosen_on:
        facts.append(("Scénario", f"{chosen.code}, {chosen.title}, choisi le {format_date(chosen.chosen_on)}"))
    return request_document(
        kind="support.roadmap",
        number=f"FDR-{application.number}",
        title="Feuille de route",
        template="pdf/support/record.html",
        snapshot={
            "institution": letterhead(application.call.owner),
            "record": {
                "overline": f"{application.call.title}, édition {application.call.edition}",
                "title": "Feuille de route",
                "subject": typeset(f"{application.title}, {application.lead}"),
                "facts": [{"label": label, "value": typeset(value)} for label, value in facts],
            },
            "sections": roadmap_sections(plan, chosen),
        },
        at=at,
    )


def roadmap_sections(plan: SupportPlan, chosen: Scenario | None) -> list[dict[str, Any]]:
    """One section an axis, in the order of the plan; actions without axis last."""
    found = [section("Le scénario choisi", lines_of(f"{chosen.description}\n{chosen.chosen_reason}"))] if chosen else []
    axes: dict[str, list[list[str]]] = {}
    columns = ("Action", "Priorité", "Pilote", "Fin prévue", "Coût HT")
    for row in plan.actions.exclude(state=states.DROPPED).order_by("priority", "position", "pk"):
        cells = [
            str(row),
            row.get_priority_display(),
            row.project_owner or "à définir",
            format_date(row.ends_on) if row.ends_on else "–",
            "à chiffrer" if row.cost is None else format_amount(row.cost),
        ]
        axes.setdefault(row.axis or "", []).append(cells)
    for axis in sorted(axes, key=lambda name: (not name, name)):
        name = axis or "Autres actions"
        found.append(section(name, table=grid(f"Actions, {name.lower()}", columns, axes[axis])))
    return found
