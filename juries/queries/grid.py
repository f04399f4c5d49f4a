"""The grid of a call, the bonuses of a file and the notes given, as the pure modules want them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from applications.models import Application
from applications.rankings import facts_at_deposit, has_points, places_of
from calls.conditions import Facts, holds
from calls.definition.predicates import read_condition
from calls.models import Call, Criterion

from .. import states
from ..levels import NO_OPINION, Spread, spread
from ..models import Assessment, Score
from ..ranking import RankingRules
from ..scoring import BonusRule, CriterionRule, GridRules, Notes, Result, score


def criteria_for(application: Application) -> list[Criterion]:
    """The criteria that apply to a file."""
    rows = all_criteria(application.call)
    if not any(row.condition for row in rows):
        return rows
    facts = facts_at_deposit(application)
    return [row for row in rows if applies(row, facts)]


def all_criteria(call: Call) -> list[Criterion]:
    """The criteria of a call, read once for the same object: they are frozen at the first score."""
    prefetch_related_objects([call], "criteria")
    return list(call.criteria.all())


def applies(row: Any, facts: Facts) -> bool:
    """Whether a criterion or a bonus of the call concerns a file; one that hangs on an unknown fact does not."""
    return row.condition is None or holds(read_condition(row.condition), facts) is True


def call_rules(call: Call) -> GridRules:
    """The whole grid of a call: two queries."""
    rows = all_criteria(call)
    return GridRules(
        scale_max=call.grid.scale_max,
        total=call.grid.total,
        criteria=tuple(CriterionRule(c.code, c.label, c.points, c.knockout, c.informational, c.part_of) for c in rows),
        tie_break=tuple(call.grid.tie_break),
        rescaled=any(row.condition and not row.informational for row in rows),
        median=call.grid.aggregate == "median",
        set_aside=call.grid.unjudged == "set_aside",
    )


def grid_rules(application: Application) -> GridRules:
    """The grid of a file: only the criteria that apply to it."""
    rules, kept = call_rules(application.call), {row.code for row in criteria_for(application)}
    return replace(rules, criteria=tuple(rule for rule in rules.criteria if rule.code in kept))


def ranking_rules(call: Call) -> dict[str, RankingRules]:
    """The rules of each ranking by code, in order. Without points there is neither threshold nor computed order."""
    numbers = has_points(call)
    return {
        place.code: RankingRules(
            place.threshold if numbers else None, place.max_selected, place.reserve_size or 0, computed=numbers
        )
        for place in places_of(call).values()
    }


def bonuses_of(application: Application) -> list[BonusRule]:
    """The bonuses that a file obtains, from the facts of its lead commune and its deposited answers."""
    rows = list(application.call.bonuses.all())
    if not rows:
        return []
    facts = facts_at_deposit(application)
    return [BonusRule(row.label, row.points) for row in rows if applies(row, facts)]


def file_result(application: Application, sheets: Sequence[Notes] | None = None) -> Result:
    """The mean of the members, criterion by criterion, and the bonus of the file."""
    found = jury_sheets(application) if sheets is None else sheets
    return score(grid_rules(application), found, bonuses_of(application))


@dataclass(frozen=True)
class Given:
    """What one sheet says, by code of criterion: notes (or levels), None for no opinion; comments."""

    notes: dict[str, Decimal | None] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


def given_in(assessment: Assessment | None) -> Given:
    rows = [] if assessment is None else list(assessment.scores.select_related("criterion"))
    return Given(
        notes={row.criterion.code: row.note for row in rows if row.note is not None or row.abstained},
        levels={row.criterion.code: level_given(row) for row in rows if level_given(row)},
        comments={row.criterion.code: row.comment for row in rows if row.comment},
    )


def answered(sheet: Assessment) -> tuple[int, int]:
    """How many criteria of the file a sheet answers, out of how many."""
    codes = {row.code for row in criteria_for(sheet.application)}
    given = given_in(sheet)
    return len(codes & {*given.notes, *given.levels}), len(codes)


def level_given(row: Score) -> str:
    return NO_OPINION if row.abstained else row.level


def call_levels(call: Call) -> dict[str, str]:
    """The levels of a grid without numbers by code, in their order."""
    return {level["code"]: level["label"] for level in call.extras.get("levels") or ()}


def spread_of(application: Application, sheets: list[dict[str, str]] | None = None) -> list[Spread]:
    """How many members chose each level, criterion by criterion."""
    found = levels_by_file([application])[application.pk] if sheets is None else sheets
    criteria = [(row.code, row.label) for row in criteria_for(application)]
    return spread(call_levels(application.call), criteria, found)


def jury_sheets(application: Application) -> list[dict[str, Decimal | None]]:
    """The sheets that count: submitted, of voting seats that are not recused."""
    return sheets_by_file([application])[application.pk]


def count_of_sheets(application: Application) -> int:
    return counting_sheets([application.pk]).count()


def counting_sheets(files: Iterable[int]) -> QuerySet[Assessment]:
    return Assessment.objects.filter(
        application__in=list(files), kind=Assessment.Kind.JURY, state=states.SUBMITTED, seat__voting=True
    )


def sheets_by_file(applications: Iterable[Application]) -> dict[int, list[dict[str, Decimal | None]]]:
    """The notes of the sheets that count for each file: two queries whatever their number."""
    return by_file(applications, "note")


def levels_by_file(applications: Iterable[Application]) -> dict[int, list[dict[str, str]]]:
    """The levels of the sheets that count for each file: two queries whatever their number."""
    return by_file(applications, "level")


def by_file(applications: Iterable[Application], column: str) -> dict[int, list[dict[str, Any]]]:
    """An abstention is kept among the notes (None), never among the levels."""
    found: dict[int, list[dict[str, Any]]] = {application.pk: [] for application in applications}
    for sheet in counting_sheets(found).order_by("seat__position").prefetch_related("scores__criterion"):
        rows = [row for row in sheet.scores.all() if row.level or (column == "note" and answers(row))]
        found[sheet.application_id].append({row.criterion.code: getattr(row, column) for row in rows})
    return found


def answers(row: Score) -> bool:
    """Whether a note is given, or refused: a comment alone answers nothing."""
    return row.note is not None or row.abstained
