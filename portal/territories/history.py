"""Which commune a code means on a day, replayed from the movements. Pure: no database, no clock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

LONG_AGO = date.min


@dataclass(frozen=True)
class Step:
    """`before` became `after` on this day; without a date, some day in the past that no file tells."""

    before: str
    after: str
    on: date | None


class History:
    """Movements by code. Several events may share one day: a code is followed as long as that day moves it on.

    Pont-Farcy 14513 became 50649 (another département) and 50649 became 50592 (Tessy-Bocage), both on 1 January 2018.
    """

    def __init__(self, steps: Iterable[Step], current: Collection[str] = ()) -> None:
        self.current = frozenset(current)
        self.leaving: Mapping[str, list[Step]] = defaultdict(list)
        self.arriving: Mapping[str, list[date]] = defaultdict(list)
        self.undated: Mapping[str, set[str]] = defaultdict(set)
        for step in steps:
            if step.on is None:
                self.undated[step.before].add(step.after)
            else:
                self.leaving[step.before].append(step)
                self.arriving[step.after].append(step.on)

    def successors(self, code: str, on: date | None = None) -> tuple[str, ...]:
        """The codes that stand for `code` on a day (default: today's code), sorted: several when it was shared out.

        A code that no movement touches, or that lives on that day, stands for itself.
        """
        found: set[str] = set()
        self._follow(code, LONG_AGO, on or date.max, found, frozenset())
        return tuple(sorted(found))

    def _follow(self, code: str, since: date, on: date, found: set[str], seen: frozenset[str]) -> None:
        ended = self._ended(code, since, on)
        onward = {step.after for step in self.leaving.get(code, ()) if step.on == ended} - {code} - seen
        if ended is None and on == date.max and code not in self.current:
            onward = self.undated.get(code, set()) - {code} - seen
        if not onward:
            found.add(code)
        for after in onward:
            self._follow(after, ended or since, on, found, seen | {code})

    def _ended(self, code: str, since: date, on: date) -> date | None:
        """The day on which the code ceased to exist, the last one; None while it lives.

        A line to itself says that it stays, a later line to it that it was set up again.
        """
        gone = [s.on for s in self.leaving.get(code, ()) if s.on and since <= s.on <= on and s.after != code]
        if not gone:
            return None
        last = max(gone)
        stays = any(s.on and last <= s.on <= on and s.after == code for s in self.leaving[code])
        again = any(last < day <= on for day in self.arriving.get(code, ()))
        return None if stays or again else last
