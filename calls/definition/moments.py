"""Instants of a call, in Paris time, to the second, and dates known to the day only.

A limit always carries its seconds: « 23 h 59 » leaves a minute in doubt, « minuit » a whole day. An hour that the
spring change removes is refused; one that the autumn change doubles is read as the first, or as its offset says.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, NoReturn

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from calls.definition.values import read_day, refuse
from portal.core.calendar import clock_reading, end_of_day, shift_days, wall_clock
from portal.core.typography import PARIS, format_date, format_instant

_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EXAMPLE = "écrivez par exemple 2027-03-31 23:59:59 (heure de Paris)."


def read_instant(value: Any) -> datetime:
    """`2027-03-31 23:59:59`, Paris time; an offset may be written when it is that of Paris at that instant."""
    if isinstance(value, datetime):
        return _from_row(value)
    text = value.strip() if isinstance(value, str) else str(value)
    if _DAY.fullmatch(text):
        refuse(f"il manque l’heure : pour la fin de ce jour, écrivez {text} 23:59:59.")
    match = _INSTANT.fullmatch(text)
    if not match:
        refuse(f"« {text} » n’est pas un instant : {_EXAMPLE}")
    day = read_day(match[1])
    clock = _clock(day, match[2], match[3], match[4])
    return _in_paris(datetime.combine(day, clock), match[5])


def _from_row(value: datetime) -> datetime:
    if value.tzinfo is None:
        refuse("cet instant est sans fuseau horaire.")
    if value.microsecond:
        refuse("cet instant porte des fractions de seconde.")
    return value.astimezone(PARIS)


def _clock(day: date, hours: str, minutes: str, seconds: str | None) -> time:
    if hours == "24":
        refuse(f"24 h n’existe pas : pour la fin de ce jour, écrivez {day} 23:59:59.")
    if int(hours) > 23 or int(minutes) > 59 or int(seconds or 0) > 59:
        refuse(f"« {hours}:{minutes} » n’est pas une heure : {_EXAMPLE}")
    if seconds is None:
        _ask_seconds(day, int(hours), int(minutes))
    return time(int(hours), int(minutes), int(seconds or 0))


def _ask_seconds(day: date, hour: int, minute: int) -> NoReturn:
    if (hour, minute) == (0, 0):
        before = day - timedelta(days=1)
        refuse(
            f"minuit de quel jour ? Jusqu’à la fin du {format_date(before)}, écrivez {before} 23:59:59 ; "
            f"jusqu’à la fin du {format_date(day)}, écrivez {day} 23:59:59."
        )
    second = 59 if (hour, minute) == (23, 59) else 0
    refuse(f"il manque les secondes : écrivez {day} {hour:02d}:{minute:02d}:{second:02d}.")


def _in_paris(wall: datetime, offset: str | None) -> datetime:
    reading = clock_reading(wall)
    if reading == "impossible":
        refuse(
            f"{wall:%H:%M:%S} n’existe pas le {format_date(wall.date())} : les horloges passent de 2 h à 3 h. "
            f"Écrivez {wall.date()} 01:59:59 ou {wall.date()} 03:00:00."
        )
    candidates = [wall.replace(tzinfo=PARIS, fold=fold) for fold in ((0, 1) if reading == "doubled" else (0,))]
    if offset is None:
        return candidates[0]
    for candidate in candidates:
        if _offset(candidate) == offset:
            return candidate
    return refuse(
        f"« {offset} » n’est pas le décalage de Paris à cet instant ({_offset(candidates[0])}) : "
        f"retirez-le, l’heure écrite est toujours celle de Paris."
    )


def _offset(at: datetime) -> str:
    text = at.strftime("%z")
    return f"{text[:3]}:{text[3:]}"


def is_doubled(at: datetime) -> bool:
    """Whether the wall clock of Paris shows this hour twice that night."""
    return clock_reading(at.astimezone(PARIS).replace(tzinfo=None, fold=0)) == "doubled"


def write_instant(at: datetime) -> str:
    """`2027-03-31 23:59:59`, with the offset only where the hour is doubled."""
    local = at.astimezone(PARIS)
    text = local.strftime("%Y-%m-%d %H:%M:%S")
    return f"{text}{_offset(local)}" if is_doubled(local) else text


@dataclass(frozen=True)
class Moment:
    """A point of the calendar: an instant, or a whole day. `at` is its first second, in Paris."""

    at: datetime
    whole_day: bool = False

    @classmethod
    def on(cls, day: date) -> "Moment":
        return cls(wall_clock(day, time(0)), whole_day=True)

    @property
    def day(self) -> date:
        return self.at.astimezone(PARIS).date()

    @property
    def ends_at(self) -> datetime:
        """The last second that it covers."""
        return end_of_day(self.day) if self.whole_day else self.at

    @property
    def french(self) -> str:
        """« mercredi 5 mai 2027 à 9 h 00 » or « mardi 20 avril 2027 »."""
        return format_date(self.day, weekday=True) if self.whole_day else format_instant(self.at)

    def shifted(self, days: int) -> "Moment":
        return Moment(shift_days(self.at, days), self.whole_day)


def read_moment(value: Any) -> Moment:
    """`2027-05-05 09:00:00` or `2027-04-20`."""
    if isinstance(value, Moment):
        return Moment(_from_row(value.at), value.whole_day)
    if isinstance(value, date) and not isinstance(value, datetime):
        return Moment.on(value)
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        return Moment.on(read_day(value))
    return Moment(read_instant(value))


def write_moment(moment: Moment) -> str:
    return moment.day.isoformat() if moment.whole_day else write_instant(moment.at)


Instant = Annotated[
    datetime,
    PlainValidator(read_instant),
    PlainSerializer(write_instant),
    WithJsonSchema({"type": "string", "description": "AAAA-MM-JJ HH:MM:SS, heure de Paris"}),
]
When = Annotated[
    Moment,
    PlainValidator(read_moment),
    PlainSerializer(write_moment),
    WithJsonSchema({"type": "string", "description": "AAAA-MM-JJ HH:MM:SS (heure de Paris) ou AAAA-MM-JJ"}),
]
