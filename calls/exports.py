"""What leaves a call as a file: its public calendar."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from .models import Call


class Milestone(Protocol):
    """An instant or a day, with its label."""

    @property
    def label(self) -> str: ...

    @property
    def at(self) -> date | datetime: ...


def icalendar(call: Call, milestones: Iterable[Milestone], url: str) -> str:
    """The public calendar of a call as an iCalendar file (RFC 5545)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portail AMI//FR", "CALSCALE:GREGORIAN"]
    for n, milestone in enumerate(milestones, 1):
        lines += ["BEGIN:VEVENT", f"UID:{call.uuid}-{n}@portail-ami", f"DTSTAMP:{stamp(call.created_at)}"]
        if isinstance(milestone.at, datetime):
            lines.append(f"DTSTART:{stamp(milestone.at)}")
        else:
            lines.append(f"DTSTART;VALUE=DATE:{milestone.at:%Y%m%d}")
            lines.append(f"DTEND;VALUE=DATE:{milestone.at + timedelta(days=1):%Y%m%d}")
        lines += [f"SUMMARY:{escaped(f'{call.title} : {milestone.label}')}", f"URL:{url}", "END:VEVENT"]
    return "\r\n".join(part for line in [*lines, "END:VCALENDAR"] for part in folded(line)) + "\r\n"


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", " ")


def folded(line: str) -> list[str]:
    """Lines of at most 75 octets, continuation lines begin with a space."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > 74:
            parts.append(current)
            current = " "
        current += character
    return [*parts, current]
