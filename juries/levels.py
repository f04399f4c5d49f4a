"""A grid without numbers: how many members chose each level, criterion by criterion. Nothing is added up. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.core.typography import NBSP

Levels = Mapping[str, str]
NO_OPINION = "sans_avis"


@dataclass(frozen=True)
class Spread:
    """The levels given on one criterion: (label of the level, how many chose it), in the order of the call."""

    code: str
    label: str
    counts: tuple[tuple[str, int], ...]

    @property
    def sentence(self) -> str:
        """« Fort : 2 avis ; moyen : 1 avis », « sans avis » when nobody chose."""
        said = [f"{label}{NBSP}: {n}{NBSP}avis" for label, n in self.counts if n]
        return "\u202f; ".join(said) or "sans avis"


def spread(levels: Levels, criteria: Iterable[tuple[str, str]], sheets: Sequence[Mapping[str, str]]) -> list[Spread]:
    """The distribution of the levels for each criterion (code, label), whatever the order of the sheets."""
    found = []
    for code, label in criteria:
        given = Counter(sheet[code] for sheet in sheets if code in sheet)
        found.append(Spread(code, label, tuple((words, given[level]) for level, words in levels.items())))
    return found


def level_refusal(level: str, levels: Levels) -> str:
    """Why a level is not admitted, in French; empty when it is."""
    return "" if level in levels else f"Choisissez un niveau de la grille{NBSP}: {', '.join(levels.values())}."
