"""The notes of the other members on a file, where the phase of the jury lets one read them."""

from collections.abc import Mapping
from dataclasses import dataclass

from applications.models import Application

from .. import states
from ..models import Assessment, Score, SeatHolder
from ..scoring import trimmed
from .grid import call_levels


@dataclass(frozen=True)
class OtherSheet:
    """Another member's validated notes: who (empty without names), total, comment, notes by criterion."""

    who: str
    total: str
    comment: str
    notes: tuple[tuple[str, str], ...]


def other_sheets(holder: SeatHolder, application: Application, *, names: bool) -> list[OtherSheet]:
    """Best total first, so that the order tells nobody's seat."""
    rows = Assessment.objects.filter(
        application=application, kind=Assessment.Kind.JURY, state=states.SUBMITTED, seat__voting=True
    ).exclude(seat=holder.seat_id)
    rows = rows.select_related("seat").prefetch_related("scores__criterion").order_by("-total", "pk")
    levels = call_levels(application.call)
    return [
        OtherSheet(
            who=row.seat.label if names else "",
            total="" if row.total is None else trimmed(row.total),
            comment=row.comment,
            notes=tuple((s.criterion.label, told(s, levels)) for s in sorted(row.scores.all(), key=position)),
        )
        for row in rows
    ]


def position(score: Score) -> int:
    return score.criterion.position


def told(score: Score, levels: Mapping[str, str]) -> str:
    """« 4 », the level in words, or « sans avis »."""
    if score.abstained:
        return "sans avis"
    return levels.get(score.level, score.level) if score.note is None else trimmed(score.note)
