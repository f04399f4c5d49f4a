"""The same call at other dates: for a new edition, a rehearsal, the demo. Hours of the wall clock stay."""

from datetime import date, datetime, timedelta
from typing import Any

from calls.definition.moments import Moment
from calls.definition.schema import CallDocument
from calls.definition.values import Part
from portal.core.calendar import PARIS, shift_days


def shift(document: CallDocument, *, days: int) -> CallDocument:
    """All dates of the call moved by so many days: whole weeks keep the weekdays."""
    return _moved(document, days)


def with_calendar(
    document: CallDocument, *, closes_at: datetime, slug: str | None = None, edition: str | None = None
) -> CallDocument:
    """The call whose last window closes at that very second; the other dates keep their distance in days."""
    days = (closes_at.astimezone(PARIS).date() - document.closes_at.date()).days
    last = document.closes_at
    moved = shift(document, days=days)
    windows = tuple(
        new.model_copy(update={"closes_at": closes_at.astimezone(PARIS)}) if old.closes_at == last else new
        for old, new in zip(document.windows, moved.windows, strict=True)
    )
    changes: dict[str, Any] = {"windows": windows, "slug": slug, "edition": edition}
    return moved.model_copy(update={name: value for name, value in changes.items() if value is not None})


WEEK = 7


def new_edition(document: CallDocument, *, closes_at: datetime, slug: str, prefix: str, edition: str) -> CallDocument:
    """The next edition: whole weeks keep the weekdays and the distances; the last window closes at that very second."""
    closing = closes_at.astimezone(PARIS)
    apart = (closing.date() - document.closes_at.date()).days
    moved = shift(document, days=round(apart / WEEK) * WEEK)
    windows = tuple(
        new.model_copy(update={"closes_at": closing}) if old.closes_at == document.closes_at else new
        for old, new in zip(document.windows, moved.windows, strict=True)
    )
    return moved.model_copy(update={"windows": windows, "slug": slug, "code_prefix": prefix, "edition": edition})


def _moved(value: Any, days: int) -> Any:
    if isinstance(value, Part):
        changes = {name: _moved(getattr(value, name), days) for name in type(value).model_fields}
        return value.model_copy(update={name: new for name, new in changes.items() if new != getattr(value, name)})
    if isinstance(value, tuple):
        return tuple(_moved(item, days) for item in value)
    if isinstance(value, Moment):
        return value.shifted(days)
    if isinstance(value, datetime):
        return shift_days(value, days)
    return value + timedelta(days=days) if isinstance(value, date) else value
