"""One clock: the database's. `portal_now()` decides every limit; the web server's time never does.

The SQL function adds the session setting `portal.clock_offset`, used by tests and the demo only (`CLOCK_MAY_SHIFT`; a
system check refuses it in production). A rehearsal has a clock of its own, in its own schema: see `spaces`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import DateTimeField, Func

from .spaces import OFFSET, current_space


def portal_now() -> datetime:
    """The instant of the portal, aware, to the microsecond, from `clock_timestamp()` of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_now()")
        return cursor.fetchone()[0]


class PortalNow(Func):
    """The same instant inside a query, for what time alone decides."""

    function = "portal_now"
    output_field = DateTimeField()


def shift_clock(offset: timedelta) -> None:
    """Shift the clock of this database session; `timedelta(0)` sets it right again.

    In a rehearsal, only its own clock, which the portal never reads.
    """
    if not settings.CLOCK_MAY_SHIFT and current_space() is None:
        raise ImproperlyConfigured("The clock may be shifted in tests, in the demo and in a rehearsal only.")
    name = OFFSET if current_space() else "portal.clock_offset"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [name, f"{offset.total_seconds()} seconds"])


def clock_offset() -> timedelta:
    """The shift of this database session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_clock_offset()")
        return cursor.fetchone()[0]


@contextmanager
def at_instant(instant: datetime) -> Iterator[None]:
    """Live the block from `instant` on: the clock starts there and runs."""
    before = clock_offset()
    shift_clock(before + (instant - portal_now()))
    try:
        yield
    finally:
        shift_clock(before)
