"""What leaves the money as a file: the deadlines of the aids to ask, as a calendar."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse

from calls.exports import escaped, folded, stamp
from calls.grants import euros
from portal.core.spaces import absolute

from .models import FundingRequest


def deadlines_calendar(rows: Iterable[FundingRequest], at: datetime) -> str:
    """An iCalendar file (RFC 5545): one whole day for each deadline, its UID kept when it moves."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portail AMI//FR", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append("X-WR-CALNAME:Aides à demander")
    for row in rows:
        day = row.deadline_on
        if day is None:
            continue
        title = f"{row.funder} : {row.plan.application.lead}, {euros(row.amount)}"
        lines += ["BEGIN:VEVENT", f"UID:aide-{row.pk}@portail-ami", f"DTSTAMP:{stamp(at)}"]
        lines += [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]
        lines += [f"SUMMARY:{escaped(title)}", f"URL:{absolute(reverse('plan_money', args=[row.plan.uuid]))}"]
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    return "\r\n".join(part for line in [*lines, "END:VCALENDAR"] for part in folded(line)) + "\r\n"
