"""Where the admissibility of a file stands: points verified, reservations, what a decision of the call waits for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from calls.examination import examination_of
from calls.models import Call
from portal.core.typography import format_quantity

from .. import states
from ..models import Application, ChecklistAnswer, Reservation
from .completion import waiting_for_answer
from .internal import lacking


@dataclass(frozen=True)
class Point:
    """One point of the call on a file, with the last word on it; `stale`: said of an earlier version."""

    code: str
    label: str
    answer: ChecklistAnswer | None = None
    stale: bool = False

    @property
    def settled(self) -> bool:
        return self.answer is not None and not self.stale


def points_of(application: Application, version: int) -> list[Point]:
    """The points that the call verifies on whole files; a new version of the file is verified again."""
    asked = examination_of(application.call).checklist
    if not asked or application.stage != states.FILE:
        return []
    answers = ChecklistAnswer.objects.filter(application=application).select_related("by").order_by("at", "pk")
    last = {answer.code: answer for answer in answers}
    return [
        Point(check.code, check.label, last.get(check.code), check.code in last and last[check.code].version < version)
        for check in asked
    ]


def unmet(points: Iterable[Point]) -> list[Point]:
    """The points that were found wrong."""
    return [point for point in points if point.answer is not None and not point.answer.ok]


def reservations_of(application: Application) -> QuerySet[Reservation]:
    return application.reservations.select_related("opened_by")


def pending_reservations(application: Application) -> QuerySet[Reservation]:
    return application.reservations.filter(state=states.PENDING)


def awaited_by_decision(call: Call) -> list[str]:
    """What holds up the decision of a call beside the verdicts of admissibility, one sentence each."""
    admitted = Application.objects.filter(call=call, state=states.ADMISSIBLE)
    completing = waiting_for_answer().filter(application__in=admitted).count()
    reserved = Reservation.objects.filter(application__in=admitted, state=states.PENDING).count()
    sentences = []
    if completing:
        files = format_quantity(completing, "candidature attend", "candidatures attendent")
        sentences.append(f"{files} encore les compléments de leur commune.")
    if reserved:
        left = format_quantity(reserved, "réserve reste", "réserves restent")
        sentences.append(f"{left} à lever sur les candidatures recevables.")
    if missing := lacking(call):
        files = format_quantity(missing, "candidature attend", "candidatures attendent")
        sentences.append(f"{files} encore un champ interne que la décision demande.")
    return sentences
