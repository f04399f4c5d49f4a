"""Rules on the population: of the commune or of its intercommunality, of each, of the lead, or of all together."""

from collections.abc import Callable
from typing import Any

from calls.conditions import Facts, Figure, figure_for, threshold_text, within
from calls.definition.identity import Perimeter
from portal.core.typography import format_number, format_quantity

from .findings import Fields, Finding, capital, everyone, listed, worst

Said = tuple[str, str, str]  # the applicant, whose population it is, and these words before the figure


def _population(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    """Of a joint file, a threshold of communes bears on its communes, not on the intercommunality beside them."""
    if rule.population_kind is None or rule.year is None:
        missing = "l’appel ne dit pas quelle population, ni de quelle année"
        return Finding(None, lambda: f"{_head(rule)} : à vérifier, {missing}")
    if rule.bears_on == "lead" or (not facts.partners and rule.bears_on == "each"):
        return _of_one(rule, facts, named=rule.of != "commune" or bool(facts.partners))
    measured = [m for m in everyone(facts) if rule.of != "commune" or m.applicant_kind == "commune"]
    if rule.bears_on == "sum":
        return _of_all(rule, measured or [facts])
    return worst([_of_one(rule, member, named=True) for member in measured or everyone(facts)])


def _of_one(rule: Any, facts: Facts, *, named: bool) -> Finding:
    figure = figure_for(rule, facts)
    if figure is None:
        return _unknown(rule, lambda: _owner(rule, facts))
    return _found(rule, figure, lambda: _said_of_one(rule, facts, named))


def _said_of_one(rule: Any, facts: Facts, named: bool) -> Said:
    whose = _owner(rule, facts)
    return facts.name, whose, f"{whose}, " if named else ""


def _of_all(rule: Any, members: list[Facts]) -> Finding:
    """The sum; an intercommunality that several members share counts once."""
    bodies = {(member.insee or member.name if rule.of == "commune" else _siren(member)): member for member in members}
    pairs = [(member, figure_for(rule, member)) for member in bodies.values()]
    missing = [_owner(rule, member) for member, figure in pairs if figure is None]
    if missing:
        return _unknown(rule, lambda: listed(missing))
    known = [(member, figure) for member, figure in pairs if figure is not None]
    total = Figure(sum(figure.value for _, figure in known), listed(dict.fromkeys(f.source for _, f in known)))

    def said() -> Said:
        names = listed(_owner(rule, member) for member, _ in known)
        parts = listed(f"{_owner(rule, member)} {format_number(figure.value)}" for member, figure in known)
        return names, names, f"ensemble ({parts}), "

    return _found(rule, total, said)


def _owner(rule: Any, facts: Facts) -> str:
    return facts.name if rule.of == "commune" else facts.intercommunality_name


def _siren(facts: Facts) -> str:
    return facts.intercommunality_siren or facts.intercommunality_name


def _unknown(rule: Any, whose: Callable[[], str]) -> Finding:
    return Finding(None, lambda: f"{_head(rule)} : à vérifier, la {_kind(rule)} n’est pas connue pour {whose()}")


def _found(rule: Any, figure: Figure, said: Callable[[], Said]) -> Finding:
    met = within(rule, figure.value)

    def say() -> str:
        number = f"{format_quantity(figure.value, 'habitant')}, {_kind(rule)}, {figure.source}"
        return f"{_head(rule)} : {'' if met else 'non, '}{said()[2]}{number}"

    def fields() -> Fields:
        name, whose, _ = said()
        return {
            "candidat": name, "chiffre": format_quantity(figure.value, "habitant"), "seuil": threshold_text(rule),
            "territoire": whose, "population": f"population {rule.population_kind}", "annee": str(rule.year),
            "source": figure.source,
        }  # fmt: skip

    return Finding(met, say, fields)


def _head(rule: Any) -> str:
    return capital(threshold_text(rule))


def _kind(rule: Any) -> str:
    return f"population {rule.population_kind} {rule.year}"


RULES = {"population": _population}
