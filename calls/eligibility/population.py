"""Rules on the population: of the commune or of its intercommunality, of each, of the lead, or of all together."""

from typing import Any

from calls.conditions import Facts, Figure, figure_for, threshold_text, within
from calls.definition.identity import Perimeter
from portal.core.typography import format_number, format_quantity

from .findings import Finding, capital, everyone, listed, worst


def _population(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    """Of a joint file, a threshold of communes bears on its communes, not on the intercommunality beside them."""
    if rule.population_kind is None or rule.year is None:
        return Finding(None, f"{_head(rule)} : à vérifier, l’appel ne dit pas quelle population, ni de quelle année")
    if rule.bears_on == "lead":
        return _of_one(rule, facts, named=rule.of != "commune" or bool(facts.partners))
    measured = [m for m in everyone(facts) if rule.of != "commune" or m.applicant_kind == "commune"]
    if rule.bears_on == "sum":
        return _of_all(rule, measured or [facts])
    named = rule.of != "commune" or bool(facts.partners)
    return worst([_of_one(rule, member, named=named) for member in measured or everyone(facts)])


def _of_one(rule: Any, facts: Facts, *, named: bool) -> Finding:
    figure, whose = figure_for(rule, facts), _owner(rule, facts)
    if figure is None:
        return _unknown(rule, whose)
    owner = f"{whose}, " if named else ""
    return _found(rule, figure, facts.name, whose, owner)


def _of_all(rule: Any, members: list[Facts]) -> Finding:
    """The sum; an intercommunality that several members share counts once."""
    bodies = {(member.insee or member.name if rule.of == "commune" else _siren(member)): member for member in members}
    pairs = [(member, figure_for(rule, member)) for member in bodies.values()]
    missing = [_owner(rule, member) for member, figure in pairs if figure is None]
    if missing:
        return _unknown(rule, listed(missing))
    known = [(member, figure) for member, figure in pairs if figure is not None]
    total = Figure(sum(figure.value for _, figure in known), listed(dict.fromkeys(f.source for _, f in known)))
    names = listed(_owner(rule, member) for member, _ in known)
    parts = listed(f"{_owner(rule, member)} {format_number(figure.value)}" for member, figure in known)
    return _found(rule, total, names, names, f"ensemble ({parts}), ")


def _owner(rule: Any, facts: Facts) -> str:
    return facts.name if rule.of == "commune" else facts.intercommunality_name


def _siren(facts: Facts) -> str:
    return facts.intercommunality_siren or facts.intercommunality_name


def _unknown(rule: Any, whose: str) -> Finding:
    return Finding(None, f"{_head(rule)} : à vérifier, la {_kind(rule)} n’est pas connue pour {whose}")


def _found(rule: Any, figure: Figure, name: str, whose: str, owner: str) -> Finding:
    met, inhabitants = within(rule, figure.value), format_quantity(figure.value, "habitant")
    number = f"{inhabitants}, {_kind(rule)}, {figure.source}"
    fields = {
        "candidat": name, "chiffre": inhabitants, "seuil": threshold_text(rule), "territoire": whose,
        "population": f"population {rule.population_kind}", "annee": str(rule.year), "source": figure.source,
    }  # fmt: skip
    return Finding(met, f"{_head(rule)} : {'' if met else 'non, '}{owner}{number}", fields)


def _head(rule: Any) -> str:
    return capital(threshold_text(rule))


def _kind(rule: Any) -> str:
    return f"population {rule.population_kind} {rule.year}"


RULES = {"population": _population}
