"""An aid, cut by each rule that bears on it, in the order of `domain.md` §4.4; no rule ever raises it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from calls.definition.money import Grant
from calls.grants import CENT, granted

from .own_share import Owner, most_public_aid
from .plans import HUNDRED, ZERO, FundingPlan

Rule = Literal["rate", "ceiling", "floor", "public_ceiling", "own_share", "envelope"]


@dataclass(frozen=True)
class Scheme:
    """What one funder gives, and where it is written. `public_ceiling`: the most of all public aid, in percent of the
    eligible investment; `envelope`: what is left to give, in euros."""

    terms: Grant
    source: str
    public_ceiling: Decimal | None = None
    envelope: Decimal | None = None

    @property
    def code(self) -> str:
        return self.terms.code


@dataclass(frozen=True)
class Limit:
    """What a rule leaves of the aid, in euros: never more than the rule before it."""

    rule: Rule
    most: Decimal


def limits(plan: FundingPlan, scheme: Scheme, owner: Owner) -> list[Limit]:
    """Every rule in its order, each with what it leaves."""
    found: list[Limit] = []
    for rule, most in _cuts(plan, scheme, owner):
        found.append(Limit(rule, max(ZERO, min([most, *(limit.most for limit in found)]))))
    return found


def biting(found: list[Limit]) -> Limit:
    """The rule that decides: the first that leaves as little as all of them do."""
    return min(found, key=lambda limit: limit.most)


def _cuts(plan: FundingPlan, scheme: Scheme, owner: Owner) -> Iterator[tuple[Rule, Decimal]]:
    terms, cost = scheme.terms, plan.eligible(scheme.terms.base, scheme.code)
    yield "rate", granted(terms.model_copy(update={"ceiling": None, "floor": None}), cost).amount
    given = granted(terms, cost)
    if given.limit != "rate":
        yield given.limit, given.amount
    others = plan.public_aid - plan.given_by(scheme.code)
    ceiling = public_ceiling(plan, scheme)
    if ceiling is not None:
        yield "public_ceiling", ceiling - others
    public = most_public_aid(plan, owner)
    if public is not None:
        yield "own_share", public - others
    if scheme.envelope is not None:
        yield "envelope", scheme.envelope


def public_ceiling(plan: FundingPlan, scheme: Scheme) -> Decimal | None:
    """All that public bodies may give together; the operating part of the cost, outside of the rule, is added to it."""
    if scheme.public_ceiling is None or not plan.investment:
        return None
    eligible = plan.eligible_investment(scheme.code)
    capped = (eligible * scheme.public_ceiling / HUNDRED).quantize(CENT, ROUND_DOWN)
    return capped + (plan.cost - plan.investment)
