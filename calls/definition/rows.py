"""Which rows a call document makes: their columns, by list. `load` writes them whole, `amend` only what has changed.

A row is named by its code, and its position is its rank. Nothing here asks the database.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from calls.definition.eligibility import parameters
from calls.definition.schema import CallDocument
from calls.definition.values import plain
from calls.models import (
    AgreementArticle,
    Bonus,
    Criterion,
    EligibilityRule,
    Grid,
    Indicator,
    JuryRules,
    Milestone,
    Partner,
    PieceType,
    Question,
    Ranking,
    ReasonCode,
    SeatTemplate,
    Section,
    Stratum,
    SupportPhase,
    Track,
    Undertaking,
    Window,
)

Columns = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One row to be: `links` names the rows of the same call that it points to (column → code, or None)."""

    code: str
    columns: Columns
    links: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """The rows of one list; `links`: the model behind each link."""

    model: Any
    rows: Callable[[CallDocument], Iterator[Row]]
    links: dict[str, Any] = field(default_factory=dict)


def _listed(
    items: Callable[[CallDocument], Sequence[Any]], columns: Callable[[Any], Columns]
) -> Callable[[CallDocument], Iterator[Row]]:
    def rows(document: CallDocument) -> Iterator[Row]:
        for n, item in enumerate(items(document), 1):
            yield Row(item.code, {"position": n, **columns(item)})

    return rows


def _some(*names: str, **blank: str) -> Callable[[Any], Columns]:
    """Columns of the same name; the keywords are texts that an empty column stands for."""
    return lambda item: {
        **{name: getattr(item, name) for name in names},
        **{name: getattr(item, key) or "" for name, key in blank.items()},
    }


def _with_condition(columns: Callable[[Any], Columns]) -> Callable[[Any], Columns]:
    return lambda item: {**columns(item), "condition": plain(item.condition)}


# --- time and place ----------------------------------------------------------------------------------------------


def _milestone(item: Any) -> Columns:
    whole = item.when.whole_day
    when = {"on": item.when.day if whole else None, "at": None if whole else item.when.at}
    return {"label": item.label or "", "note": item.note or "", **when}


def _stratum(item: Any) -> Columns:
    place = item.perimeter
    codes = {
        "communes": item.communes, "applicant": item.kinds, "perimeter": place.codes if place else (),
        "attribute": item.values,
    }  # fmt: skip
    return {
        **_some("label", "kind", "lower", "upper", "population_kind")(item),
        "population_year": item.year,
        "perimeter_kind": place.kind if place else "",
        "attribute": item.attribute or "",
        "codes": list(codes.get(item.kind, ())),
    }


def _windows(document: CallDocument) -> Iterator[Row]:
    columns = _with_condition(_some("stage", "wave", "opens_at", "closes_at", label="label"))
    for n, window in enumerate(document.windows, 1):
        yield Row(window.code, {"position": n, **columns(window)}, {"track": window.track})


# --- form --------------------------------------------------------------------------------------------------------


def _questions(document: CallDocument) -> Iterator[Row]:
    for section in document.sections:
        for n, question in enumerate(section.questions, 1):
            yield Row(question.code, {"position": n, **question_columns(question)}, {"section": section.code})


def question_columns(question: Any) -> Columns:
    return {
        **_some("kind", "label", "required", "max_length", "visible_to_jury", "optional_until", "min_rows", "max_rows")(
            question
        ),
        "hint": question.hint or "",
        "minimum": question.min,
        "maximum": question.max,
        "unit": question.unit or "",
        "options": [plain(option) for option in question.options],
        "condition": plain(question.condition),
        "is_fact": question.fact,
        "is_project_title": question.project_title,
        "prefill": question.prefill or "",
        "columns": [plain(column) for column in question.columns],
        "piece_code": question.piece or "",
    }


