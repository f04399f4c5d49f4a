"""What a field may name elsewhere in the call: codes with the words that people know them by."""

from collections.abc import Callable, Iterable
from typing import Any

from calls.definition import eligibility, follow_up, form, identity, selection, timetable
from calls.definition.choices import choices
from calls.definition.schema import CallDocument
from calls.definition.timetable import MILESTONES
from calls.definition.values import Part

Pairs = list[tuple[str, str]]


def _named(items: Iterable[Any]) -> Pairs:
    return [(item.code, _label(item)) for item in items]


def _label(item: Any) -> str:
    return getattr(item, "label", None) or getattr(item, "title", None) or getattr(item, "name", None) or item.code


def _milestones(document: CallDocument) -> Pairs:
    own = [(m.code, m.title) for m in document.calendar if m.code not in MILESTONES]
    return [*MILESTONES.items(), *own]


REFERENCES: dict[tuple[type[Part], str], Callable[[CallDocument], Pairs]] = {
    (identity.Theme, "partners"): lambda document: _named(document.partners),
    (form.Question, "piece"): lambda document: _named(document.pieces),
    (form.Download, "piece"): lambda document: _named(document.pieces),
    (follow_up.Indicator, "objective"): lambda document: _named(document.objectives),
    (timetable.Window, "track"): lambda document: _named(document.tracks),
    (timetable.Milestone, "code"): _milestones,
    **{
        (rule, "question"): lambda document: _named(document.questions)
        for rule in (
            eligibility.AnswerRule,
            eligibility.StartRule,
            eligibility.CostRule,
            eligibility.DurationRule,
            eligibility.DeclarationRule,
        )
    },
    (selection.Criterion, "sections"): lambda document: _named(document.sections),
    (selection.Grid, "tie_break"): lambda document: _named(document.grid.criteria),
    (selection.Jury, "required_seats"): lambda document: _named(document.jury.seats if document.jury else ()),
    (selection.Jury, "tie"): lambda document: list(choices(selection.Jury, "tie").items()),
}
# Lists whose order says something: one control per rank.
ORDERED = {(selection.Grid, "tie_break"), (selection.Jury, "tie")}
