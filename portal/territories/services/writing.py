"""Write what was compared: in bulk, in one transaction, nothing deleted but what is computed again."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from ..imports.lines import fingerprint
from ..models import Commune, FormerName, ImportRecord, Movement
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
