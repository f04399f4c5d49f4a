"""Reminders that could never leave: what is wrong whatever the dates is refused, what these dates forbid is advised."""

from collections.abc import Iterator

from calls.definition.schema import CallDocument
from calls.definition.timetable import Reminder, Window
from calls.definition.tree import Path, Problem
from portal.core.calendar import offset_from

Findings = Iterator[Problem]


def reminder_findings(document: CallDocument) -> Findings:
    """Errors: after the term, nobody can do the thing any more; twice the same."""
    seen: set[tuple[str, int, object]] = set()
    for rank, reminder in enumerate(document.reminders):
        path: Path = ("reminders", rank, "days")
        if reminder.about == "draft_not_deposited" and reminder.days > 0:
            yield Problem(
                "un brouillon ne se dépose plus après la clôture : écrivez un nombre négatif, par exemple -7.", path
            )
        if reminder.about == "completion_due" and reminder.days > 0:
            yield Problem(
                "rien ne se complète plus après la limite : écrivez un nombre négatif, par exemple -2.",
                path,
            )
        if reminder.about == "assessment_missing" and reminder.days >= 0:
            yield Problem(
                "les notes se ferment à l’ouverture de la séance : écrivez un nombre négatif, par exemple -7.", path
            )
        key = (reminder.about, reminder.days, reminder.at)
        if key in seen:
            yield Problem("une autre relance dit la même chose au même moment : gardez-en une.", ("reminders", rank))
        seen.add(key)


def reminders(document: CallDocument) -> Findings:
    """Advice: the windows, the grid or the portal leave no occasion for it."""
    for rank, reminder in enumerate(document.reminders):
        path: Path = ("reminders", rank, "days")
        if reminder.about == "draft_not_deposited" and not any(_fits(reminder, window) for window in document.windows):
            yield Problem(
                "cette relance ne partira jamais : elle tombe avant l’ouverture, ou après l’heure de la clôture.", path
            )
        if reminder.about == "assessment_missing" and document.grid.mode == "none":
            yield Problem(
                "cette relance ne partira jamais : l’appel n’a pas de grille, le jury ne note pas.", ("reminders", rank)
            )


def _fits(reminder: Reminder, window: Window) -> bool:
    at = offset_from(window.closes_at, days=reminder.days, at=reminder.at)
    return window.opens_at < at <= window.closes_at
