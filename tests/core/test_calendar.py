"""Paris wall clock, clock changes, holidays, working days, council cycles, both hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import (
    PARIS,
    add_months,
    add_working_days,
    clock_reading,
    convocation_deadline,
    council_cycle_end,
    day_of,
    end_of_day,
    holiday_name,
    hours_of,
    is_working_day,
    next_working_day,
    offset_from,
    shift_days,
    wall_clock,
    working_days_between,
)

DAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))
TIMES = st.times().map(lambda t: t.replace(microsecond=0))


@pytest.mark.parametrize(
    ("wall", "reading"),
    [
        (datetime(2027, 3, 28, 1, 59, 59), "ordinary"),
        (datetime(2027, 3, 28, 2, 0), "impossible"),
        (datetime(2027, 3, 28, 2, 59, 59), "impossible"),
        (datetime(2027, 3, 28, 3, 0), "ordinary"),
        (datetime(2027, 10, 31, 1, 59, 59), "ordinary"),
        (datetime(2027, 10, 31, 2, 0), "doubled"),
        (datetime(2027, 10, 31, 2, 59, 59), "doubled"),
        (datetime(2027, 10, 31, 3, 0), "ordinary"),
    ],
)
def test_clock_reading_at_both_changes(wall, reading):
    assert clock_reading(wall) == reading


def test_clock_reading_refuses_a_zone():
    with pytest.raises(ValueError, match="bears no zone"):
        clock_reading(datetime(2027, 3, 28, 2, 0, tzinfo=PARIS))


def test_wall_clock_in_winter_summer_and_at_the_changes():
    assert wall_clock(date(2027, 1, 15), time(9)).astimezone(UTC) == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert wall_clock(date(2027, 7, 15), time(9)).astimezone(UTC) == datetime(2027, 7, 15, 7, tzinfo=UTC)
    assert wall_clock(date(2027, 3, 28), time(2, 30)).isoformat() == "2027-03-28T03:30:00+02:00"
    assert wall_clock(date(2027, 10, 31), time(2, 30)).isoformat() == "2027-10-31T02:30:00+02:00"


def test_end_of_day_is_the_last_second():
    assert end_of_day(date(2027, 3, 31)).isoformat() == "2027-03-31T23:59:59+02:00"


def test_seven_days_before_keeps_the_hour_across_the_change():
    closing = end_of_day(date(2027, 3, 31))
    assert offset_from(closing, days=-7, at=time(9)).isoformat() == "2027-03-24T09:00:00+01:00"
    assert offset_from(closing, days=-2, at=time(9)).isoformat() == "2027-03-29T09:00:00+02:00"


def test_an_anchor_in_another_zone_counts_from_its_paris_day():
    late_in_utc = datetime(2027, 3, 31, 22, 30, tzinfo=UTC)  # 1 April, 0:30 in Paris
    assert offset_from(late_in_utc, days=0, at=time(9)).date() == date(2027, 4, 1)
    assert day_of(late_in_utc) == date(2027, 4, 1)


def test_naive_instants_are_refused():
    with pytest.raises(ValueError, match="naive"):
        day_of(datetime(2027, 3, 31))


@given(DAYS, TIMES, st.integers(-400, 400))
def test_an_offset_falls_on_the_day_and_hour_asked(day, at, days):
    moved = offset_from(wall_clock(day, time(12)), days=days, at=at)
    target = day + timedelta(days=days)
    if clock_reading(datetime.combine(target, at)) == "impossible":
        assert moved.replace(tzinfo=None) == datetime.combine(target, at) + timedelta(hours=1)
    else:
        assert moved.replace(tzinfo=None) == datetime.combine(target, at)


@given(DAYS, TIMES, st.integers(-400, 400))
def test_shifting_back_comes_back_except_from_an_impossible_hour(day, at, days):
    start = wall_clock(day, at)
    there = datetime.combine(start.date() + timedelta(days=days), start.time())
    if clock_reading(there) != "impossible":
        assert shift_days(shift_days(start, days), -days).replace(tzinfo=None) == start.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2021, 4, 6), 18, date(2022, 10, 6)),
        (date(2027, 1, 15), -1, date(2026, 12, 15)),
        (date(2027, 12, 31), 0, date(2027, 12, 31)),
    ],
)
def test_add_months(day, months, expected):
    assert add_months(day, months) == expected


def test_holidays_of_2027():
    found = {day for n in range(365) if holiday_name(day := date(2027, 1, 1) + timedelta(days=n))}
    assert found == {
        date(2027, 1, 1),
        date(2027, 3, 29),
        date(2027, 5, 1),
        date(2027, 5, 6),
        date(2027, 5, 8),
        date(2027, 5, 17),
        date(2027, 7, 14),
        date(2027, 8, 15),
        date(2027, 11, 1),
        date(2027, 11, 11),
        date(2027, 12, 25),
    }
    assert holiday_name(date(2027, 5, 6)) == "Ascension"


@pytest.mark.parametrize(
    ("department", "day"),
    [
        ("57", date(2027, 3, 26)),  # Good Friday in Moselle
        ("67", date(2027, 12, 26)),
        ("68", date(2027, 12, 26)),
        ("974", date(2027, 12, 20)),  # abolition of slavery, La Réunion
    ],
)
def test_local_holidays(department, day):
    assert holiday_name(day) is None
    assert holiday_name(day, department=department) is not None
    assert not is_working_day(day, department=department)


def test_working_days_skip_weekends_and_holidays():
    assert next_working_day(date(2027, 5, 5)) == date(2027, 5, 5)
    assert next_working_day(date(2027, 5, 15)) == date(2027, 5, 18)  # Saturday before Whit Monday
    assert add_working_days(date(2027, 5, 5), 1) == date(2027, 5, 7)  # Ascension on the 6th
    assert add_working_days(date(2027, 5, 18), -1) == date(2027, 5, 14)
    assert add_working_days(date(2027, 5, 8), 0) == date(2027, 5, 8)
    assert working_days_between(date(2027, 5, 3), date(2027, 5, 10)) == 4
    assert working_days_between(date(2027, 5, 3), date(2027, 5, 3)) == 0


@given(DAYS, st.integers(1, 30))
def test_counting_working_days_undoes_adding_them(day, count):
    later = add_working_days(day, count)
    assert is_working_day(later)
    assert working_days_between(day, later) == count


def test_councils():
    assert council_cycle_end(date(2027, 1, 15)) == date(2027, 4, 15)
    assert convocation_deadline(date(2027, 3, 12), population=3499) == date(2027, 3, 8)
    assert convocation_deadline(date(2027, 3, 12), population=3500) == date(2027, 3, 6)


def test_both_hours_overseas_and_one_in_mainland():
    closing = end_of_day(date(2027, 3, 31))
    assert [(hour.label, hour.at.strftime("%d %H:%M")) for hour in hours_of(closing, department="974")] == [
        ("heure de Paris", "31 23:59"),
        ("heure de La Réunion", "01 01:59"),
    ]
    assert [hour.label for hour in hours_of(closing, department="76")] == ["heure de Paris"]
    assert [hour.label for hour in hours_of(closing)] == ["heure de Paris"]


@pytest.mark.parametrize("department", ["971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"])
def test_every_overseas_zone_gives_the_same_instant(department):
    at = datetime(2027, 6, 1, 12, tzinfo=UTC)
    paris, local = hours_of(at, department=department)
    assert paris.at == local.at == at
    assert local.at.utcoffset() != paris.at.utcoffset()
