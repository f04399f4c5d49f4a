"""The table of the communes in figures: by state, by stratum, by département, and which commune is in which state."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When

from calls.models import Stratum
from portal.territories.models import Commune

from .. import states
from ..models import DecisionLine
from .staff import GROUPS, NOT_BEGUN, in_stratum


@dataclass(frozen=True)
class StratumCount:
    """One stratum of population: communes that deposited, that began, and all of them."""

    label: str
    deposited: int
    draft: int
    total: int


@dataclass(frozen=True)
class Tally:
    """The whole table: by state (`total`, then the groups), by stratum in the order of the call, by département."""

    counts: dict[str, int]
    strata: list[StratumCount]
    departments: dict[str, dict[str, int]]


def tally_of(table: QuerySet[Commune], strata: Iterable[Stratum]) -> Tally:
    """All the counts of a page in one query: communes by département, state and stratum (the first that holds them)."""
    strata = list(strata)
    whens = [When(in_stratum(stratum), then=Value(n)) for n, stratum in enumerate(strata)]
    told = Case(When(situation=states.DECIDED, then=F("outcome")), default=Value(""))
    rows = table.order_by().values("department_id", "situation", told=told)
    rows = rows.annotate(
        stratum=Case(*whens, default=Value(len(strata)), output_field=IntegerField()), n=Count("pk")
    ).order_by("department_id")
    total: Counter[str] = Counter()
    by_stratum = [Counter[str]() for _ in range(len(strata) + 1)]
    departments: dict[str, Counter[str]] = {}
    for row in rows:
        found = dict.fromkeys(("total", *groups_of(row["situation"], row["told"])), row["n"])
        for counter in (total, by_stratum[row["stratum"]], departments.setdefault(row["department_id"], Counter())):
            counter.update(found)
    return Tally(
        counts={name: total[name] for name in ("total", *GROUPS)},
        strata=[
            StratumCount(stratum.label, found["deposited"], found["draft"], found["total"])
            for stratum, found in zip(strata, by_stratum, strict=False)
        ],
        departments={code: dict(counter) for code, counter in departments.items()},
    )


def groups_of(situation: str, outcome: str) -> list[str]:
    """The groups of `queries_staff.GROUPS` that hold a commune in this situation."""
    held = {
        "deposited": situation in states.DEPOSITED | states.ANSWERED_INTENT,
        "draft": situation == states.DRAFT,
        "none": situation == NOT_BEGUN,
        "withdrawn": situation == states.WITHDRAWN,
        "admissible": situation == states.ADMISSIBLE,
        "to_examine": situation == states.SUBMITTED,
        "passed": situation == states.ADMISSIBLE
        or (situation == states.DECIDED and outcome != DecisionLine.Outcome.INADMISSIBLE),
    }
    return [name for name, holds in held.items() if holds]


def communes_by_situation(table: QuerySet[Commune]) -> dict[str, list[str]]:
    """The INSEE codes of the table by situation: one row per situation, however many communes."""
    rows = table.order_by().values("situation").annotate(codes=ArrayAgg("insee"))
    return {row["situation"]: row["codes"] for row in rows}
