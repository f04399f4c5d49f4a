"""Which SQL statements write, and into which table."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connections

# A GET may write the session and the append-only access journal, nothing else (architecture.md §6, Logs).
WRITABLE_ON_GET = frozenset({"django_session", "core_accessrecord"})

_LITERALS = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_TABLE = r'(?:"?\w+"?\.)?"?(\w+)"?'
_WRITE = re.compile(
    rf"\bINSERT\s+INTO\s+{_TABLE}|\bDELETE\s+FROM\s+(?:ONLY\s+)?{_TABLE}|\bMERGE\s+INTO\s+{_TABLE}"
    rf"|\bUPDATE\s+(?:ONLY\s+)?{_TABLE}\s+(?:AS\s+\w+\s+)?SET\b|\bTRUNCATE\s+(?:TABLE\s+)?{_TABLE}",
    re.IGNORECASE,
)


def tables_written(sql: str) -> list[str]:
    """Tables that a statement inserts into, updates, deletes from, merges into or truncates, in order."""
    bare = _LITERALS.sub(" ", sql)
    return [next(name for name in match.groups() if name) for match in _WRITE.finditer(bare)]


@contextmanager
def watch_writes(on_write) -> Iterator[None]:
    """Call `on_write(table, sql)` for each table written in the block, by any connection of this thread."""

    def spy(execute, sql, params, many, context):
        for table in tables_written(str(sql)):
            on_write(table, str(sql))
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(spy))
        yield


@contextmanager
def unkept() -> Iterator[None]:
    """Write, as no door of the portal can, a row that a trigger keeps: to stage a failure."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")
