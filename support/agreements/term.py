"""How long an agreement runs, and what its dates compute. Pure: days are days of Paris."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.core.calendar import add_months


@dataclass(frozen=True)
class Terms:
    """What binds today: the agreement as its amendments in force have changed it. `amount` in euros."""

    starts_on: date
    months: int
    amount: Decimal | None

    @property
    def last_day(self) -> date:
        return last_day(self.starts_on, self.months)


def last_day(starts_on: date, months: int) -> date:
    """The last day of a support of so many months."""
    return add_months(starts_on, months) - timedelta(days=1)


def effective_day(signatures: list[date], not_before: date | None) -> date:
    """The day of entry into force: the last signature, or the later date that the parties have set."""
    last = max(signatures)
    return last if not_before is None else max(last, not_before)


def follow_on_due(effective_on: date, months: int) -> date:
    """The day by which the framework agreement is to be signed: 6 April 2021 + 18 months is 6 October 2022."""
    return add_months(effective_on, months)
