"""The journal of readings is kept a year, then forgotten; the database refuses anything sooner."""

from datetime import datetime, timedelta

from .models import AccessRecord

KEPT = timedelta(days=366)  # a leap year is one too


def purge(at: datetime) -> int:
    """Forget the readings of more than a year; returns how many."""
    return AccessRecord.objects.filter(at__lt=at - KEPT).delete()[0]
