"""How the score of a file is computed, step by step: the same on screen, in the export, in the minutes. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.core.typography import NBSP, format_number, format_quantity

from .scoring import BonusRule, CriterionRule, GridRules, Notes, Result, bonus_sentence, notes_on, trimmed


@dataclass(frozen=True)
class Step:
    """One line of the calculation: what it is about, the arithmetic, what it gives (points, "" when it gives none)."""

    label: str
    detail: str
    value: str = ""


def formula(grid: GridRules) -> str:
    """The rule of the whole grid, in French."""
    gathered = "la médiane" if grid.median else "la moyenne"
    parts = [
        f"Critère par critère, la note du jury est {gathered} des notes des membres non déportés.",
        f"Elle donne poids × note ÷ {grid.scale_max} points.",
        f"La somme des points, {_brought_back(grid)}reçoit les bonus et ne dépasse pas {grid.total}.",
        "Chaque résultat est arrondi au centième, la moitié vers le haut.",
    ]
    return " ".join(parts)


def _brought_back(grid: GridRules) -> str:
    if grid.rescaled or grid.set_aside:
        return f"ramenée sur {grid.total} quand des critères ne comptent pas, "
    return ""


def steps(
    grid: GridRules, sheets: Sequence[Notes], result: Result, bonuses: Collection[BonusRule], threshold: Decimal | None
) -> list[Step]:
    """The calculation of one file, from the sheets that count."""
    if not sheets:
        return [Step("Notes", "Personne n’a noté ce dossier.")]
    rows = [criterion_step(rule, grid, sheets, result) for rule in grid.criteria]
    rows.append(Step("Somme des points", sum_detail(grid, result), _points(result.raw)))
    if result.base != result.raw:
        detail = f"{_points(result.raw)} × {grid.total} ÷ {result.applicable}"
        rows.append(Step(f"Ramenée sur {grid.total}", detail, _points(result.base)))
    if result.bonus:
        named = bonus_sentence(bonuses).removeprefix(f"Bonus{NBSP}: ").removesuffix(".")
        rows.append(Step("Bonus", named, _points(Decimal(result.bonus))))
    rows.append(Step("Note du dossier", total_detail(grid, result), _points(result.total)))
    return [*rows, *limits(grid, result, threshold)]


def criterion_step(rule: CriterionRule, grid: GridRules, sheets: Sequence[Notes], result: Result) -> Step:
    """« 25 × (4 + 3,5 + 4) ÷ 3 ÷ 5 »; the notes in order, without the names of those who gave them."""
    notes = sorted(notes_on(rule.code, sheets))
    silent = len(sheets) - len(notes)
    aside = f"{format_quantity(silent, 'membre')} sans avis" if silent else ""
    if not notes:
        return Step(rule.label, unjudged(grid, aside), "" if grid.set_aside else _points(Decimal(0)))
    gathered = _median(notes) if grid.median else _mean(notes)
    if rule.informational:
        said, value = f"{gathered}, pour information", f"{trimmed(result.means[rule.code])} sur {grid.scale_max}"
    else:
        said, value = f"{rule.points} × {gathered} ÷ {grid.scale_max}", _points(result.points[rule.code])
    return Step(rule.label, "\u202f; ".join(part for part in (said, aside) if part), value)


def unjudged(grid: GridRules, aside: str) -> str:
    return f"{aside}\u202f: {'critère laissé de côté' if grid.set_aside else 'zéro point'}"


def _mean(notes: Sequence[Decimal]) -> str:
    told = [trimmed(note) for note in notes]
    return told[0] if len(told) == 1 else f"({' + '.join(told)}) ÷ {len(told)}"


def _median(notes: Sequence[Decimal]) -> str:
    """« 4 (médiane de 3 ; 4 ; 5) », « (3 + 4) ÷ 2 (médiane de 3 ; 4) »."""
    half = len(notes) // 2
    middle = trimmed(notes[half]) if len(notes) % 2 else _mean(notes[half - 1 : half + 1])
    listed = "\u202f; ".join(trimmed(note) for note in notes)
    return middle if len(notes) == 1 else f"{middle} (médiane de {listed})"


def sum_detail(grid: GridRules, result: Result) -> str:
    """Each line is rounded for itself, their sum once: it says so when the two differ."""
    told = sum(result.points.values(), Decimal(0))
    head = f"sur {result.applicable} applicables" if result.applicable != grid.total else f"sur {grid.total}"
    return f"{head}, calculée avant d’arrondir chaque ligne" if told != result.raw else head


def total_detail(grid: GridRules, result: Result) -> str:
    sign = "+" if result.bonus >= 0 else "−"
    told = f"{_points(result.base)} {sign} {abs(result.bonus)}"
    return f"{told}, plafonnée à {grid.total}" if result.base + result.bonus > grid.total else told


def limits(grid: GridRules, result: Result, threshold: Decimal | None) -> list[Step]:
    """What keeps the file out: a knock-out by criterion, then the threshold of its ranking."""
    out = [
        Step("Note éliminatoire", f"{rule.label}{NBSP}: {_points(result.points[rule.code])}, pour {least} au moins")
        for rule in grid.criteria
        if rule.code in result.knocked_out
        for least in [trimmed(rule.knockout or Decimal(0))]
    ]
    if threshold is not None:
        said = "sous le seuil" if result.total < threshold else "au moins le seuil"
        out.append(Step("Seuil", f"{_points(result.total)}, {said} de {trimmed(threshold)}"))
    return out


def _points(value: Decimal) -> str:
    return format_number(value, decimals=2)
