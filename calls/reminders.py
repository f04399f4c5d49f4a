"""When reminders leave: the offsets that a call writes in its document, else the portal’s.

A term is what a reminder comes before, or after: the limit of deposit, the session, the day of a deliverable or of a
piece promised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from calls.definition.values import read_hour
from calls.models import Call
from portal.core.typography import format_quantity, format_time

MORNING = time(9)


@dataclass(frozen=True, order=True)
class Offset:
    """`days` from the term (negative: before), at an hour of the Paris clock."""

    days: int
    at: time = MORNING


DEFAULTS: Mapping[str, tuple[Offset, ...]] = {
    "draft_not_deposited": (Offset(-7), Offset(-2)),
    "piece_promised": (Offset(-7), Offset(-2)),
    "assessment_missing": (Offset(-7), Offset(-2)),
    "completion_due": (Offset(-5), Offset(-1)),
    "opinion_due": (Offset(-5), Offset(-1)),
    "milestone_due": (Offset(-14), Offset(-2)),
    "retention_due": (Offset(-30), Offset(-14)),
    "expertise_due": (Offset(-7), Offset(-2), Offset(3)),
    "mandate_due": (Offset(-14), Offset(-2), Offset(3)),
    "support_end": (Offset(-60), Offset(-30)),
    "report_due": (Offset(-14), Offset(-2), Offset(3)),
    "framework_due": (Offset(-180), Offset(-60), Offset(-14)),
    "signature_due": (Offset(-14), Offset(-2)),
    "funding_due": (Offset(-30), Offset(-7), Offset(-2)),
    "award_lapse": (Offset(-90), Offset(-30), Offset(-7)),
}


def own_offsets(call: Call, subject: str) -> tuple[Offset, ...]:
    """What the document of the call says of a subject; empty when it says nothing."""
    written = [row for row in call.extras.get("reminders") or () if row["about"] == subject]
    return tuple(sorted({Offset(row["days"], read_hour(row["at"])) for row in written}))


def offsets_of(call: Call, subject: str) -> tuple[Offset, ...]:
    """The offsets in force: the call's own when it has some for this subject, else the portal's."""
    return own_offsets(call, subject) or DEFAULTS[subject]


def offset_words(offsets: Sequence[Offset], term: str) -> str:
    """« 7 jours et 2 jours avant la clôture, à 9 h 00, heure de Paris »; `term` with its article."""
    groups: dict[tuple[int, time], list[int]] = {}
    for offset in offsets:
        side = (offset.days > 0) - (offset.days < 0)
        groups.setdefault((side, offset.at), []).append(abs(offset.days))
    said = [f"{_days(side, days, term)}, à {format_time(at)}" for (side, at), days in groups.items()]
    return f"{' ; '.join(said)}, heure de Paris"


def _days(side: int, days: Sequence[int], term: str) -> str:
    """`side`: -1 before the term, 0 on its day, 1 after it."""
    if side == 0:
        return f"le jour de {term}"
    word = "avant" if side < 0 else "après"
    return f"{' et '.join(format_quantity(count, 'jour') for count in days)} {word} {term}"
