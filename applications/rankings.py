"""To which ranking a file belongs: the first whose condition holds, over the facts frozen at its deposit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from calls.conditions import Facts, holds
from calls.definition.predicates import read_condition
from calls.models import Call, Grid, Ranking

from .content.reading import thaw
from .models import Application, DecisionLine, Deposit
from .queries.files import facts_of_file

OTHERS = "Autres candidatures"
NUMERIC, QUALITATIVE, NO_GRID = "numeric", "qualitative", "none"
FACTS = (
    "track",
    "lead__commune__department",
    "lead__commune__populations",
    "lead__commune__intercommunality__populations",
)


@dataclass(frozen=True)
class Place:
    """One ranking of a call and what it offers. No limit where a number is None; the label of a sole one is empty."""

    code: str
    label: str = ""
    threshold: Decimal | None = None
    max_selected: int | None = None
    reserve_size: int | None = None


def grid_of(call: Call) -> Grid | None:
    return getattr(call, "grid", None)


def mode_of(call: Call) -> str:
    grid = grid_of(call)
    return grid.mode if grid else NO_GRID


def has_grid(call: Call) -> bool:
    """Whether someone notes the files of the call, in points or in levels."""
    return mode_of(call) != NO_GRID


def has_points(call: Call) -> bool:
    """Whether the grid of the call gives numbers, hence a computed ranking."""
    return mode_of(call) == NUMERIC


def places_of(call: Call) -> dict[str, Place]:
    """The rankings of a call by code, in order: its own, then the grid's for the files of none of them."""
    grid = grid_of(call)
    whole = Place("", "", grid.threshold, grid.max_selected, grid.reserve_size) if grid else Place("")
    apart = {row.code: place_of(row, whole) for row in rankings_of(call)}
    return {**apart, "": replace(whole, label=OTHERS) if apart else whole}


def rankings_of(call: Call) -> list[Ranking]:
    """The rankings apart of a call, read once for the same object."""
    prefetch_related_objects([call], "rankings")
    return list(call.rankings.all())


def place_of(row: Any, whole: Place) -> Place:
    """A ranking apart: what it does not say is what the grid says."""
    names = ("threshold", "max_selected", "reserve_size")
    said = {name: getattr(row, name) for name in names if getattr(row, name) is not None}
    return replace(whole, code=row.code, label=row.label, **said)


def ranks_in_force(call: Call) -> dict[int, tuple[str, int | None]]:
    """{file: (label of its ranking, its rank)}, as the latest decision about each file says."""
    lines = DecisionLine.objects.filter(decision__call=call).order_by("decision__recorded_at", "pk")
    labels = {code: place.label for code, place in places_of(call).items()}
    return {
        file: (labels.get(code, ""), rank)
        for file, code, rank in lines.values_list("application_id", "ranking", "rank")
    }


def ranking_code_of(application: Application) -> str:
    """The code of a file's ranking, "" when it is in none apart."""
    return ranking_codes(application.call, [application])[application.pk]


def ranking_codes(call: Call, files: Iterable[Application]) -> dict[int, str]:
    """The code of the ranking of each file, in a constant number of queries."""
    files, rankings = list(files), [(row.code, read_condition(row.condition)) for row in rankings_of(call)]
    if not rankings:
        return {file.pk: "" for file in files}
    facts = frozen_facts(call, files)
    return {
        file.pk: next((code for code, condition in rankings if holds(condition, facts[file.pk])), "") for file in files
    }


def facts_at_deposit(application: Application) -> Facts:
    return frozen_facts(application.call, [application])[application.pk]


def frozen_facts(call: Call, files: Iterable[Application]) -> dict[int, Facts]:
    """What conditions may ask of deposited files: applicant, answers of the version that counts, track and stratum."""
    files = list(files)
    prefetch_related_objects(files, *FACTS)
    prefetch_related_objects([call], "strata")
    deposits = Deposit.objects.filter(application__in=files).order_by("application_id", "-n").distinct("application_id")
    answers = {row.application_id: answers_of(row) for row in deposits}
    return {file.pk: facts_of_file(file, answers.get(file.pk)) for file in files}


def answers_of(deposit: Deposit) -> dict[str, Any]:
    """The deposited values by code of question."""
    return {row.code: row.value for section in thaw(deposit.answers, for_jury=False) for row in section.answers}
