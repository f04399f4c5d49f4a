"""Rows made by the thousand: one real row, copied by the database."""

from django.db import connection
from django.db.models import AutoField, Model


def copy_row(template: Model, source: str, **columns: str) -> None:
    """Insert `template` again for each row of `source`.

    `source` is what follows FROM (its rows are named in it); `columns` gives, by column, the SQL of what changes. A
    column that is not named keeps the template's value.
    """
    meta, key = template._meta, template._meta.pk
    assert key is not None
    kept = [str(f.column) for f in meta.concrete_fields if not isinstance(f, AutoField)]
    unknown = columns.keys() - set(kept)
    if unknown:
        raise ValueError(f"{meta.db_table} has no column {', '.join(sorted(unknown))}")
    names = ", ".join(f'"{name}"' for name in kept)
    values = ", ".join(columns.get(name, f't."{name}"') for name in kept)
    body = f"SELECT {values} FROM {meta.db_table} t, {source}".replace("%", "%%")  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO {meta.db_table} ({names}) {body} WHERE t."{key.column}" = %s', [template.pk])


def run(sql: str, *parameters: str | int) -> list[tuple]:
    """The rows of a statement, if it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchall() if cursor.description else []
