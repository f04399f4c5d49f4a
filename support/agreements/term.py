"""How long an agreement runs. Pure."""

from datetime import date, timedelta

from portal.core.calendar import add_months


def last_day(starts_on: date, months: int) -> date:
    """The last day of a support of so many months."""
    return add_months(starts_on, months) - timedelta(days=1)
