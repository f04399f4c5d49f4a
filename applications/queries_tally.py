"""The table of the communes in figures: by state, by stratum, by département, and which commune is in which state."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, QuerySet

from calls.models import Stratum
from portal.territories.models import Commune

from .queries_staff import GROUPS, in_stratum


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
    """All the counts of a page in one query: one row per département."""
    strata = list(strata)
    columns = {"total": Count("pk"), **{name: Count("pk", filter=where) for name, where in GROUPS.items()}}
    for n, stratum in enumerate(strata):
        inside = in_stratum(stratum)
        columns[f"total_{n}"] = Count("pk", filter=inside)
        columns[f"deposited_{n}"] = Count("pk", filter=inside & GROUPS["deposited"])
        columns[f"draft_{n}"] = Count("pk", filter=inside & GROUPS["draft"])
    rows = list(table.order_by("department_id").values("department_id").annotate(**columns))
    found = {name: sum(row[name] for row in rows) for name in columns}
    return Tally(
        counts={name: found[name] for name in ("total", *GROUPS)},
        strata=[
            StratumCount(stratum.label, found[f"deposited_{n}"], found[f"draft_{n}"], found[f"total_{n}"])
            for n, stratum in enumerate(strata)
        ],
        departments={row.pop("department_id"): row for row in rows},
    )


def communes_by_situation(table: QuerySet[Commune]) -> dict[str, list[str]]:
    """The INSEE codes of the table by situation: one row per situation, however many communes."""
    rows = table.order_by().values("situation").annotate(codes=ArrayAgg("insee"))
    return {row["situation"]: row["codes"] for row in rows}
