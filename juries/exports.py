"""What leaves a jury as a file for an agenda: its session, and the hearing of one file (RFC 5545)."""

from datetime import date, datetime, time, timedelta

from calls.exports import escaped, folded, stamp
from portal.core.calendar import wall_clock

from .models import Hearing, JurySession


def session_calendar(session: JurySession, url: str, at: datetime) -> str:
    """The meeting: from its hour on, or the whole day when no hour is said."""
    title = f"Jury « {session.call.title} »"
    return calendar(f"seance-{session.uuid}", title, session.place, url, when(session.held_on, session.begins), at)


def hearing_calendar(hearing: Hearing, url: str, at: datetime) -> str:
    """The slot of one commune."""
    session = hearing.item.session
    ends = hearing.starts_at + timedelta(minutes=hearing.minutes)
    slot = [f"DTSTART:{stamp(hearing.starts_at)}", f"DTEND:{stamp(ends)}"]
    return calendar(
        f"audition-{hearing.item.uuid}", f"Audition, appel « {session.call.title} »", session.place, url, slot, at
    )


def when(day: date, begins: time | None) -> list[str]:
    if begins is None:
        return [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]
    return [f"DTSTART:{stamp(wall_clock(day, begins))}"]


def calendar(uid: str, title: str, place: str, url: str, slot: list[str], at: datetime) -> str:
    """One event; it keeps its UID when it is asked again."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portail AMI//FR", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += ["BEGIN:VEVENT", f"UID:{uid}@portail-ami", f"DTSTAMP:{stamp(at)}", *slot]
    lines += [f"SUMMARY:{escaped(title)}", f"LOCATION:{escaped(place)}", f"URL:{url}", "END:VEVENT"]
    return "\r\n".join(part for line in [*lines, "END:VCALENDAR"] for part in folded(line)) + "\r\n"
