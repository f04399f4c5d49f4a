"""The grid of a call, the bonuses of a file and the notes given, as the pure modules want them."""

from collections.abc import Iterable
from decimal import Decimal

from applications.models import Application
from applications.queries import answers_for_reading, latest_deposit
from applications.queries import facts_about as facts_of_applicant
from calls.conditions import holds
from calls.definition.predicates import read_condition
from calls.models import Call

from .. import states
from ..models import Assessment
from ..ranking import RankingRules
from ..scoring import BonusRule, CriterionRule, GridRules, Result, score


def grid_rules(call: Call) -> GridRules:
    """The grid of a call: two queries."""
    return GridRules(
        scale_max=call.grid.scale_max,
        total=call.grid.total,
        criteria=tuple(CriterionRule(c.code, c.label, c.points, c.knockout) for c in call.criteria.all()),
        tie_break=next(iter(call.grid.tie_break), ""),
    )


def ranking_rules(call: Call) -> RankingRules:
    grid = call.grid
    return RankingRules(grid.threshold, grid.max_selected, grid.reserve_size)


def bonuses_of(application: Application) -> list[BonusRule]:
    """The bonuses that a file obtains, from the facts of its lead commune and its deposited answers."""
    rows = list(application.call.bonuses.all())
    if not rows:
        return []
    deposit = latest_deposit(application)
    sections = answers_for_reading(deposit, for_jury=False) if deposit else []
    values = {answer.code: answer.value for section in sections for answer in section.answers}
    facts = facts_of_applicant(application.lead, values)
    return [BonusRule(row.label, row.points) for row in rows if holds(read_condition(row.condition), facts)]


def file_result(application: Application, sheets: list[dict[str, Decimal]] | None = None) -> Result:
    """The mean of the members, criterion by criterion, and the bonus of the file."""
    found = jury_sheets(application) if sheets is None else sheets
    return score(grid_rules(application.call), found, bonuses_of(application))


def notes_of(assessment: Assessment | None) -> dict[str, Decimal]:
    """The notes of one sheet by code of criterion."""
    if assessment is None:
        return {}
    return {score.criterion.code: score.note for score in assessment.scores.select_related("criterion")}


def jury_sheets(application: Application) -> list[dict[str, Decimal]]:
    """The sheets that count: submitted, of voting seats that are not recused."""
    return sheets_by_file([application])[application.pk]


def sheets_by_file(applications: Iterable[Application]) -> dict[int, list[dict[str, Decimal]]]:
    """The sheets that count for each file: two queries whatever their number."""
    found: dict[int, list[dict[str, Decimal]]] = {application.pk: [] for application in applications}
    rows = Assessment.objects.filter(
        application__in=list(found), kind=Assessment.Kind.JURY, state=states.SUBMITTED, seat__voting=True
    )
    for sheet in rows.order_by("seat__position").prefetch_related("scores__criterion"):
        found[sheet.application_id].append({score.criterion.code: score.note for score in sheet.scores.all()})
    return found
