"""One clock: the database's. `portal_now()` decides every limit; the web server's time never does.

The SQL function adds the session setting `portal.clock_offset`, used by tests, rehearsals and the demo only
(`CLOCK_MAY_SHIFT`; a system check refuses it in production).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection


def portal_now() -> datetime:
    """The instant of the portal, aware, to the microsecond, from `clock_timestamp()` of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_now()")
        return cursor.fetchone()[0]


def shift_clock(offset: timedelta) -> None:
    """Shift the clock of this database session; `timedelta(0)` sets it right again."""
    if not settings.CLOCK_MAY_SHIFT:
        raise ImproperlyConfigured("The clock may be shifted in tests and in the demo only.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.clock_offset', %s, false)", [f"{offset.total_seconds()} seconds"])


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
