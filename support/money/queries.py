"""The last day on which money moved for a file: its content is kept years after it (handbook §6)."""

from collections.abc import Collection
from datetime import date

from django.db.models import Max

from .models import FundingRequest


def last_days(files: Collection[int]) -> dict[int, date]:
    """The latest day of an aid followed for each file (primary keys)."""
    rows = FundingRequest.objects.filter(plan__application__in=files).values("plan__application")
    return dict(rows.annotate(day=Max("status_on")).values_list("plan__application", "day"))
