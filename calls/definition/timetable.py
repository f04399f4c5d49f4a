"""When: windows of deposit, milestones, reminders."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from calls.definition.moments import Instant, Moment, When
from calls.definition.predicates import Condition
from calls.definition.values import Code, Hour, Line, Part, Title, Whole

# Milestones that the portal knows: their code carries the meaning, their label may be overridden.
MILESTONES = {
    "publication": "Publication de l’appel",
    "webinar": "Webinaire de présentation",
    "questions_until": "Fin des questions",
    "completion_until": "Fin des compléments",
    "opinions": "Avis des partenaires",
    "hearings": "Auditions",
    "jury": "Jury",
    "decision": "Décision",
    "notification": "Notification des décisions",
    "signature": "Signature des conventions",
    "kickoff": "Début de l’accompagnement",
    "midterm": "Point à mi-parcours",
    "end": "Fin de l’accompagnement",
    "experience": "Retour d’expérience",
}


class Milestone(Part):
    """A point of the calendar. A code outside `MILESTONES` is free and needs a label."""

    code: Code
    when: When
    label: Title | None = None
    note: Annotated[Line, Field(max_length=200)] | None = None

    @property
    def title(self) -> str:
        return self.label or MILESTONES.get(self.code, self.code)


Stage = Literal["intent", "file"]
# What a section or a piece is asked for, in a call of two stages.
AskedAt = Literal["both", "intent", "file"]


class Window(Part):
    """A span in which files may be deposited, last second included; `condition`: open to some only.

    `stage`: a call of two stages first takes letters of intent, then the whole file of those kept.
    """

    code: Code = "W1"
    label: Title | None = None
    stage: Stage = "file"
    wave: Annotated[Whole, Field(ge=1, le=1000)] = 1
    track: Code | None = None
    opens_at: Instant
    closes_at: Instant
    condition: Condition | None = None

    @property
    def days(self) -> int:
        return (self.closes_at.date() - self.opens_at.date()).days


ReminderSubject = Literal[
    "draft_not_deposited",
    "piece_promised",
    "assessment_missing",
    "milestone_due",
    "framework_due",
    "signature_due",
    "completion_due",
    "opinion_due",
]


class Reminder(Part):
    """A message sent `days` from a term (negative: before), at an hour of Paris, unless the thing is done by then."""

    code: Code
    about: ReminderSubject
    days: Annotated[Whole, Field(ge=-365, le=365)]
    at: Hour


@dataclass(frozen=True)
class TimelineEntry:
    """One line of the public calendar."""

    code: str
    title: str
    when: Moment
    note: str = ""


def timeline(windows: tuple[Window, ...], milestones: tuple[Milestone, ...]) -> tuple[TimelineEntry, ...]:
    """Milestones and limits of deposit in one list, by date."""
    entries = [TimelineEntry(m.code, m.title, m.when, m.note or "") for m in milestones]
    for window in windows:
        mark = f", {window.label or window.code}" if len(windows) > 1 else ""
        entries += [
            TimelineEntry("opens_at", f"Ouverture des candidatures{mark}", Moment(window.opens_at)),
            TimelineEntry("closes_at", f"Clôture des candidatures{mark}", Moment(window.closes_at)),
        ]
    return tuple(sorted(entries, key=lambda entry: entry.when.ends_at.timestamp()))
