"""Bring the territories up to date with the official files: what would change, then the change itself."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from portal.core.typography import format_number

from ..imports.lines import Rows
from ..imports.official import COMMUNES_SOURCE, EPCI_SOURCE, Territories
from ..models import Commune, CommuneAttribute, Department, Intercommunality, Movement, PopulationFigure, Region

EXAMPLES = 20
FIGURE_KEY = ("commune_id", "intercommunality_id", "kind", "year")
MOVEMENT_KEY = ("effective_on", "kind", "code_before", "code_after")
ATTRIBUTE_KEY = ("commune_id", "code", "year")
OFFICIAL_SOURCES = frozenset({COMMUNES_SOURCE, EPCI_SOURCE})


@dataclass(frozen=True)
class Difference:
    """What separates one table from the files. `absent`: known here, gone from the files; never deleted."""

    label: str
    model: type[models.Model]
    key: tuple[str, ...]
    created: Rows
    changed: Rows
    unchanged: int
    absent: tuple[Any, ...]
    before: Rows

    @property
    def sentence(self) -> str:
        counts = (
            f"{format_number(len(self.created))} à créer",
            f"{format_number(len(self.changed))} à modifier",
            f"{format_number(self.unchanged)} à jour",
        )
        gone = f", {format_number(len(self.absent))} hors des fichiers (rien n’est supprimé)" if self.absent else ""
        return f"{self.label}\u00a0: {', '.join(counts)}{gone}."

    @property
    def examples(self) -> list[str]:
        """The first changed rows, field by field: old value, new value."""
        rows = list(self.changed.items())[:EXAMPLES]
        return [f"  {self.label} {name_of(key)}\u00a0: {change_of(self.before[key], row)}" for key, row in rows]


def name_of(key: Any) -> str:
    return " ".join(str(part) for part in key if part is not None) if isinstance(key, tuple) else str(key)


def change_of(before: dict[str, Any], after: dict[str, Any]) -> str:
    return ", ".join(f"{name} {before[name]!r} → {after[name]!r}" for name in after if before[name] != after[name])


def compare(territories: Territories) -> list[Difference]:
    """The differences, in the order in which they may be written."""
    return [
        table("Régions", Region, ("code",), territories.regions),
        table("Départements", Department, ("code",), territories.departments),
        table("Intercommunalités", Intercommunality, ("siren",), territories.intercommunalities),
        communes(territories.communes),
        figures(territories.figures, over=OFFICIAL_SOURCES),
        movements({key: row for key, row in territories.movements.items() if key[3] in territories.communes}),
    ]


def communes(rows: Rows) -> Difference:
    """A commune gone from the code is kept, no longer found; its SIREN goes to the code that now bears it."""
    found = table("Communes", Commune, ("insee",), rows)
    borne = {row["siren"] for row in rows.values()}
    for key in found.absent:
        before = found.before[key]
        siren = None if before["siren"] in borne else before["siren"]
        retired = {**before, "inhabited": False, "siren": siren}
        if retired != before:
            found.changed[key] = retired
    return found


def figures(rows: Rows, *, over: frozenset[str] | None = None) -> Difference:
    """Populations of other years stay: only those of the years of the files are compared.

    The same figure keeps the source that gave it first. Another figure replaces it, but for one that comes from
    outside `over` (every source when None): what an administrator imported is not undone by the official package.
    """
    years = {key[3] for key in rows}
    before = stored(PopulationFigure.objects.filter(year__in=years), FIGURE_KEY, ["source", "value"])
    settled: Rows = {}
    for key, row in rows.items():
        there = before.get(key)
        stays = there and (there["value"] == row["value"] or (over is not None and there["source"] not in over))
        settled[key] = there if there and stays else row
    return table("Populations", PopulationFigure, FIGURE_KEY, settled, before=before)


def movements(rows: Rows) -> Difference:
    """The same line keeps the source that gave it first; out of the files: only what the same sources gave."""
    sources = {row["source"] for row in rows.values()}
    before = stored(Movement.objects.all(), MOVEMENT_KEY, ["name_before", "name_after", "source"])
    settled: Rows = {}
    for key, row in rows.items():
        same = key in before and before[key]["name_before"] == row["name_before"]
        settled[key] = {**row, "source": before[key]["source"]} if same else row
    found = table("Mouvements", Movement, MOVEMENT_KEY, settled, before=before)
    return replace(found, absent=tuple(key for key in found.absent if before[key]["source"] in sources))


def attributes(rows: Rows) -> Difference:
    """Only the attributes and years of the file are compared."""
    codes, years = {key[1] for key in rows}, {key[2] for key in rows}
    known = CommuneAttribute.objects.filter(code__in=codes, year__in=years)
    return table("Attributs", CommuneAttribute, ATTRIBUTE_KEY, rows, known)


def table(
    label: str,
    model: type[models.Model],
    key: tuple[str, ...],
    rows: Rows,
    known: models.QuerySet | None = None,
    before: Rows | None = None,
) -> Difference:
    """Compare one table with the rows of the files. `before`: its rows, when they are already read."""
    if before is None:
        known = model._default_manager.all() if known is None else known
        before = stored(known, key, list(next(iter(rows.values()), {})))
    created = {k: row for k, row in rows.items() if k not in before}
    changed = {k: row for k, row in rows.items() if k in before and before[k] != row}
    absent = tuple(k for k in before if k not in rows)
    unchanged = len(rows) - len(created) - len(changed)
    return Difference(label, model, key, created, changed, unchanged, absent, before)


def stored(known: models.QuerySet, key: tuple[str, ...], fields: list[str]) -> Rows:
    """The rows of a table as the readers give them: key → fields."""
    n = len(key)
    return {
        key_of(values[:n]): dict(zip(fields, values[n:], strict=True)) for values in known.values_list(*key, *fields)
    }


def key_of(values: tuple[Any, ...]) -> Any:
    return values[0] if len(values) == 1 else values
