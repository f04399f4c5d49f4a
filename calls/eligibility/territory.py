"""Rules on the place: perimeter of the call, another place, excluded intercommunalities, attributes of the commune."""

from typing import Any

from calls.conditions import Facts, code_in, has_attribute, lies_in
from calls.definition.identity import Perimeter
from portal.core.typography import format_date

from .findings import Fields, Finding, answered, each, everyone, listed, vintage, whom, worst

NO_GROUP = "aucune"


def perimeter_rule(_rule: Any, facts: Facts, perimeter: Perimeter | None) -> Finding:
    if not facts.partners:
        return _member_of(facts, perimeter)
    return worst([_member_of(member, perimeter) for member in everyone(facts)])


def _member_of(facts: Facts, perimeter: Perimeter | None) -> Finding:
    def fields() -> Fields:
        return _fields(facts, perimeter.label if perimeter else "")

    if not facts.inhabited:
        return Finding(False, lambda: f"{facts.name} n’a aucun habitant : elle ne peut pas candidater", fields)
    inside = lies_in(perimeter, facts) if perimeter else None
    if perimeter is None or inside is None:
        return Finding(None, lambda: f"Périmètre de l’appel : à vérifier, {_untied(facts)}")
    if inside:
        return Finding(True, lambda: f"Dans le périmètre de l’appel : {_inside(facts, perimeter)}")
    outside = f"Hors du périmètre de l’appel ({perimeter.label})"
    return Finding(False, lambda: f"{outside} : {_outside(facts, perimeter)}", fields)


def _inside(facts: Facts, perimeter: Perimeter) -> str:
    tie = " est membre de" if perimeter.kind == "intercommunality" else ","
    return f"{facts.name}{tie} {perimeter.label}{vintage(facts, perimeter)}"


def _outside(facts: Facts, perimeter: Perimeter) -> str:
    elsewhere = facts.intercommunality_name if perimeter.kind == "intercommunality" else ""
    why = f"est membre de {group_named(elsewhere)}" if elsewhere else "n’en fait pas partie"
    return f"{facts.name} {why}{vintage(facts, perimeter)}"


def _untied(facts: Facts) -> str:
    return f"le rattachement n’est pas connu pour {facts.name}"


def _fields(facts: Facts, place: str) -> Fields:
    return {"candidat": facts.name, "territoire": place, "annee": str(facts.code_year or "")}


def _place(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    return each(rule, facts, lambda member: _in_place(rule, member))


def _in_place(rule: Any, facts: Facts) -> Finding:
    met = lies_in(rule.place, facts)
    if met is None:
        return Finding(None, lambda: f"{rule.label} : à vérifier, {_untied(facts)}")

    def say() -> str:
        where = f"{'est' if met else 'n’est pas'} dans « {rule.place.label} »{vintage(facts, rule.place)}"
        return answered(rule.label, met, f"{facts.name} {where}")

    return Finding(met, say, lambda: _fields(facts, rule.place.label))


def _excluded(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    return each(rule, facts, lambda member: _not_excluded(rule, member))


def _not_excluded(rule: Any, facts: Facts) -> Finding:
    code = code_in("intercommunality", facts)
    if not code:
        unknown = "à vérifier, l’intercommunalité n’est pas connue pour"
        return Finding(None, lambda: f"{rule.label} : {unknown} {facts.name}")
    met = code not in rule.intercommunalities
    return Finding(
        met,
        lambda: answered(rule.label, met, f"{_tie(facts)}{vintage(facts)}"),
        lambda: _fields(facts, facts.intercommunality_name),
    )


def _tie(facts: Facts) -> str:
    group = facts.intercommunality_name
    if facts.applicant_kind == "intercommunality":
        return facts.name
    return (
        f"{facts.name} est membre de {group_named(group)}"
        if group
        else f"{facts.name} n’est membre d’aucune intercommunalité"
    )


def group_named(name: str) -> str:
    """« Caen la Mer », « l’intercommunalité du Pays des Écrins »: the name of the official code may lack its head."""
    return f"l’intercommunalité {name}" if name.startswith(("du ", "de ", "des ", "d’")) else name


def _attribute(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    """Of a joint file, an attribute of communes bears on its communes, not on the intercommunality beside them."""
    communes = [member for member in whom(rule, facts) if member.insee]
    return worst([_has(rule, member) for member in communes or whom(rule, facts)])


def _has(rule: Any, facts: Facts) -> Finding:
    name, found = rule.name or rule.attribute, facts.attributes.get(rule.attribute)
    if found is None:
        return Finding(None, lambda: f"{rule.label} : à vérifier, « {name} » n’est pas connu pour {facts.name}")
    met, year = has_attribute(found, rule.values) == rule.wanted, str(found.year or "")

    def said() -> str:
        value = "" if found.value in ("", "oui") else f" {found.value}"
        stage = f", {found.stage}" if found.stage else ""
        since = f" depuis le {format_date(found.since)}" if found.since else ""
        return f"« {name} »{value}{stage}{since}" if found.value else f"pas dans « {name} »"

    def say() -> str:
        return answered(rule.label, met, ", ".join(filter(None, (facts.name, said(), year, found.source))))

    return Finding(met, say, lambda: {"candidat": facts.name, "valeur": said(), "annee": year, "source": found.source})


def _same_intercommunality(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    if not facts.in_file and not facts.partners:
        later = "à vérifier dans votre candidature, qui dira qui candidate ensemble"
        return Finding(None, lambda: f"{rule.label} : {later}")
    members = everyone(facts)
    codes = [code_in("intercommunality", member) for member in members]
    unknown = [member.name for member, code in zip(members, codes, strict=True) if not code]
    known = {code for code in codes if code}
    met: bool | None = len(known) < 2 and (NO_GROUP not in known or len(members) == 1)
    if met and unknown:
        later = "à vérifier, l’intercommunalité n’est pas connue pour"
        return Finding(None, lambda: f"{rule.label} : {later} {listed(unknown)}")

    def say() -> str:
        ties = listed(_tie(member) for member in members)
        return answered(rule.label, bool(met), f"{ties}{vintage(facts)}")

    def fields() -> Fields:
        names = dict.fromkeys(member.intercommunality_name or member.name for member in members)
        return _fields(facts, listed(names))

    return Finding(met, say, fields)


RULES = {
    "perimeter": perimeter_rule,
    "place": _place,
    "excluded": _excluded,
    "attribute": _attribute,
    "same_intercommunality": _same_intercommunality,
}
