"""Bring the territories up to date with the official files: what would change, then the change itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction

from portal.core.typography import format_number

from .models import Commune, Department, Intercommunality, PopulationFigure, Region
from .source import Rows, Territories

EXAMPLES = 20
FIGURE_KEY = ("commune_id", "intercommunality_id", "kind", "year")


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
    communes = table("Communes", Commune, ("insee",), territories.communes)
    retired = {key: {**communes.before[key], "inhabited": False} for key in communes.absent}
    still_found = {key: row for key, row in retired.items() if communes.before[key]["inhabited"]}
    communes.changed.update(still_found)
    return [
        table("Régions", Region, ("code",), territories.regions),
        table("Départements", Department, ("code",), territories.departments),
        table("Intercommunalités", Intercommunality, ("siren",), territories.intercommunalities),
        communes,
        figures(territories.figures),
    ]


def figures(rows: Rows) -> Difference:
    """Populations of other years stay: only those of the years of the files are compared."""
    years = {key[3] for key in rows}
    known = PopulationFigure.objects.filter(year__in=years)
    return table("Populations", PopulationFigure, FIGURE_KEY, rows, known)


def table(
    label: str, model: type[models.Model], key: tuple[str, ...], rows: Rows, known: models.QuerySet | None = None
) -> Difference:
    """Compare one table with the rows of the files."""
    fields = list(next(iter(rows.values()), {}))
    known = model._default_manager.all() if known is None else known
    before = {
        key_of(values[: len(key)]): dict(zip(fields, values[len(key) :], strict=True))
        for values in known.values_list(*key, *fields)
    }
    created = {k: row for k, row in rows.items() if k not in before}
    changed = {k: row for k, row in rows.items() if k in before and before[k] != row}
    absent = tuple(k for k in before if k not in rows)
    unchanged = len(rows) - len(created) - len(changed)
    return Difference(label, model, key, created, changed, unchanged, absent, before)


def key_of(values: tuple[Any, ...]) -> Any:
    return values[0] if len(values) == 1 else values


@transaction.atomic
def apply_differences(differences: Iterable[Difference]) -> None:
    """Write what `compare` found: new rows in bulk, changed rows field by field; nothing is deleted."""
    for difference in differences:
        insert(difference)
        update(difference)


def insert(difference: Difference) -> None:
    """COPY the new rows: the quickest door of PostgreSQL."""
    if not difference.created:
        return
    meta = difference.model._meta
    names = [*difference.key, *next(iter(difference.created.values()))]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column_of(meta, name)) for name in names)
    with connection.cursor() as cursor, cursor.copy(f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN") as copy:
        for key, row in difference.created.items():
            head = key if isinstance(key, tuple) else (key,)
            copy.write_row([*head, *row.values()])


def column_of(meta: Any, name: str) -> str:
    return next(field.column for field in meta.concrete_fields if name in (field.name, field.attname))


def update(difference: Difference) -> None:
    manager = difference.model._default_manager
    for key, row in difference.changed.items():
        parts = key if isinstance(key, tuple) else (key,)
        criteria = {name: value for name, value in zip(difference.key, parts, strict=True) if value is not None}
        manager.filter(**criteria).update(**row)
