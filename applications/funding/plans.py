"""A financing plan: expenses on one side, resources on the other, equal to the cent. Pure.

Amounts are euros in Decimal. A plan is in one currency of account: without tax (`ht`) or with it (`ttc`), for all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Literal

from calls.definition.money import Tax
from calls.grants import CENT

Nature = Literal["investment", "operating"]
ResourceKind = Literal["public", "concours", "private", "own"]
ResourceState = Literal["envisaged", "asked", "granted", "paid", "refused"]
ZERO = Decimal(0)
HUNDRED = Decimal(100)
# The State gives back this part of an investment, tax included, through the FCTVA (domain.md §4.1).
VAT_FUND_RATE = Decimal("16.404")


@dataclass(frozen=True)
class Expense:
    """One line of cost: euros without tax, VAT rate in percent; `eligible`: it counts in the base of the aids, but of
    those whose codes are `excluded`."""

    label: str
    nature: Nature
    excl_vat: Decimal
    vat_rate: Decimal = ZERO
    eligible: bool = True
    item: str = ""
    excluded: frozenset[str] = frozenset()

    @property
    def incl_vat(self) -> Decimal:
        return self.excl_vat + (self.excl_vat * self.vat_rate / HUNDRED).quantize(CENT, ROUND_HALF_UP)

    def amount(self, tax: Tax) -> Decimal:
        return self.excl_vat if tax == "ht" else self.incl_vat

    def counts_for(self, scheme: str) -> bool:
        """Whether it is eligible to a scheme."""
        return self.eligible and scheme not in self.excluded


@dataclass(frozen=True)
class Resource:
    """One line of money. `concours`: of an intercommunality to its commune; `own`: own funds and loans.

    `scheme`: the code of the scheme whose rules bear on it, or nothing. What was refused counts for nothing.
    """

    funder: str
    kind: ResourceKind
    amount: Decimal
    scheme: str = ""
    state: ResourceState = "envisaged"

    @property
    def counted(self) -> Decimal:
        return ZERO if self.state == "refused" else self.amount


@dataclass(frozen=True)
class FundingPlan:
    """The plan of one operation, or of several together."""

    expenses: tuple[Expense, ...]
    resources: tuple[Resource, ...]
    tax: Tax = "ht"

    def _spent(self, expenses: Iterable[Expense]) -> Decimal:
        return sum((expense.amount(self.tax) for expense in expenses), ZERO)

    def _paid_by(self, *kinds: ResourceKind) -> Decimal:
        return sum((resource.counted for resource in self.resources if resource.kind in kinds), ZERO)

    @cached_property
    def cost(self) -> Decimal:
        return self._spent(self.expenses)

    @cached_property
    def excl_vat(self) -> Decimal:
        return sum((expense.excl_vat for expense in self.expenses), ZERO)

    @cached_property
    def incl_vat(self) -> Decimal:
        return sum((expense.incl_vat for expense in self.expenses), ZERO)

    @cached_property
    def investment(self) -> Decimal:
        return self._spent(expense for expense in self.expenses if expense.nature == "investment")

    def eligible_investment(self, scheme: str = "") -> Decimal:
        return self._spent(e for e in self.expenses if e.nature == "investment" and e.counts_for(scheme))

    def eligible(self, tax: Tax, scheme: str = "") -> Decimal:
        """The base of the aids, or of one scheme, counted without or with tax as the scheme counts it."""
        return sum((expense.amount(tax) for expense in self.expenses if expense.counts_for(scheme)), ZERO)

    @cached_property
    def total(self) -> Decimal:
        return sum((resource.counted for resource in self.resources), ZERO)

    @cached_property
    def gap(self) -> Decimal:
        """Resources less expenses: nothing in a plan that balances."""
        return self.total - self.cost

    @cached_property
    def public_aid(self) -> Decimal:
        """All that other public bodies give, fonds de concours included."""
        return self._paid_by("public", "concours")

    @cached_property
    def concours(self) -> Decimal:
        return self._paid_by("concours")

    @cached_property
    def private(self) -> Decimal:
        return self._paid_by("private")

    @cached_property
    def own(self) -> Decimal:
        return self._paid_by("own")

    @cached_property
    def public_total(self) -> Decimal:
        """The public funding, that of the project owner included; the base of the least own share."""
        return self.public_aid + self.own

    def given_by(self, scheme: str) -> Decimal:
        """What is written in the plan for one scheme."""
        return sum((resource.counted for resource in self.resources if resource.scheme == scheme), ZERO)

    @cached_property
    def vat_fund(self) -> Decimal:
        """What the FCTVA may give back of the investment, for information: no aid, no line of a plan without tax."""
        spent = sum((expense.incl_vat for expense in self.expenses if expense.nature == "investment"), ZERO)
        return (spent * VAT_FUND_RATE / HUNDRED).quantize(CENT, ROUND_HALF_UP)


def together(plans: Iterable[FundingPlan]) -> FundingPlan:
    """The plan of several operations; they are counted alike, with or without tax."""
    every = tuple(plans)
    return FundingPlan(
        tuple(expense for plan in every for expense in plan.expenses),
        tuple(resource for plan in every for resource in plan.resources),
        every[0].tax if every else "ht",
    )


def rate_of(part: Decimal, whole: Decimal) -> Decimal:
    """A part in percent of a whole, to two decimals; nothing of nothing."""
    return (part * HUNDRED / whole).quantize(CENT, ROUND_HALF_UP) if whole else ZERO
