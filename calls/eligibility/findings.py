"""What a rule finds, before it is a verdict: met, not met or not known; the sentence and its figures, when read."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from calls.conditions import Facts
from calls.definition.follow_up import merge
from calls.definition.identity import GROUPINGS, Place

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
Fields = Mapping[str, str]


def no_field() -> Fields:
    return {}


class Finding(NamedTuple):
    """`say` composes the sentence; `fields`, what the manager's own sentence may quote, by name: when it is read."""

    met: bool | None
    say: Callable[[], str]
    fields: Callable[[], Fields] = no_field


def told(rule: Any, finding: Finding) -> Callable[[], str]:
    """The sentence of the manager when the rule is not met and there is one, else that of the portal."""
    if finding.met is False and rule.shown:
        return lambda: merge(rule.shown, dict(finding.fields())).rstrip(".")
    return finding.say


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


def vintage(facts: Facts, place: Place | None = None) -> str:
    """Which code, or which file, says where the applicant lies: its year and its source."""
    if place is not None and place.kind in GROUPINGS:
        known = [facts.groupings[place.kind, code] for code in place.codes if (place.kind, code) in facts.groupings]
        said = next((one for one in known if one.inside), known[0] if known else None)
        return f", {said.source}, {said.year}" if said else ""
    return f", code officiel géographique {facts.code_year}, Insee" if facts.code_year else ""


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


def listed(names: Iterable[str]) -> str:
    """« A, B et C »."""
    *first, last = names
    return f"{', '.join(first)} et {last}" if first else last
