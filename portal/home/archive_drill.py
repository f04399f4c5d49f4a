"""The restore drill: a backup is only known to be one once it was restored, every row and every file compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg
from django.db import connection

from . import archive
from .archive import DUMP, ArchiveError

# Whatever the order of the rows: their number, and the sum of their fingerprints.
DIGEST = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} t"
TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'rehearsals\\_%' ORDER BY 1"
)
Digests = dict[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Drill:
    """What came back, and how long each half took, in seconds."""

    tables: int
    rows: int
    files: int
    octets: int
    backup_s: float
    restore_s: float


def drill(*, at: datetime) -> Drill:
    """Back up into a passing folder, restore into a passing database, compare. Raises `ArchiveError`.

    Nothing of the portal changes; acts go on meanwhile: both sides are those of one instant.
    """
    with TemporaryDirectory() as name, psycopg.connect(**connection.get_connection_params()) as line:
        line.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        snapshot = line.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        folder, begun = Path(name) / "sauvegarde", perf_counter()
        summary = archive.backup(folder, at=at, snapshot=snapshot[0])
        backed_up = perf_counter()
        with restored(folder / DUMP) as copy:
            archive.verify(folder)
            came_back = perf_counter()
            before, after = digests(line), digests(copy)
    compare(before, after)
    rows = sum(count for count, _ in before.values())
    return Drill(len(before), rows, summary.files, summary.octets, backed_up - begun, came_back - backed_up)


@contextmanager
def restored(dump: Path) -> Iterator[psycopg.Connection]:
    """A database made of the dump, beside ours, dropped at the end."""
    name = f"{connection.settings_dict['NAME']}_exercice"
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as line:
        line.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        line.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            archive.run_tool(
                "pg_restore", *archive.database_arguments(name), "--no-owner", "--exit-on-error", str(dump)
            )
            with psycopg.connect(**{**connection.get_connection_params(), "dbname": name}) as copy:
                yield copy
        finally:
            line.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def digests(line: psycopg.Connection) -> Digests:
    """Of each table of the portal."""
    found: Digests = {}
    for (table,) in line.execute(TABLES).fetchall():
        row = line.execute(DIGEST.format(f'"{table}"')).fetchone()
        assert row is not None
        found[table] = row
    return found


def compare(before: Digests, after: Digests) -> None:
    """Raise `ArchiveError` naming the tables that did not come back whole."""
    wrong = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if wrong:
        raise ArchiveError(f"La restauration ne rend pas les mêmes lignes : {', '.join(wrong)}.")
