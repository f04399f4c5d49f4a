"""Points of a file: weight × note / scale, mean or median of the members, bonus, cap, knock-out. Pure (domain.md §3.6).

Everything is exact (fractions) until the last rounding, half up, to two decimals.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from portal.core.typography import NBSP, choose, format_number

# None: no opinion on this criterion.
Notes = Mapping[str, Decimal | None]
CENT = Decimal("0.01")


@dataclass(frozen=True)
class CriterionRule:
    """A criterion: its weight in points, and the points under which a file is out.

    An informational one is noted and shown; it has no points. `part_of`: the criterion that it details.
    """

    code: str
    label: str
    points: int
    knockout: Decimal | None = None
    informational: bool = False
    part_of: str = ""


@dataclass(frozen=True)
class GridRules:
    """Notes go from 0 to `scale_max` by half steps; a file never exceeds `total` points.

    `criteria` are those that apply to the file. `rescaled`: some criteria of the grid depend on the file, so that the
    points of each file are brought back to `total`. `tie_break`: the deciding criteria, in their order. `median`: of
    the members, instead of their mean. `set_aside`: a criterion on which nobody has an opinion leaves the points that
    may be obtained; else it counts zero.
    """

    scale_max: int
    total: int
    criteria: tuple[CriterionRule, ...]
    tie_break: tuple[str, ...] = ()
    rescaled: bool = False
    median: bool = False
    set_aside: bool = False

    @property
    def applicable(self) -> int:
        """The points that this file may obtain, bonus left out."""
        return sum(rule.points for rule in self.criteria if not rule.informational)

    def without(self, codes: Collection[str]) -> "GridRules":
        """The grid of a file on which some criteria are set aside: its points are brought back to the total."""
        kept = tuple(rule for rule in self.criteria if rule.code not in codes)
        return replace(self, criteria=kept, rescaled=True) if len(kept) < len(self.criteria) else self

    @property
    def factor(self) -> Fraction:
        """By what its points are multiplied."""
        return Fraction(self.total, self.applicable) if self.rescaled and self.applicable else Fraction(1)


@dataclass(frozen=True)
class BonusRule:
    """A bonus (or malus) that the file obtains."""

    label: str
    points: int


@dataclass(frozen=True)
class Result:
    """Points of a file for one member, or for the jury (mean). `points` by criterion; missing ones are `missing`.

    `raw`: the sum of the points; `base`: brought back to the total of the grid; `means`: notes of the informational
    criteria, on the scale; `tie_break`: points (or mean note) on each deciding criterion, 0 where it does not apply.
    `silent`: the criteria on which all who answered have no opinion; `applicable`: the points that it could obtain,
    criteria set aside left out.
    """

    points: Mapping[str, Decimal]
    missing: tuple[str, ...]
    base: Decimal
    bonus: int
    total: Decimal
    knocked_out: tuple[str, ...]
    raw: Decimal = Decimal(0)
    means: Mapping[str, Decimal] = field(default_factory=dict)
    tie_break: tuple[Decimal, ...] = ()
    silent: tuple[str, ...] = ()
    applicable: int = 0

    @property
    def complete(self) -> bool:
        return not self.missing


def half_up(value: Fraction) -> Decimal:
    """A fraction as a decimal number of cents, half up (away from zero)."""
    cents = abs(value) * 100
    whole = (2 * cents.numerator + cents.denominator) // (2 * cents.denominator)
    return (Decimal(whole if value >= 0 else -whole) * CENT).quantize(CENT)


def note_refusal(note: Decimal, scale_max: int) -> str:
    """Why a note is not admitted, in French; empty when it is."""
    if 0 <= note <= scale_max and note * 2 == (note * 2).to_integral_value():
        return ""
    return f"La note va de 0 à {scale_max}, par demi-point."


def mean_note(notes: Sequence[Decimal]) -> Fraction:
    """Mean of the members' notes on one criterion; `notes` is not empty."""
    return sum(map(Fraction, notes), Fraction(0)) / len(notes)


