"""Who may apply, and why: each rule answers with a verdict and the sentence that explains it.

The sentence names the figure, its year and its source; the public page, the file, the jury and the letters print it as
it is. Pure: one small module for each family of rules, facts in, verdicts out.
"""

from collections.abc import Callable, Iterable
from typing import Any

from calls.conditions import Facts, holds
from calls.definition.identity import Perimeter

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
    "judge",
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


def evaluate(rules: Iterable[Any], facts: Facts, *, perimeter: Perimeter | None = None) -> list[Verdict]:
    """The verdict of each rule that applies, in their order; each says whom it bears on in a joint file."""
    return judge(rules, perimeter)(facts)


def judge(rules: Iterable[Any], perimeter: Perimeter | None = None) -> Callable[[Facts], list[Verdict]]:
    """`evaluate` for many applicants: what it needs of the rules is read once."""
    prepared = [(rule, RULES[rule.kind], rule.condition, _same_for_all(rule)) for rule in rules]

    def judged(facts: Facts) -> list[Verdict]:
        return [
            _verdict(rule, find(rule, facts, perimeter), same)
            for rule, find, condition, same in prepared
            if condition is None or holds(condition, facts) is not False
        ]

    return judged


def _same_for_all(rule: Any) -> tuple[Any, ...]:
    return rule.code, rule.effect, rule.derogable, rule.derogable_by if rule.derogable else "", rule.label


def _verdict(rule: Any, finding: Finding, same: tuple[Any, ...]) -> Verdict:
    code, effect, derogable, role, label = same
    met, say, _ = finding
    if met is None:
        return Verdict(code, "unknown", say, effect, derogable, role, label)
    if met:
        return Verdict(code, "pass", say, effect, derogable, role, label)
    outcome: Outcome = "fail" if effect == "blocking" else "warning"
    return Verdict(code, outcome, told(rule, finding), effect, derogable, role, label)
