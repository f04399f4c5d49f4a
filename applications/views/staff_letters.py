"""What the pages of a decision and of its letters show; plain data for the components."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from applications.models import Decision, DecisionLine, DecisionNotice
from applications.queries.letters import letter_counts
from applications.queries.staff import lines_of
from applications.rankings import places_of
from calls.models import Call
from portal.core import ui
from portal.core.models import FrozenDocument
from portal.core.typography import format_date, format_instant, format_quantity

Outcome = DecisionLine.Outcome
OUTCOMES: dict[str, ui.Badge] = {
    Outcome.SELECTED: ui.BADGES["selected"],
    Outcome.RESERVE: ui.BADGES["reserve"],
    Outcome.NOT_SELECTED: ui.BADGES["not_selected"],
    Outcome.INADMISSIBLE: ui.BADGES["not_admissible"],
    Outcome.WITHDRAWN: ui.Badge(label="Désistement", tone="quiet", icon="box-arrow-right"),
    Outcome.DECLINED: ui.Badge(label="Refus de l’aide", tone="quiet", icon="x-circle"),
    Outcome.LAPSED: ui.Badge(label="Caducité", tone="quiet", icon="archive"),
}
TO_PREPARE = ui.Badge(label="À préparer", tone="todo", icon="dash-circle")
IN_PREPARATION = ui.Badge(label="En préparation", tone="info", icon="arrow-right-circle")
FAILED = ui.BADGES["failed"]
TO_READ = ui.Badge(label="À lire", tone="warn", icon="clock")
READ = ui.Badge(label="Lue", tone="ok", icon="check-lg")
SENT = ui.Badge(label="Envoyée", tone="ok", icon="envelope-check")


@dataclass(frozen=True)
class LetterRow:
    """One line of a decision and its letter."""

    line: DecisionLine
    applicant: str
    outcome: ui.Badge
    state: ui.Badge
    notice: DecisionNotice | None
    ranking: str = ""


@dataclass(frozen=True)
class Progress:
    """Where the letters of a decision stand: each is in one of these five."""

    missing: int
    pending: int
    failed: int
    unread: int
    read: int

    @property
    def total(self) -> int:
        return self.missing + self.pending + self.failed + self.unread + self.read

    @property
    def prepared(self) -> int:
        return self.unread + self.read

    @property
    def to_prepare(self) -> int:
        return self.missing + self.failed

    @property
    def complete(self) -> bool:
        return self.read == self.total


def letter_state(notice: DecisionNotice | None) -> ui.Badge:
    """One badge for a letter, from nothing to sent."""
    if notice is None:
        return TO_PREPARE
    if notice.sent_at:
        return SENT
    if notice.document.state == FrozenDocument.State.FAILED:
        return FAILED
    if notice.document.state == FrozenDocument.State.PENDING:
        return IN_PREPARATION
    return READ if notice.read_at else TO_READ


def applicant_of(line: DecisionLine) -> str:
    """The commune's name, else the organisation's."""
    lead = line.application.lead
    return (lead.commune.name if lead.commune else lead.name).replace("'", "’")


def outcome_badge(call: Call, outcome: str) -> ui.Badge:
    """The badge of an outcome, in the words of the call when it has its own: « Labellisée » for « Retenue »."""
    words = {row["code"]: row["label"] for row in call.extras.get("outcomes") or ()}
    badge = OUTCOMES[outcome]
    return replace(badge, label=words[outcome]) if outcome in words else badge


def letter_rows(lines: Sequence[DecisionLine]) -> list[LetterRow]:
    places = places_of(lines[0].decision.call) if lines else {}
    return [
        LetterRow(
            line=line,
            ranking=places[line.ranking].label if line.ranking in places else "",
            applicant=applicant_of(line),
            outcome=outcome_badge(line.decision.call, line.outcome),
            state=letter_state(getattr(line, "notice", None)),
            notice=getattr(line, "notice", None),
        )
        for line in lines
    ]


def progress_of(decision: Decision) -> Progress:
    return Progress(**letter_counts(decision))


def overview(decision: Decision) -> dict[str, Any]:
    """A decision with its lines and where its letters stand."""
    return {"decision": decision, "rows": letter_rows(list(lines_of(decision))), "progress": progress_of(decision)}


def mails_text(count: dict[str, int]) -> str:
    """« 7 courriels envoyés sur 9, 1 en échec »."""
    text = f"{format_quantity(count['sent'], 'courriel envoyé', 'courriels envoyés')} sur {count['total']}"
    return f"{text}, {count['failed']} en échec" if count["failed"] else text


def notified_line(decision: Decision) -> str:
    """« Envoyées le mardi 1er juin 2027 à 10 h 00 », or told elsewhere; empty before."""
    if decision.told_on:
        return f"Notifiée hors du portail le {format_date(decision.told_on)}, sans lettre d’ici"
    return f"Envoyées le {format_instant(decision.notified_at)}" if decision.notified_at else ""
