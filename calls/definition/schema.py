"""The whole call as one typed document: the single source of the published JSON Schema, of validation and of types."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from calls.definition.eligibility import EligibilityRule
from calls.definition.examination import Examination
from calls.definition.follow_up import Agreement, Indicator, Phase
from calls.definition.form import Download, Piece, Question, Section, Undertaking
from calls.definition.identity import (
    Access,
    Applicants,
    Axis,
    Brief,
    Contact,
    DataNotice,
    Frame,
    Objective,
    Owner,
    Partner,
    Perimeter,
    Programme,
    Stratum,
    Support,
    Template,
    Text,
    Track,
)
from calls.definition.money import Money
from calls.definition.selection import Decision, Grid, Jury, Outcome, Reason
from calls.definition.timetable import Milestone, Reminder, TimelineEntry, Window, timeline
from calls.definition.values import Part, Prefix, Prose, Slug, Title, Whole

FORMAT = 1


class CallDocument(Part):
    """A call. Keys are in the order in which the portal writes them."""

    format: Annotated[Whole, Field(ge=FORMAT, le=FORMAT)]
    title: Title
    slug: Slug
    code_prefix: Prefix
    edition: Annotated[Title, Field(max_length=20)]
    call_type: Literal["ami", "aap", "aac"] = "ami"
    template: Template | None = None
    inherits: Slug | None = None
    programme: Programme
    summary: Annotated[Prose, Field(max_length=400)]
    themes: tuple[Annotated[Title, Field(max_length=60)], ...] = ()
    goal: Prose
    brief: tuple[Brief, ...] = ()
    texts: tuple[Text, ...] = ()
    frame: tuple[Frame, ...] = ()
    objectives: tuple[Objective, ...] = ()
    axes: tuple[Axis, ...] = ()
    owner: Owner
    partners: tuple[Partner, ...] = ()
    contact: Contact
    support: Support
    money: Money | None = None
    documents: tuple[Download, ...] = ()
    calendar: tuple[Milestone, ...] = ()
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    applicants: Applicants = Applicants()
    access: Access = Access()
    perimeter: Perimeter
    tracks: tuple[Track, ...] = ()
    strata: tuple[Stratum, ...] = ()
    eligibility: Annotated[tuple[EligibilityRule, ...], Field(min_length=1)]
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    pieces: tuple[Piece, ...] = ()
    undertakings: tuple[Undertaking, ...] = ()
    examination: Examination = Examination()
    grid: Grid
    jury: Jury | None = None
    decision: Decision
    outcomes: tuple[Outcome, ...] = ()
    reasons: tuple[Reason, ...] = ()
    phases: tuple[Phase, ...] = ()
    agreement: Agreement | None = None
    indicators: tuple[Indicator, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    data_notice: DataNotice

    @property
    def opens_at(self) -> datetime:
        return min((window.opens_at for window in self.windows), key=datetime.timestamp)

    @property
    def closes_at(self) -> datetime:
        """The last limit of all windows, last second included."""
        return max((window.closes_at for window in self.windows), key=datetime.timestamp)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    def timeline(self) -> tuple[TimelineEntry, ...]:
        """Milestones and limits of deposit, by date."""
        return timeline(self.windows, self.calendar)
