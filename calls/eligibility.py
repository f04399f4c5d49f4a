"""Who may apply, and why: each rule answers with a verdict and the sentence that explains it.

The sentence names the figure, its year and its source; screens, letters and minutes print it as it is. Pure.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from calls.conditions import Facts, answer_holds, code_in, figure_for, holds, population_holds, threshold_text
from calls.definition.eligibility import Effect
from calls.definition.identity import Perimeter
from portal.core.typography import format_quantity, typeset

Outcome = Literal["pass", "fail", "warning", "unknown"]
Overall = Literal["eligible", "to_check", "ineligible"]

KINDS = {
    "commune": "une commune",
    "intercommunality": "une intercommunalité",
    "department": "un département",
    "region": "une région",
    "state": "un service de l’État",
    "operator": "un opérateur ou une agence",
    "other": "un autre organisme",
}


@dataclass(frozen=True)
class Verdict:
    """What one rule says of an applicant. A rule that is not blocking never fails: it warns."""

    code: str
    outcome: Outcome
    sentence: str
    effect: Effect = "blocking"
    derogable: bool = False


@dataclass(frozen=True)
class _Finding:
    met: bool | None
    sentence: str


def evaluate(rules: Iterable[Any], facts: Facts, *, perimeter: Perimeter | None = None) -> list[Verdict]:
    """The verdict of each rule that applies, in their order. In a joint file, each member must satisfy the rule."""
    return [_verdict(rule, facts, perimeter) for rule in rules if holds(rule.condition, facts) is not False]


def overall(verdicts: Iterable[Verdict]) -> Overall:
    """`ineligible` as soon as a blocking rule fails, `to_check` while one is not known; warnings do not count."""
    outcomes = {verdict.outcome for verdict in verdicts if verdict.effect == "blocking"}
    if "fail" in outcomes:
        return "ineligible"
    return "to_check" if "unknown" in outcomes else "eligible"


def _verdict(rule: Any, facts: Facts, perimeter: Perimeter | None) -> Verdict:
    finding = _RULES[rule.kind](rule, facts, perimeter)
    outcome: Outcome = "unknown" if finding.met is None else "pass" if finding.met else "warning"
    if finding.met is False and rule.effect == "blocking":
        outcome = "fail"
    return Verdict(rule.code, outcome, typeset(finding.sentence), rule.effect, rule.derogable)


def _worst(findings: list[_Finding]) -> _Finding:
    """Of a group: the first that fails, else the first that is not known, else the lead's."""
    for met in (False, None):
        for finding in findings:
            if finding.met is met:
                return finding
    return findings[0]


# --- one function per kind ---------------------------------------------------------------------------------------


def _perimeter(_rule: Any, facts: Facts, perimeter: Perimeter | None) -> _Finding:
    return _worst([_member_of(member, perimeter) for member in (facts, *facts.partners)])


def _member_of(facts: Facts, perimeter: Perimeter | None) -> _Finding:
    if not facts.inhabited:
        return _Finding(False, f"{facts.name} n’a aucun habitant : elle ne peut pas candidater")
    code = code_in(perimeter.kind, facts) if perimeter else ""
    if perimeter is None or not code:
        return _Finding(None, f"Périmètre de l’appel : à vérifier, le rattachement n’est pas connu pour {facts.name}")
    vintage = f", code officiel géographique {facts.code_year}" if facts.code_year else ""
    if code in perimeter.codes:
        tie = " est membre de" if perimeter.kind == "intercommunality" else ","
        return _Finding(True, f"Dans le périmètre de l’appel : {facts.name}{tie} {perimeter.label}{vintage}")
    elsewhere = facts.intercommunality_name if perimeter.kind == "intercommunality" else ""
    why = f"est membre de {elsewhere}" if elsewhere else "n’en fait pas partie"
    return _Finding(False, f"Hors du périmètre de l’appel ({perimeter.label}) : {facts.name} {why}{vintage}")


def _population(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> _Finding:
    named = rule.of != "commune" or bool(facts.partners)
    return _worst([_population_of(rule, member, named=named) for member in (facts, *facts.partners)])


def _population_of(rule: Any, facts: Facts, *, named: bool) -> _Finding:
    head = _capital(threshold_text(rule))
    whose = facts.name if rule.of == "commune" else facts.intercommunality_name
    if rule.population_kind is None or rule.year is None:
        return _Finding(None, f"{head} : à vérifier, l’appel ne dit pas quelle population, ni de quelle année")
    kind = f"population {rule.population_kind} {rule.year}"
    figure = figure_for(rule, facts)
    if figure is None:
        return _Finding(None, f"{head} : à vérifier, la {kind} n’est pas connue pour {whose}")
    met = population_holds(rule, facts)
    number = f"{format_quantity(figure.value, 'habitant')}, {kind}, {figure.source}"
    owner = f"{whose}, " if named else ""
    return _Finding(met, f"{head} : {owner}{number}" if met else f"{head} : non, {owner}{number}")


def _applicant_kind(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> _Finding:
    met = all(member.applicant_kind in rule.kinds for member in (facts, *facts.partners))
    wanted = " ou ".join(KINDS[kind] for kind in rule.kinds)
    found = ", ".join(KINDS[member.applicant_kind] for member in (facts, *facts.partners))
    return _Finding(met, f"Candidat admis : {found}" if met else f"Candidat attendu, {wanted} : ici {found}")


def _max_applications(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> _Finding:
    size = 1 + len(facts.partners)
    if rule.group_max and size > rule.group_max:
        return _Finding(False, f"Candidature groupée, {rule.group_max} communes au plus : ici {size}")
    most = "Une candidature par commune" if rule.max == 1 else f"{rule.max} candidatures par commune au plus"
    for member in (facts, *facts.partners):
        if member.already_applied >= rule.max:
            already = format_quantity(member.already_applied, "autre candidature", "autres candidatures")
            return _Finding(False, f"{most} : {member.name} participe déjà à {already}")
    group = f", groupée à {size} communes" if size > 1 else ""
    return _Finding(True, f"{most} : c’est le cas{group}")


def _answer(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> _Finding:
    met = answer_holds(rule, facts)
    if met is None:
        return _Finding(None, f"À vérifier par vous : {_lower(rule.sentence)}")
    said = "d’après la réponse de la commune"
    return _Finding(met, f"{rule.label} : oui, {said}" if met else f"{rule.label} : non, {said}")


def _judgement(rule: Any, _facts: Facts, _perimeter: Perimeter | None) -> _Finding:
    return _Finding(None, f"À apprécier par le service instructeur : {_lower(rule.sentence)}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


_RULES: dict[str, Callable[[Any, Facts, Perimeter | None], _Finding]] = {
    "perimeter": _perimeter,
    "population": _population,
    "applicant_kind": _applicant_kind,
    "max_applications": _max_applications,
    "answer": _answer,
    "judgement": _judgement,
}
