"""What leaves a call as a file: its public calendar."""

from datetime import UTC, datetime, timedelta

from . import states
from .models import Call
from .queries_public import PublicDate, last_change, public_dates


def icalendar(call: Call, url: str) -> str:
    """The public calendar of a call as an iCalendar file (RFC 5545): each date keeps its UID when it moves."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portail AMI//FR", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(str(call))}")
    change = last_change(call)
    for entry in public_dates(call):
        lines += ["BEGIN:VEVENT", f"UID:{call.uuid}-{entry.key}@portail-ami"]
        lines += [f"DTSTAMP:{stamp(change.at)}", f"SEQUENCE:{change.n}", *when(entry)]
        lines += [f"SUMMARY:{escaped(f'{call.title} : {entry.label}')}"]
        lines += [f"DESCRIPTION:{escaped(entry.note)}"] if entry.note else []
        lines += ["STATUS:CANCELLED"] if call.state == states.CANCELLED else []
        lines += [f"URL:{url}", "TRANSP:TRANSPARENT", "END:VEVENT"]
    return "\r\n".join(part for line in [*lines, "END:VCALENDAR"] for part in folded(line)) + "\r\n"


def when(entry: PublicDate) -> list[str]:
    """An instant in UTC, to the second; a day lasts until the next one."""
    if isinstance(entry.at, datetime):
        return [f"DTSTART:{stamp(entry.at)}"]
    return [f"DTSTART;VALUE=DATE:{entry.at:%Y%m%d}", f"DTEND;VALUE=DATE:{entry.at + timedelta(days=1):%Y%m%d}"]


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
