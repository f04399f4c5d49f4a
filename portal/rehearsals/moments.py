"""When things happen in a rehearsal, computed from the dates of the call. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.core.calendar import day_of, wall_clock

# When the call says no day.
JURY_AFTER = timedelta(days=30)
DECISION_AFTER = timedelta(days=14)
MORNING = time(9)


@dataclass(frozen=True)
class Calendar:
    """The instants that count, each after the one before."""

    opens_at: datetime
    closes_at: datetime
    jury_at: datetime
    decision_at: datetime

    def before_jury(self, part: int) -> datetime:
        """An instant between the limit and the jury, in hundredths of the way."""
        return self.closes_at + (self.jury_at - self.closes_at) * part / 100

    def start(self, stage: str) -> datetime:
        """Where the clock stands when one enters at a stage."""
        return {
            "open": self.opens_at + (self.closes_at - self.opens_at) * 3 / 5,
            "closed": self.closes_at + timedelta(hours=1),
            "jury": self.jury_at,
            "decision": self.decision_at,
        }[stage]


def calendar_of(
    windows: Sequence[tuple[datetime, datetime]], jury_on: date | None, decision_on: date | None
) -> Calendar:
    """From the windows (opening, limit) and the days announced; a day that would come too early is put after."""
    opens_at, closes_at = min(opens for opens, _ in windows), max(closes for _, closes in windows)
    jury_at = wall_clock(jury_on or day_of(closes_at + JURY_AFTER), MORNING)
    jury_at = max(jury_at, wall_clock(day_of(closes_at) + timedelta(days=2), MORNING))
    decision_at = wall_clock(decision_on or day_of(jury_at + DECISION_AFTER), MORNING)
    return Calendar(opens_at, closes_at, jury_at, max(decision_at, jury_at + timedelta(days=1)))


@dataclass(frozen=True)
class Turn:
    """When one file is begun, sent to the mayor and deposited."""

    begun_at: datetime
    asked_at: datetime
    deposited_at: datetime


def turn(opens_at: datetime, until: datetime, n: int, total: int) -> Turn:
    """The n-th file of `total`, within a window cut at `until`: begun in its first half, deposited in its second."""

    def at(start: int, length: int) -> datetime:
        return opens_at + (until - opens_at) * (start * (total + 1) + length * (n + 1)) / (100 * (total + 1))

    return Turn(at(5, 40), at(50, 40), at(55, 40))
