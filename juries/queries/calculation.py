"""The calculation of scores, file by file, for the screen, the export and the minutes: a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from applications.models import Application
from applications.rankings import frozen_facts, places_of, ranking_codes
from calls.models import Call

from ..scoring import BonusRule, GridRules, Notes, Result, score
from ..steps import Step, steps
from .grid import all_criteria, applies, call_rules, sheets_by_file


@dataclass(frozen=True)
class Calculation:
    """What the score of one file is computed from, and what it gives."""

    grid: GridRules
    sheets: Sequence[Notes]
    bonuses: Sequence[BonusRule]
    threshold: Decimal | None
    result: Result

    @property
    def steps(self) -> list[Step]:
        return steps(self.grid, self.sheets, self.result, self.bonuses, self.threshold)


def calculations(call: Call, files: Iterable[Application]) -> dict[int, Calculation]:
    """{file: its calculation}, for a call noted in points."""
    files = list(files)
    rules, criteria, bonuses = call_rules(call), all_criteria(call), list(call.bonuses.all())
    conditional = bool(bonuses) or any(row.condition for row in criteria)
    facts = frozen_facts(call, files) if conditional else {}
    sheets, places, codes = sheets_by_file(files), places_of(call), ranking_codes(call, files)
    found = {}
    for file in files:
        kept = {row.code for row in criteria if row.condition is None or applies(row, facts[file.pk])}
        grid = replace(rules, criteria=tuple(rule for rule in rules.criteria if rule.code in kept))
        won = [BonusRule(row.label, row.points) for row in bonuses if applies(row, facts[file.pk])]
        given = sheets[file.pk]
        least = places[codes[file.pk]].threshold
        found[file.pk] = Calculation(
            grid, given, won, None if least is None else Decimal(least), score(grid, given, won)
        )
    return found
