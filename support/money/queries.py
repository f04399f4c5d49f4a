"""The last day on which money moved for a file: its content is kept years after it (handbook §6)."""

from collections.abc import Collection
from datetime import date

from django.db.models import Max

from .models import FundingRequest
from .queries_awards import files_with_awards


def last_days(files: Collection[int]) -> dict[int, date]:
    """The latest day of an aid looked for or paid, for each file (primary keys)."""
    rows = FundingRequest.objects.filter(plan__application__in=files).values("plan__application")
    looked_for = dict(rows.annotate(day=Max("status_on")).values_list("plan__application", "day"))
    granted = files_with_awards(files)
    return {file: max(rows[file] for rows in (looked_for, granted) if file in rows) for file in {*looked_for, *granted}}
