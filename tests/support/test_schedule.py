"""Phases dated from the start of the support."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.agreements.term import last_day
from support.plan.schedule import dated, month_number


@dataclass
class Template:
    first_month: int
    last_month: int
    code: str = "P"
    title: str = "Phase"
    deliverable: str = ""


@pytest.mark.parametrize(
    ("start", "first", "last", "begins", "ends"),
    [
        (date(2027, 6, 7), 1, 1, date(2027, 6, 7), date(2027, 7, 6)),
        (date(2027, 6, 7), 2, 4, date(2027, 7, 7), date(2027, 10, 6)),
        (date(2027, 6, 7), 9, 12, date(2028, 2, 7), date(2028, 6, 6)),
        (date(2027, 1, 31), 2, 2, date(2027, 2, 28), date(2027, 3, 30)),
        (date(2028, 1, 31), 2, 2, date(2028, 2, 29), date(2028, 3, 30)),
    ],
)
def test_vectors(start: date, first: int, last: int, begins: date, ends: date) -> None:
    (phase,) = dated([Template(first, last)], start)
    assert (phase.starts_on, phase.ends_on) == (begins, ends)


def test_a_year_ends_on_its_eve() -> None:
    assert last_day(date(2027, 6, 7), 12) == date(2028, 6, 6)


@pytest.mark.parametrize(
    ("today", "number"),
    [
        (date(2027, 6, 6), 0),
        (date(2027, 6, 7), 1),
        (date(2027, 7, 6), 1),
        (date(2027, 7, 7), 2),
        (date(2028, 6, 6), 12),
    ],
)
def test_which_month_is_today(today: date, number: int) -> None:
    assert month_number(date(2027, 6, 7), today) == number


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 24))
def test_consecutive_phases_leave_no_gap(start: date, months: int) -> None:
    first, second = dated([Template(1, months), Template(months + 1, months + 1)], start)
    assert second.starts_on == first.ends_on + timedelta(days=1)
