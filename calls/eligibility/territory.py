"""Rules on the place: perimeter of the call, another place, excluded intercommunalities, attributes of the commune."""

from typing import Any

from calls.conditions import Facts, code_in
from calls.definition.identity import Perimeter
from portal.core.typography import format_date

from .findings import Finding, answered, each, everyone, listed, vintage, worst

NO_GROUP = "aucune"


def perimeter_rule(_rule: Any, facts: Facts, perimeter: Perimeter | None) -> Finding:
    return worst([_member_of(member, perimeter) for member in everyone(facts)])


def _member_of(facts: Facts, perimeter: Perimeter | None) -> Finding:
    fields = _fields(facts, perimeter.label if perimeter else "")
    if not facts.inhabited:
        return Finding(False, f"{facts.name} n’a aucun habitant : elle ne peut pas candidater", fields)
    code = code_in(perimeter.kind, facts) if perimeter else ""
    if perimeter is None or not code:
        return Finding(None, f"Périmètre de l’appel : à vérifier, le rattachement n’est pas connu pour {facts.name}")
    if code in perimeter.codes:
        tie = " est membre de" if perimeter.kind == "intercommunality" else ","
        return Finding(True, f"Dans le périmètre de l’appel : {facts.name}{tie} {perimeter.label}{vintage(facts)}")
    elsewhere = facts.intercommunality_name if perimeter.kind == "intercommunality" else ""
    why = f"est membre de {elsewhere}" if elsewhere else "n’en fait pas partie"
    outside = f"Hors du périmètre de l’appel ({perimeter.label}) : {facts.name} {why}{vintage(facts)}"
    return Finding(False, outside, fields)


def _fields(facts: Facts, place: str) -> dict[str, str]:
    return {"candidat": facts.name, "territoire": place, "annee": str(facts.code_year or "")}


def _place(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    return each(rule, facts, lambda member: _in_place(rule, member))


def _in_place(rule: Any, facts: Facts) -> Finding:
    code = code_in(rule.place.kind, facts)
    if not code:
        return Finding(None, f"{rule.label} : à vérifier, le rattachement n’est pas connu pour {facts.name}")
    met = code in rule.place.codes
    said = f"{facts.name} {'est' if met else 'n’est pas'} dans « {rule.place.label} »{vintage(facts)}"
    return Finding(met, answered(rule.label, met, said), _fields(facts, rule.place.label))


def _excluded(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    return each(rule, facts, lambda member: _not_excluded(rule, member))


def _not_excluded(rule: Any, facts: Facts) -> Finding:
    code = code_in("intercommunality", facts)
    if not code:
        return Finding(None, f"{rule.label} : à vérifier, l’intercommunalité n’est pas connue pour {facts.name}")
    met = code not in rule.intercommunalities
    said = f"{_tie(facts)}{vintage(facts)}"
    return Finding(met, answered(rule.label, met, said), _fields(facts, facts.intercommunality_name))


def _tie(facts: Facts) -> str:
    group = facts.intercommunality_name
    if facts.applicant_kind == "intercommunality":
        return facts.name
    return f"{facts.name} est membre de {group}" if group else f"{facts.name} n’est membre d’aucune intercommunalité"


def _attribute(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    return each(rule, facts, lambda member: _has(rule, member))


def _has(rule: Any, facts: Facts) -> Finding:
    name, found = rule.name or rule.attribute, facts.attributes.get(rule.attribute)
    if found is None:
        return Finding(None, f"{rule.label} : à vérifier, « {name} » n’est pas connu pour {facts.name}")
    has = bool(found.value) and (not rule.values or found.value in rule.values)
    value = "" if found.value in ("", "oui") else f" {found.value}"
    stage = f", {found.stage}" if found.stage else ""
    since = f" depuis le {format_date(found.since)}" if found.since else ""
    said = f"« {name} »{value}{stage}{since}" if found.value else f"pas dans « {name} »"
    fields = {"candidat": facts.name, "valeur": said, "annee": str(found.year or ""), "source": found.source}
    where = ", ".join(filter(None, (facts.name, said, fields["annee"], found.source)))
    return Finding(has == rule.wanted, answered(rule.label, has == rule.wanted, where), fields)


def _same_intercommunality(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    if not facts.in_file and not facts.partners:
        return Finding(None, f"{rule.label} : à vérifier dans votre candidature, qui dira qui candidate ensemble")
    members = everyone(facts)
    codes = [code_in("intercommunality", member) for member in members]
    unknown = [member.name for member, code in zip(members, codes, strict=True) if not code]
    known = {code for code in codes if code}
    met: bool | None = len(known) < 2 and (NO_GROUP not in known or len(members) == 1)
    if met and unknown:
        return Finding(None, f"{rule.label} : à vérifier, l’intercommunalité n’est pas connue pour {listed(unknown)}")
    said = f"{listed(_tie(member) for member in members)}{vintage(facts)}"
    groups = listed(dict.fromkeys(member.intercommunality_name or member.name for member in members))
    return Finding(met, answered(rule.label, bool(met), said), _fields(facts, groups))


RULES = {
    "perimeter": perimeter_rule,
    "place": _place,
    "excluded": _excluded,
    "attribute": _attribute,
    "same_intercommunality": _same_intercommunality,
}
