"""Days and hours of French public practice: Paris wall clock, clock changes, holidays, working days, council cycles.

Pure functions. Instants are aware; a wall-clock rule ("seven days before, at 9:00") is reckoned on the Paris calendar
and never by adding hours, so that a clock change moves nothing.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import holidays

from portal.core.typography import PARIS, PARIS_LABEL

LAST_SECOND = time(23, 59, 59)
COUNCIL_CYCLE_MONTHS = 3

# --- the Paris wall clock ----------------------------------------------------------------------------------------

ClockReading = Literal["ordinary", "impossible", "doubled"]


def clock_reading(wall: datetime, zone: ZoneInfo = PARIS) -> ClockReading:
    """What a naive wall-clock time is: it exists once, never (spring change) or twice (autumn change)."""
    if wall.tzinfo is not None:
        raise ValueError("a wall-clock time bears no zone")
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return "ordinary"
    return "doubled" if _comes_back(first) else "impossible"


def _comes_back(at: datetime) -> bool:
    return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) == at.replace(tzinfo=None)


def wall_clock(day: date, at: time, zone: ZoneInfo = PARIS) -> datetime:
    """The instant of `day` at `at`: an impossible hour slides to after the change, a doubled hour is the first one."""
    naive = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    return naive.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def end_of_day(day: date, zone: ZoneInfo = PARIS) -> datetime:
    """The last second of the day: what « jusqu’au 31 mars » means."""
    return wall_clock(day, LAST_SECOND, zone)


def day_of(at: datetime, zone: ZoneInfo = PARIS) -> date:
    """The calendar day of an instant in `zone`; a naive instant is refused."""
    if at.tzinfo is None:
        raise ValueError("naive datetime")
    return at.astimezone(zone).date()


def offset_from(anchor: datetime, *, days: int, at: time, zone: ZoneInfo = PARIS) -> datetime:
    """« J-7 à 9 h 00 » is `offset_from(closes_at, days=-7, at=time(9))`: days of the calendar, hour of the clock."""
    return wall_clock(day_of(anchor, zone) + timedelta(days=days), at, zone)


def shift_days(at: datetime, days: int, zone: ZoneInfo = PARIS) -> datetime:
    """The same wall-clock hour, `days` later (or earlier)."""
    local = at.astimezone(zone)
    return wall_clock(local.date() + timedelta(days=days), local.time(), zone)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 31 August + 6 months is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- holidays and working days -----------------------------------------------------------------------------------

_SUBDIVISIONS = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}


@lru_cache(maxsize=256)
def _holidays(year: int, subdivision: str | None) -> dict[date, str]:
    return dict(holidays.France(years=year, subdiv=subdivision, language="fr"))


def holiday_name(day: date, *, department: str | None = None) -> str | None:
    """« Ascension », or None; Alsace-Moselle and overseas départements have days of their own."""
    return _holidays(day.year, _SUBDIVISIONS.get(department or "")).get(day)


def is_working_day(day: date, *, department: str | None = None) -> bool:
    """Monday to Friday, public holidays excepted."""
    return day.weekday() < 5 and holiday_name(day, department=department) is None


def next_working_day(day: date, *, department: str | None = None) -> date:
    """`day` itself when it is worked, else the first worked day after it."""
    while not is_working_day(day, department=department):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, *, department: str | None = None) -> date:
    """The `count`-th working day after `day` (before it when negative); `day` itself does not count."""
    step = timedelta(days=1 if count >= 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, department=department):
            day += step
    return day


def working_days_between(start: date, end: date, *, department: str | None = None) -> int:
    """How many working days lie after `start`, up to `end` included."""
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, department=department) for day in span)


# --- councils ----------------------------------------------------------------------------------------------------


def council_cycle_end(start: date) -> date:
    """By this day every council has met at least once: it meets once a quarter (CGCT L2121-7, L5211-11)."""
    return add_months(start, COUNCIL_CYCLE_MONTHS)


def council_notice_days(population: int) -> int:
    """Clear days of notice: 3 under 3 500 inhabitants, 5 from there on (CGCT L2121-11, L2121-12)."""
    return 3 if population < 3500 else 5


def convocation_deadline(meeting_on: date, *, population: int) -> date:
    """The last day to convene: neither the day of sending nor that of the meeting counts among the clear days."""
    return meeting_on - timedelta(days=council_notice_days(population) + 1)


# --- both hours --------------------------------------------------------------------------------------------------


class LocalHour(NamedTuple):
    """One instant as read on the spot: « heure de La Réunion »."""

    label: str
    zone: ZoneInfo
    at: datetime


_OVERSEAS = {
    "971": ("heure de la Guadeloupe", "America/Guadeloupe"),
    "972": ("heure de la Martinique", "America/Martinique"),
    "973": ("heure de la Guyane", "America/Cayenne"),
    "974": ("heure de La Réunion", "Indian/Reunion"),
    "975": ("heure de Saint-Pierre-et-Miquelon", "America/Miquelon"),
    "976": ("heure de Mayotte", "Indian/Mayotte"),
    "977": ("heure de Saint-Barthélemy", "America/St_Barthelemy"),
    "978": ("heure de Saint-Martin", "America/Marigot"),
    "986": ("heure de Wallis-et-Futuna", "Pacific/Wallis"),
    "987": ("heure de Tahiti", "Pacific/Tahiti"),
    "988": ("heure de la Nouvelle-Calédonie", "Pacific/Noumea"),
}


def hours_of(at: datetime, *, department: str | None = None) -> tuple[LocalHour, ...]:
    """The hours to show for an instant: Paris, and the local one for an overseas département."""
    paris = LocalHour(PARIS_LABEL, PARIS, at.astimezone(PARIS))
    if department not in _OVERSEAS:
        return (paris,)
    label, name = _OVERSEAS[department]
    zone = ZoneInfo(name)
    return (paris, LocalHour(label, zone, at.astimezone(zone)))
