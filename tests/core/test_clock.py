"""One clock: the database's, shifted only where it may be."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.core.clock import at_instant, clock_offset, portal_now
from tests.factories import paris

pytestmark = pytest.mark.django_db


def test_it_is_the_clock_of_the_database() -> None:
    first, second = portal_now(), portal_now()
    assert first < second
    assert abs(second - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_shifted_clock_starts_at_the_instant_and_runs() -> None:
    start = paris(2027, 3, 31, 23, 59, 58)
    with at_instant(start):
        first = portal_now()
        second = portal_now()
    assert timedelta(0) <= first - start < timedelta(seconds=2)
    assert second > first
    assert clock_offset() == timedelta(0)


def test_shifts_nest_and_unwind() -> None:
    with at_instant(paris(2027, 3, 31)):
        outer = clock_offset()
        with at_instant(paris(2028, 1, 1)):
            assert portal_now().year in {2027, 2028}
            assert clock_offset() > outer
        assert clock_offset() == outer


def test_production_refuses_to_shift(settings) -> None:
    settings.CLOCK_MAY_SHIFT = False
    with pytest.raises(ImproperlyConfigured), at_instant(paris(2027, 1, 1)):
        pass
