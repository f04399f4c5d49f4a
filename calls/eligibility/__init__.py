"""Who may apply, and why: each rule answers with a verdict and the sentence that explains it.

The sentence names the figure, its year and its source; the public page, the file, the jury and the letters print it as
it is. Pure: one small module for each family of rules, facts in, verdicts out.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from calls.conditions import Facts, holds
from calls.definition.identity import Perimeter
from portal.core.typography import typeset

from . import applicants, person, population, project, territory
from .findings import KINDS, Finding, told
from .rulings import RulingFact, with_rulings
from .verdicts import Outcome, Overall, Verdict, overall

__all__ = [
    "KINDS",
    "OF_THE_FILE",
    "RULES",
    "Outcome",
    "Overall",
    "RulingFact",
    "Verdict",
    "evaluate",
    "overall",
    "with_rulings",
]

RULES: dict[str, Callable[[Any, Facts, Perimeter | None], Finding]] = {
    **territory.RULES,
    **population.RULES,
    **applicants.RULES,
    **project.RULES,
    **person.RULES,
}

# What nobody can tell before there is a file: its project, what a person settles, who applies with whom.
OF_THE_FILE = (
    frozenset(project.RULES)
    | frozenset(person.RULES)
    | {"members", "joint", "same_intercommunality", "max_applications"}
)


# Most sentences of a rule are the same for thousands of communes.
_set = lru_cache(maxsize=4096)(typeset)


def evaluate(rules: Iterable[Any], facts: Facts, *, perimeter: Perimeter | None = None) -> list[Verdict]:
    """The verdict of each rule that applies, in their order; each says whom it bears on in a joint file."""
    return [_verdict(rule, facts, perimeter) for rule in rules if holds(rule.condition, facts) is not False]


def _verdict(rule: Any, facts: Facts, perimeter: Perimeter | None) -> Verdict:
    finding = RULES[rule.kind](rule, facts, perimeter)
    outcome: Outcome = "unknown" if finding.met is None else "pass" if finding.met else "warning"
    if finding.met is False and rule.effect == "blocking":
        outcome = "fail"
    role = rule.derogable_by if rule.derogable else ""
    return Verdict(rule.code, outcome, _set(told(rule, finding)), rule.effect, rule.derogable, role, rule.label)