def _piece(item: Any) -> Columns:
    names = ("label", "need", "stage", "max_megabytes", "min_count", "max_count", "promised_until", "resolution")
    return {**_some(*names, "visible_to_jury", hint="hint")(item), "accepted": list(item.accepted)}


# --- selection ---------------------------------------------------------------------------------------------------


def _rule(item: Any) -> Columns:
    return {**_some("kind", "label", "effect", "derogable")(item), "parameters": parameters(item)}


def _criterion(item: Any) -> Columns:
    return {
        **_some("label", "knockout", "informational", description="description", part_of="part_of")(item),
        "points": item.points or 0,
        "section_codes": list(item.sections),
        "descriptors": dict(item.descriptors),
        "comment_required": item.comment_required,
    }


def grid_columns(document: CallDocument) -> Columns:
    grid = document.grid
    names = (
        "mode", "scale_max", "total", "threshold", "max_selected", "reserve_size", "technical_visible_to_jury",
        "aggregate", "abstention", "unjudged", "comment",
    )  # fmt: skip
    return {
        **_some(*names)(grid),
        "scale_labels": {str(step): label for step, label in grid.scale_labels.items()},
        "tie_break": list(grid.tie_break),
    }


def jury_columns(document: CallDocument) -> Columns | None:
    jury = document.jury
    if jury is None:
        return None
    hearing = jury.hearing
    return {
        **_some("quorum", "majority", "ballot", "casting_vote")(jury),
        "hearing_minutes": hearing.minutes if hearing else None,
        "hearing_threshold": hearing.threshold if hearing else None,
    }


# In an order that lets each row point to rows already there; deleted in the contrary order.
GROUPS = (
    Group(Partner, _listed(lambda d: d.partners, _some("name", "role"))),
    Group(Track, _listed(lambda d: d.tracks, _some("label", text="text"))),
    Group(Stratum, _listed(lambda d: d.strata, _stratum)),
    Group(Window, _windows, {"track": Track}),
    Group(Milestone, _listed(lambda d: d.calendar, _milestone)),
    Group(EligibilityRule, _listed(lambda d: d.eligibility, _rule)),
    Group(Section, _listed(lambda d: d.sections, _with_condition(_some("title", "stage", lead="lead")))),
    Group(Question, _questions, {"section": Section}),
    Group(PieceType, _listed(lambda d: d.pieces, _with_condition(_piece))),
    Group(Undertaking, _listed(lambda d: d.undertakings, _with_condition(_some("label")))),
    Group(Criterion, _listed(lambda d: d.grid.criteria, _with_condition(_criterion))),
    Group(Bonus, _listed(lambda d: d.grid.bonuses, _with_condition(_some("label", "points")))),
    Group(
        Ranking,
        _listed(
            lambda d: d.grid.rankings,
            _with_condition(_some("label", "threshold", "max_selected", "reserve_size")),
        ),
    ),
    Group(
        SeatTemplate,
        _listed(
            lambda d: d.jury.seats if d.jury else (),
            _some(
                "label",
                "college",
                "voting",
                "president",
                "co_chair",
                "observer",
                "voice",
                "by_department",
                "drawn",
                rule="rule",
            ),
        ),
    ),
    Group(ReasonCode, _listed(lambda d: d.reasons, _some("outcome", "label"))),
    Group(
        SupportPhase,
        _listed(lambda d: d.phases, _some("title", "first_month", "last_month", deliverable="deliverable")),
    ),
    Group(
        AgreementArticle,
        _listed(
            lambda d: d.agreement.articles if d.agreement else (),
            _with_condition(lambda item: {"title": item.title, "paragraphs": list(item.paragraphs)}),
        ),
    ),
    Group(
        Indicator,
        _listed(lambda d: d.indicators, _some("label", "kind", "unit", objective="objective", target="target")),
    ),
)
# One row for the call, named by it.
SINGLE: tuple[tuple[Any, Callable[[CallDocument], Columns | None]], ...] = (
    (Grid, grid_columns),
    (JuryRules, jury_columns),
)