def median_note(notes: Sequence[Decimal]) -> Fraction:
    """Their median: the middle one, or the mean of the two in the middle."""
    ordered = sorted(map(Fraction, notes))
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def score(grid: GridRules, sheets: Sequence[Notes], bonuses: Collection[BonusRule] = ()) -> Result:
    """The points of a file, from the sheets of one member or of several.

    The bonus belongs to the file and is added once, to the mean. A file without any note has no bonus either.
    """
    means = _means(grid, sheets)
    answered = {code for sheet in sheets for code in sheet}
    silent = tuple(rule.code for rule in grid.criteria if rule.code in answered and rule.code not in means)
    used = grid.without(silent) if grid.set_aside else grid
    exact = {
        rule.code: Fraction(rule.points, grid.scale_max) * means[rule.code]
        for rule in grid.criteria
        if rule.code in means and not rule.informational
    }
    points = {code: half_up(value) for code, value in exact.items()}
    shown = {
        rule.code: half_up(means[rule.code]) for rule in grid.criteria if rule.informational and rule.code in means
    }
    raw = sum(exact.values(), Fraction(0))
    base = half_up(raw * used.factor)
    bonus = sum(rule.points for rule in bonuses) if exact else 0
    return Result(
        points=points,
        missing=tuple(rule.code for rule in grid.criteria if rule.code not in answered),
        base=base,
        bonus=bonus,
        total=capped(base + bonus, grid.total),
        knocked_out=tuple(rule.code for rule in grid.criteria if _is_out(rule, points)),
        raw=half_up(raw),
        means=shown,
        tie_break=tuple({**points, **shown}.get(code, Decimal("0.00")) for code in grid.tie_break),
        silent=silent,
        applicable=used.applicable,
    )


def _means(grid: GridRules, sheets: Sequence[Notes]) -> dict[str, Fraction]:
    """The mean (or median) note of each criterion that someone noted."""
    gather = median_note if grid.median else mean_note
    noted = {rule.code: notes_on(rule.code, sheets) for rule in grid.criteria}
    return {code: gather(notes) for code, notes in noted.items() if notes}


def notes_on(code: str, sheets: Sequence[Notes]) -> list[Decimal]:
    """The notes given on one criterion, those without opinion left out."""
    return [note for sheet in sheets if (note := sheet.get(code)) is not None]


def scaling_sentence(grid: GridRules, result: Result) -> str:
    """« 45 points sur 75 applicables, ramenés à 60 sur 100. »; empty when the file is noted on the whole total."""
    aside = grid.set_aside and result.silent
    if not (grid.rescaled or aside) or result.applicable == grid.total:
        return ""
    raw, base = trimmed(result.raw), trimmed(result.base)
    word = choose(result.raw, "point")
    return f"{raw}{NBSP}{word} sur {result.applicable} applicables, ramenés à {base} sur {grid.total}."


def subtotals(grid: GridRules, result: Result) -> dict[str, str]:
    """By the code of the first sub-criterion of each group, « 16 sur 30 », « 30 points » while nothing is noted."""
    groups: dict[str, list[CriterionRule]] = {}
    for rule in grid.criteria:
        if rule.part_of:
            groups.setdefault(rule.part_of, []).append(rule)
    return {rules[0].code: _subtotal(rules, result) for rules in groups.values()}


def _subtotal(rules: Sequence[CriterionRule], result: Result) -> str:
    whole = sum(rule.points for rule in rules if not rule.informational)
    noted = [result.points[rule.code] for rule in rules if rule.code in result.points]
    if not noted:
        return f"{whole}{NBSP}{choose(whole, 'point')}"
    return f"{trimmed(sum(noted, Decimal(0)))} sur {whole}"


def trimmed(value: Decimal) -> str:
    """« 20 », « 7,5 »: a limit as the rules write it, without useless zeros."""
    return format_number(value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize())


def capped(points: Decimal, total: int) -> Decimal:
    """Never over the total of the grid, never under zero."""
    return min(max(points, Decimal(0)), Decimal(total)).quantize(CENT, rounding=ROUND_HALF_UP)


def _is_out(rule: CriterionRule, points: Mapping[str, Decimal]) -> bool:
    """The printed points decide, so that the minutes justify themselves."""
    return rule.knockout is not None and rule.code in points and points[rule.code] < rule.knockout


def knockout_sentence(grid: GridRules, result: Result) -> str:
    """« Note éliminatoire : 6,40 points sur « Santé », pour 8 au moins. »; empty when the file is not out."""
    rules = {rule.code: rule for rule in grid.criteria}
    parts = [
        f"{format_number(result.points[code], decimals=2)} points sur «\u202f{rules[code].label}\u202f», "
        f"pour {trimmed(rules[code].knockout or Decimal(0))} au moins"
        for code in result.knocked_out
    ]
    return f"Note éliminatoire\u00a0: {', '.join(parts)}." if parts else ""


def bonus_sentence(bonuses: Collection[BonusRule]) -> str:
    """« Bonus : moins de 5 000 habitants, 10 points. »; empty without bonus."""
    parts = [f"{_lower(rule.label)}, {format_number(rule.points)} {choose(rule.points, 'point')}" for rule in bonuses]
    joined = "\u202f; ".join(parts)
    return f"Bonus\u00a0: {joined}." if parts else ""


def _lower(label: str) -> str:
    """« Moins de… » goes inside a sentence; an acronym keeps its capitals."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
