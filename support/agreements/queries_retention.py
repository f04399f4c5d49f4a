"""Until when the agreements of a file make it live: its content is kept years after that day."""

from collections.abc import Collection
from datetime import date

from .models import Agreement
from .term import last_day


def last_days(files: Collection[int]) -> dict[int, date]:
    """The last day of the longest agreement of each file (primary keys)."""
    bound = Agreement.objects.filter(beneficiaries__application__in=files)
    found: dict[int, date] = {}
    for key, starts_on, months in bound.values_list("beneficiaries__application", "starts_on", "months"):
        day = last_day(starts_on, months)
        found[key] = max(day, found.get(key, day))
    return found
