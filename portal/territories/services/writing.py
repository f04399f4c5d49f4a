"""Write what was compared: in bulk, in one transaction, nothing deleted but what is computed again."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from ..imports.lines import fingerprint
from ..imports.official import Territories
from ..models import Commune, FormerName, ImportRecord, Intercommunality, Movement
from ..queries_history import history
from ..spelling import plain
from .differences import Difference


@transaction.atomic
def apply_differences(differences: Iterable[Difference]) -> None:
    """Write what `compare` found: changed rows field by field (they may free a number), then new rows in bulk."""
    touched = set()
    for difference in differences:
        update(difference)
        insert(difference)
        if difference.created or difference.changed:
            touched.add(difference.model)
    if touched & {Commune, Movement}:
        refresh_former_names()


def of_another_vintage(territories: Territories, year: int) -> int:
    """How many territories of the files do not bear this vintage of the official code yet, new ones included."""
    dated = sum(rows.filter(code_year=year).count() for rows in in_the_files(territories))
    return len(territories.communes) + len(territories.intercommunalities) - dated


def write_vintage(territories: Territories, year: int) -> None:
    """Date the territories that the files give. One that is gone keeps the last vintage that gave it."""
    for rows in in_the_files(territories):
        rows.update(code_year=year)


def in_the_files(territories: Territories) -> tuple[QuerySet, QuerySet]:
    return (
        Commune.objects.filter(insee__in=territories.communes),
        Intercommunality.objects.filter(siren__in=territories.intercommunalities),
    )


@transaction.atomic
def record_import(*, kind: str, path: Path, summary: str, at: datetime) -> ImportRecord:
    """Keep which file was written, its fingerprint and what it changed."""
    return ImportRecord.objects.create(
        kind=kind, file_name=path.name[:200], sha256=fingerprint(path), applied_at=at, summary=summary
    )


@transaction.atomic
def refresh_former_names() -> None:
    """Compute again the names that lead to a commune of today: those of its former parts, and its own before."""
    names = dict(Commune.objects.filter(inhabited=True).values_list("insee", "search_name"))
    past = history()
    found: dict[tuple[str, str, str], FormerName] = {}
    dated_last = Movement.objects.exclude(name_before="").order_by("effective_on")
    for code, name, until in dated_last.values_list("code_before", "name_before", "effective_on"):
        bare = plain(name)
        for insee in past.successors(code):
            if insee not in names or names[insee] == bare:
                continue
            key = (insee, code, bare)
            if key not in found or until is not None:
                found[key] = FormerName(commune_id=insee, code=code, name=name, search_name=bare, until=until)
    FormerName.objects.all().delete()
    FormerName.objects.bulk_create(found.values(), batch_size=5000)


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
