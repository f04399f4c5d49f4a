"""Rules on who applies: kinds, number, alone or together, other live files, earlier selections."""

from typing import Any

from calls.conditions import Facts, Selection, bounds_text
from calls.definition.identity import Perimeter
from portal.core.typography import format_quantity

from .findings import KINDS, Finding, answered, capital, each, everyone, whom

IN_THE_FILE = "à vérifier dans votre candidature, qui dira qui candidate ensemble"


def _applicant_kind(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    members = whom(rule, facts)
    met = all(member.applicant_kind in rule.kinds for member in members)

    def found() -> str:
        return ", ".join(KINDS[member.applicant_kind] for member in members)

    def say() -> str:
        wanted = " ou ".join(KINDS[kind] for kind in rule.kinds)
        return f"Candidat admis : {found()}" if met else f"Candidat attendu, {wanted} : ici {found()}"

    return Finding(met, say, lambda: {"candidat": facts.name, "valeur": found()})


def _count(number: int) -> str:
    return format_quantity(number, "candidat")


def _members(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    def threshold() -> str:
        return bounds_text(rule, _count)

    if not facts.in_file and not facts.partners:
        return Finding(None, lambda: f"{capital(threshold())} : {IN_THE_FILE}")
    size = 1 + len(facts.partners)
    met = (rule.at_least or 0) <= size <= (rule.at_most or size)
    return Finding(
        met,
        lambda: f"{capital(threshold())} : {'' if met else 'non, '}ici {_count(size)}",
        lambda: {"candidat": facts.name, "chiffre": _count(size), "seuil": threshold()},
    )


def _joint(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    size = 1 + len(facts.partners)
    if rule.joint != "allowed" and not facts.in_file and size == 1:
        return Finding(None, lambda: f"{_joint_head(rule)} : {IN_THE_FILE}")
    there = {member.applicant_kind for member in facts.partners} | ({facts.applicant_kind} if size > 1 else set())
    met = {
        "needed": size > 1 and (rule.partner is None or rule.partner in there),
        "forbidden": size == 1,
        "allowed": True,
    }[rule.joint]

    def say() -> str:
        found = ", ".join(member.name for member in everyone(facts))
        return f"{_joint_head(rule)} : {'' if met else 'non, '}ici {_count(size)} ({found})"

    return Finding(met, say, lambda: {"candidat": facts.name, "chiffre": _count(size)})


def _joint_head(rule: Any) -> str:
    wanted = f" avec {KINDS[rule.partner]}" if rule.partner else ""
    return {
        "needed": f"Candidature commune demandée{wanted}",
        "forbidden": "Candidature seule demandée",
        "allowed": "Candidature seule ou commune",
    }[rule.joint]


def _max_applications(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    size = 1 + len(facts.partners)
    if rule.group_max and size > rule.group_max:
        return Finding(
            False,
            lambda: f"Candidature groupée, {rule.group_max} communes au plus : ici {size}",
            lambda: _applications(facts, size, rule.group_max),
        )
    unknown = False
    for member in everyone(facts):
        if member.other_files is None:
            unknown = True
        elif len(member.other_files) >= rule.max:
            return _too_many(rule, member)
    if unknown:
        return Finding(None, lambda: f"{_most(rule)} : à vérifier quand la candidature commence")
    group = f", groupée à {size} communes" if size > 1 else ""
    return Finding(True, lambda: f"{_most(rule)} : c’est le cas{group}")


def _too_many(rule: Any, member: Facts) -> Finding:
    files = member.other_files or ()
    return Finding(
        False,
        lambda: f"{_most(rule)} : {member.name} participe déjà à {_held(files)}",
        lambda: {**_applications(member, len(files), rule.max), "candidatures": _held(files)},
    )


def _applications(facts: Facts, found: int, most: int) -> dict[str, str]:
    return {"candidat": facts.name, "chiffre": str(found), "seuil": str(most), "candidatures": ""}


def _most(rule: Any) -> str:
    return "Une candidature par commune" if rule.max == 1 else f"{rule.max} candidatures par commune au plus"


def _held(files: tuple[str, ...]) -> str:
    """The other files by the names that may be told."""
    named = [name for name in files if name]
    if len(files) == 1:
        return f"la candidature {named[0]}" if named else "une autre candidature"
    names = f" ({', '.join(named)})" if named else ""
    return f"{len(files)} autres candidatures{names}"


def _selected_before(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    return each(rule, facts, lambda member: _selected(rule, member))


def _selected(rule: Any, facts: Facts) -> Finding:
    if facts.selections is None:
        missing = f"les sélections précédentes de {facts.name} ne sont pas connues"
        return Finding(None, lambda: f"{rule.label} : à vérifier, {missing}")
    found = [selection for selection in facts.selections if _matches(rule, selection)]
    met = bool(found) == rule.wanted

    def said() -> str:
        if found:
            return f"{facts.name} a déjà eu une candidature retenue, {found[0].label}"
        return f"{facts.name} n’a pas eu de candidature retenue {_which(rule)}"

    return Finding(met, lambda: answered(rule.label, met, said()), lambda: {"candidat": facts.name, "valeur": said()})


def _matches(rule: Any, selection: Selection) -> bool:
    asked = (
        (rule.call, selection.call),
        (rule.programme, selection.programme),
        (rule.edition, selection.edition),
        (rule.track, selection.track),
    )
    return all(wanted is None or wanted == found for wanted, found in asked)


def _which(rule: Any) -> str:
    words = [f"dans l’appel « {rule.call} »" if rule.call else f"dans le programme « {rule.programme} »"]
    words += [f"édition {rule.edition}"] if rule.edition else []
    words += [f"volet « {rule.track} »"] if rule.track else []
    return ", ".join(words)


RULES = {
    "applicant_kind": _applicant_kind,
    "members": _members,
    "joint": _joint,
    "max_applications": _max_applications,
    "selected_before": _selected_before,
}
