"""The same call at other dates: hours stay, distances stay, nothing else moves."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calls.definition.moments import Moment, write_instant
from calls.definition.reading import canonical, read
from calls.definition.shifting import shift, with_calendar
from calls.definition.timetable import timeline
from portal.core.typography import PARIS
from tests.calls.documents import altered, ordinary

PIECE = "pieces:\n  - {code: DELIB, label: Délibération, promised_until: 2027-08-16}\n"
DATES = "calendar:\n  - {code: jury, when: 2027-09-09 09:00:00}\n  - {code: decision, when: 2027-10-01}\n"
DATED = read(altered(("grid:\n", f"{PIECE}{DATES}grid:\n")))


def test_every_date_moves_and_hours_stay():
    moved = shift(DATED, days=-120)
    assert write_instant(moved.opens_at) == "2026-09-17 09:00:00"
    assert write_instant(moved.closes_at) == "2027-03-02 23:59:59"
    assert [milestone.when.french.replace("\u00a0", " ") for milestone in moved.calendar] == [
        "mercredi 12 mai 2027 à 9 h 00",
        "jeudi 3 juin 2027",
    ]
    assert moved.pieces[0].promised_until == date(2027, 4, 18)


def test_nothing_else_moves():
    moved = shift(DATED, days=7)
    names = set(type(DATED).model_fields) - {"windows", "calendar", "pieces"}
    assert {name: getattr(moved, name) for name in names} == {name: getattr(DATED, name) for name in names}


@given(st.integers(-3000, 3000))
def test_shifting_and_back_is_the_same_call(days):
    assert canonical(shift(shift(DATED, days=days), days=-days)) == canonical(DATED)


def test_a_new_closing_carries_the_rest():
    closes_at = datetime(2030, 3, 29, 11, tzinfo=UTC)
    moved = with_calendar(DATED, closes_at=closes_at, slug="des-places-2030", edition="2030")
    assert (moved.closes_at, moved.slug, moved.edition) == (closes_at, "des-places-2030", "2030")
    assert write_instant(moved.closes_at) == "2030-03-29 12:00:00"
    assert moved.calendar[0].when.day - moved.closes_at.date() == timedelta(days=71)
    assert moved.title == DATED.title
    assert read(canonical(moved)) == moved


def test_only_the_last_window_takes_the_new_limit():
    two = read(
        altered(
            ("windows:\n", "windows:\n  - {code: W0, opens_at: 2026-01-15 09:00:00, closes_at: 2026-06-30 12:00:00}\n")
        )
    )
    moved = with_calendar(two, closes_at=datetime(2028, 6, 30, 18, tzinfo=PARIS))
    assert [write_instant(window.closes_at) for window in moved.windows] == [
        "2027-07-01 12:00:00",
        "2028-06-30 18:00:00",
    ]
    assert moved.slug == two.slug


def test_an_hour_that_the_change_removes_slides():
    moment = Moment(datetime(2027, 3, 27, 2, 30, tzinfo=PARIS))
    assert moment.shifted(1).at.isoformat() == "2027-03-28T03:30:00+02:00"


def test_a_whole_day_lasts_until_its_last_second():
    day = Moment.on(date(2027, 3, 28))
    assert (day.at.isoformat(), day.ends_at.isoformat()) == ("2027-03-28T00:00:00+01:00", "2027-03-28T23:59:59+02:00")
    assert day.day == date(2027, 3, 28)


def test_the_public_calendar_is_in_order():
    entries = DATED.timeline()
    assert [(entry.code, entry.title) for entry in entries] == [
        ("opens_at", "Ouverture des candidatures"),
        ("closes_at", "Clôture des candidatures"),
        ("jury", "Jury"),
        ("decision", "Décision"),
    ]
    assert ordinary(entries[1].when.french) == "mercredi 30 juin 2027 à 23 h 59"


def test_several_windows_are_told_apart():
    two = (DATED.windows[0], DATED.windows[0].model_copy(update={"code": "W2"}))
    assert [entry.title for entry in timeline(two, ())] == [
        "Ouverture des candidatures, W1",
        "Ouverture des candidatures, W2",
        "Clôture des candidatures, W1",
        "Clôture des candidatures, W2",
    ]
