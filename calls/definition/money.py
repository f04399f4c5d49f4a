"""What money the call gives: its total, how it is cut, what stands beside, and the rules of each grant."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from calls.definition.predicates import Condition
from calls.definition.values import Code, Flag, Line, Number, Part, Prose, Title

Amount = Annotated[Number, Field(ge=0)]
Percent = Annotated[Number, Field(gt=0, le=100)]
Tax = Literal["ht", "ttc"]


class Share(Part):
    """A part of the total: euros of one funder, stratum, département or track (`code` names it in the call)."""

    code: Annotated[Line, Field(max_length=30)]
    label: Title
    amount: Amount


class Cut(Part):
    """The whole total, cut along one axis: its shares make the total, to the cent."""

    axis: Literal["funder", "stratum", "department", "track"]
    shares: Annotated[tuple[Share, ...], Field(min_length=1)]

    @property
    def sum(self) -> Decimal:
        return sum((share.amount for share in self.shares), Decimal(0))


class Outside(Part):
    """A sum that is not part of the total: engineering in kind, credits of another programme. Shown apart."""

    code: Code
    label: Title
    amount: Amount
    text: Prose | None = None


class Grant(Part):
    """The rule of one grant: rate in percent of the eligible cost, floor and ceiling in euros.

    `ceiling_on` says what is capped, the grant or the cost. The first grant whose condition holds applies.
    """

    code: Code
    label: Title
    kind: Literal["study", "diagnosis", "amo", "works", "post"]
    rate: Percent
    base: Tax = "ht"
    ceiling: Amount | None = None
    ceiling_on: Literal["grant", "cost"] = "grant"
    floor: Amount | None = None
    text: Prose | None = None
    condition: Condition | None = None


class Money(Part):
    """The money of the call, in euros. `total`: its envelope; `cuts`: the same total seen along several axes.

    Financing plans of the form count as `tax` says. `public_ceiling`: the most of all public aid, in percent of the
    eligible investment. `strict`: a plan that does not keep a rule cannot be deposited.
    """

    total: Amount | None = None
    tax: Tax = "ht"
    public_ceiling: Percent | None = None
    strict: Flag = False
    cuts: tuple[Cut, ...] = ()
    outside: tuple[Outside, ...] = ()
    grants: tuple[Grant, ...] = ()
