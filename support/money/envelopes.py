"""The envelope of a call against what its files take of it. Pure; amounts are euros, in Decimal.

A file under examination *asks*; proposed by the jury, or decided and not told yet, its sum is *reserved*; once told,
*committed*, and what was paid of it, less what came back, is *paid*. What is left is the total less what is reserved
and committed: a request under examination holds nothing back. The same files are seen along each axis of the call, and
always make the same sum.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from applications.funding.plans import ZERO
from applications.funding.spreading import spread
from calls.definition.money import Cut

Stage = Literal["asked", "reserved", "committed"]
OUTSIDE = ""
OUTSIDE_LABEL = "Hors des parts prévues"
STAGES: dict[str, str] = {
    "asked": "Demandé, à l’instruction",
    "reserved": "Réservé",
    "committed": "Engagé",
    "paid": "Versé",
}
AXES = {"funder": "financeur", "stratum": "strate", "department": "département", "track": "volet"}


@dataclass(frozen=True)
class Draw:
    """What one file takes. `known`: its sum is written. `codes`: where it stands on each axis but `funder`;
    `funders`: {code: (euros held, paid)} of those whose part is followed."""

    file: int
    stage: Stage
    amount: Decimal
    known: bool = True
    paid: Decimal = ZERO
    codes: Mapping[str, str] = field(default_factory=dict)
    funders: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    def of(self, stage: str) -> Decimal:
        if stage == "paid":
            return self.paid
        return self.amount if self.stage == stage else ZERO


@dataclass(frozen=True)
class Line:
    """One part of the total: `total` is None for what no part was written for."""

    code: str
    label: str
    total: Decimal | None
    asked: Decimal = ZERO
    reserved: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def left(self) -> Decimal | None:
        """Below nothing when the part is exceeded; None when there is no part."""
        return None if self.total is None else self.total - self.reserved - self.committed


def summed(code: str, label: str, total: Decimal | None, draws: Iterable[Draw]) -> Line:
    sums = dict.fromkeys(STAGES, ZERO)
    for draw in draws:
        for stage in STAGES:
            sums[stage] += draw.of(stage)
    return Line(code, label, total, **sums)


def lines_of(cut: Cut, draws: Iterable[Draw]) -> list[Line]:
    """The parts of one axis in their order; what belongs to none comes last, apart, and is never lost."""
    by_code: dict[str, list[Draw]] = {share.code: [] for share in cut.shares}
    by_code[OUTSIDE] = []
    for draw in draws:
        for code, part in parts_of(draw, cut).items():
            by_code[code].append(part)
    lines = [summed(share.code, share.label, share.amount, by_code[share.code]) for share in cut.shares]
    outside = by_code[OUTSIDE]
    return [*lines, summed(OUTSIDE, OUTSIDE_LABEL, None, outside)] if outside else lines


def parts_of(draw: Draw, cut: Cut) -> dict[str, Draw]:
    """A file along one axis: whole in one part; between funders, as it is followed, else in proportion."""
    known = {share.code: share.amount for share in cut.shares}
    if cut.axis != "funder":
        code = draw.codes.get(cut.axis, OUTSIDE)
        return {code if code in known else OUTSIDE: draw}
    return {
        code: part for code, part in _between_funders(draw, known).items() if part.amount or part.paid or not draw.known
    }


def _between_funders(draw: Draw, known: Mapping[str, Decimal]) -> dict[str, Draw]:
    """What is followed is theirs; the rest is spread in proportion of what each gives of the total."""
    amounts, paid = dict.fromkeys(known, ZERO), dict.fromkeys(known, ZERO)
    for code, (held, given) in draw.funders.items():
        place = code if code in known else OUTSIDE
        amounts[place] = amounts.get(place, ZERO) + held
        paid[place] = paid.get(place, ZERO) + given
    for code, more in spread(draw.amount - sum(amounts.values(), ZERO), known).items():
        amounts[code] += more
    for code, more in spread(draw.paid - sum(paid.values(), ZERO), known).items():
        paid[code] += more
    return {code: replace(draw, amount=amounts[code], paid=paid[code]) for code in amounts}


def drawn(draws: Iterable[Draw], stage: str, cut: Cut | None = None, code: str = OUTSIDE) -> dict[int, Decimal]:
    """{file: euros} of what makes one figure: of a stage (all when none is named), along an axis when one is named."""
    found: dict[int, Decimal] = {}
    for draw in draws:
        part = parts_of(draw, cut).get(code) if cut else draw
        if part and (part.paid if stage == "paid" else not stage or part.stage == stage):
            found[draw.file] = part.of(stage or part.stage)
    return found


def stage_of(draw: Draw) -> str:
    return STAGES[draw.stage]


def unknown(draws: Iterable[Draw]) -> int:
    """How many files take a sum that nothing says."""
    return sum(not draw.known for draw in draws)
