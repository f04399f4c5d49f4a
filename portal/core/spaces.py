"""A space apart: copies of the tables in a schema of their own, where a call is rehearsed (docs/decisions/020).

Inside a space every table name finds the copy first, `portal_now()` is the clock of the space, and every address
begins with its prefix. Nothing else changes: the same code reads and writes other rows. What a request or a job sets on
its connection when it enters is undone when it leaves; a connection that cannot be set right is thrown away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.urls import get_script_prefix, set_script_prefix

OFFSET = "portal.rehearsal_offset"


class SpaceGone(Exception):
    """The space was erased, or is about to be."""


@dataclass(frozen=True)
class Space:
    """`schema` holds the copies; `prefix` begins every address, without a slash at its end."""

    schema: str
    prefix: str


_current: ContextVar[Space | None] = ContextVar("space", default=None)


def current_space() -> Space | None:
    """The space where this request or job lives; None for the portal itself."""
    return _current.get()


def absolute(path: str) -> str:
    """The full address of a path of the portal, in the present space."""
    space = current_space()
    if space and not path.startswith(f"{space.prefix}/"):
        path = space.prefix + path
    return settings.PORTAL_URL + path


@contextmanager
def inside(space: Space) -> Iterator[None]:
    """Live the block in a space. It cannot be erased meanwhile. Raises `SpaceGone`."""
    if current_space() is not None:
        raise RuntimeError("A space holds no other space.")
    before = get_script_prefix()
    _enter(space)
    token = _current.set(space)
    set_script_prefix(f"{space.prefix}/")
    try:
        yield
    finally:
        _current.reset(token)
        set_script_prefix(before)
        _leave(space)


def _enter(space: Space) -> None:
    """The shared lock comes first: without it, an erased copy would let a name find the table of the portal."""
    lock = "pg_advisory_xact_lock_shared" if connection.in_atomic_block else "pg_advisory_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtext(%s))", [space.schema])
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [space.schema])
        if not cursor.fetchone()[0]:
            _unlock(cursor, space)
            raise SpaceGone(space.schema)
        cursor.execute("SELECT set_config('search_path', %s, false)", [f"{space.schema}, public"])


def _leave(space: Space) -> None:
    """Back to the tables and the clock of the portal. In a broken transaction, its rollback does it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")
            cursor.execute("SELECT set_config(%s, '', false)", [OFFSET])
            _unlock(cursor, space)
    except (DatabaseError, InterfaceError):
        if not connection.in_atomic_block:
            connection.close()


def _unlock(cursor: Any, space: Space) -> None:
    """A lock of the transaction goes with it."""
    if not connection.in_atomic_block:
        cursor.execute("SELECT pg_advisory_unlock_shared(hashtext(%s))", [space.schema])
