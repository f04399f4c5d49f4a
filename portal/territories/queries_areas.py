"""Which territory a person means: a commune, a département or a région, by its name in any spelling."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from .models import Commune, Department, Region
from .queries import place_line, search_communes
from .spelling import Wanted, plain, read_search

SHORTEST = 2
KINDS: dict[str, Literal["region", "department"]] = {"region": "region", "departement": "department"}
_KIND = re.compile(r"\((r[ée]gion|d[ée]partement)\)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Territory:
    """A place of the official code. `label` is unique: typed again, it means this place and no other."""

    kind: Literal["commune", "department", "region"]
    code: str
    name: str
    label: str
    detail: str


def search_territories(text: str, *, limit: int = 10) -> list[Territory]:
    """The places that `text` may mean, régions and départements first, then communes; at most `limit`.

    « Normandie (région) » and « Eure (département) » say the kind; a code of two or three characters is a département.
    """
    found = _KIND.search(text)
    kind = KINDS[plain(found[1])] if found else ""
    wanted = read_search(_KIND.sub("", text))
    areas = [*regions(wanted, kind), *departments(wanted, kind)]
    communes = [] if kind or only_a_department(wanted) else search_communes(text, limit=limit)
    return [*areas, *(commune_place(commune) for commune in communes)][:limit]


def the_one_meant(text: str, found: Sequence[Territory]) -> Territory | None:
    """The only place that bears this label or this very name, else the only one found; None when one must choose."""
    name = read_search(_KIND.sub("", text)).name
    same = [place for place in found if place.label == text.strip()]
    same = same or [place for place in found if plain(place.name) == name]
    chosen = same or list(found)
    return chosen[0] if len(chosen) == 1 else None


def communes_within(place: Territory) -> QuerySet[Commune]:
    """The communes of a place; itself for a commune."""
    field = {"commune": "insee", "department": "department_id", "region": "department__region_id"}[place.kind]
    return Commune.objects.filter(**{field: place.code})


def regions(wanted: Wanted, kind: str) -> list[Territory]:
    if kind == "department" or wanted.codes:
        return []
    rows = [row for row in Region.objects.order_by("name") if named(row.name, wanted)]
    return [Territory("region", row.code, row.name, f"{row.name} (région)", "") for row in rows]


def departments(wanted: Wanted, kind: str) -> list[Territory]:
    if kind == "region":
        return []
    rows = Department.objects.select_related("region").order_by("name")
    if wanted.codes:
        rows = rows.filter(code__in=wanted.codes)
    if not only_a_department(wanted):
        rows = [row for row in rows if named(row.name, wanted)]
    return [
        Territory("department", row.code, row.name, f"{row.name} (département)", f"{row.code}, {row.region.name}")
        for row in rows
    ]


def only_a_department(wanted: Wanted) -> bool:
    """« 76 », « 2A »: a code of département and nothing else."""
    return len(wanted.name) < SHORTEST and bool(wanted.codes) and all(len(code) < 5 for code in wanted.codes)


def named(name: str, wanted: Wanted) -> bool:
    """Whether a word of the name begins as typed."""
    return len(wanted.name) >= SHORTEST and f" {wanted.name}" in f" {plain(name)}"


def commune_place(commune: Commune) -> Territory:
    label = f"{commune.name} ({commune.department_id})"
    return Territory("commune", commune.insee, commune.name, label, place_line(commune))
