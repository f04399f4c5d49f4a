"""What a rule finds, before it is a verdict: met, not met or not known, the sentence, and the figures that it names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from calls.conditions import Facts
from calls.definition.follow_up import merge

KINDS = {
    "commune": "une commune",
    "intercommunality": "une intercommunalité",
    "department": "un département",
    "region": "une région",
    "state": "un service de l’État",
    "operator": "un opérateur ou une agence",
    "other": "un autre organisme",
}
FROM_THE_ANSWER = "d’après la réponse de la commune"


@dataclass(frozen=True)
class Finding:
    """`fields`: what the manager's own sentence may quote, by name."""

    met: bool | None
    sentence: str
    fields: Mapping[str, str] = field(default_factory=dict)


def told(rule: Any, finding: Finding) -> str:
    """The sentence of the manager when the rule is not met and there is one, else that of the portal."""
    if finding.met is False and rule.shown:
        return merge(rule.shown, dict(finding.fields)).rstrip(".")
    return finding.sentence


def everyone(facts: Facts) -> tuple[Facts, ...]:
    """The lead, then the others of a joint file."""
    return (facts, *facts.partners)


def whom(rule: Any, facts: Facts) -> tuple[Facts, ...]:
    """The members that a rule bears on."""
    return (facts,) if rule.bears_on == "lead" else everyone(facts)


def each(rule: Any, facts: Facts, look: Callable[[Facts], Finding]) -> Finding:
    """What a rule finds of every member that it bears on: the worst of them."""
    return worst([look(member) for member in whom(rule, facts)])


def worst(findings: list[Finding]) -> Finding:
    """Of a group: the first that fails, else the first that is not known, else the lead's."""
    for met in (False, None):
        for finding in findings:
            if finding.met is met:
                return finding
    return findings[0]


def answered(label: str, met: bool, said: str) -> str:
    """« Terrain communal : oui, … »."""
    return f"{label} : {'oui' if met else 'non'}, {said}"


def vintage(facts: Facts) -> str:
    return f", code officiel géographique {facts.code_year}" if facts.code_year else ""


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


def listed(names: Iterable[str]) -> str:
    """« A, B et C »."""
    *first, last = names
    return f"{', '.join(first)} et {last}" if first else last
