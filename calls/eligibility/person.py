"""Rules that a person settles: a declaration to be checked, a judgement. Their rulings are told by `rulings`."""

from typing import Any

from calls.conditions import Facts
from calls.definition.identity import Perimeter

from .findings import Finding, answered, lower


def _declaration(rule: Any, facts: Facts, _perimeter: Perimeter | None) -> Finding:
    """What the applicant says « non » to is not met; what it declares awaits a person all the same."""
    if rule.question is None:
        return Finding(None, lambda: f"À vérifier par le service instructeur : {lower(rule.sentence)}")
    declared = facts.answers.get(rule.question)
    if declared is False:
        said = "d’après la déclaration de la commune"
        return Finding(False, lambda: answered(rule.label, False, said), lambda: {"candidat": facts.name})
    if declared in (None, "", [], ()):
        return Finding(None, lambda: f"À déclarer par vous : {lower(rule.sentence)}")
    declared_so = "Déclaré par la commune, à vérifier par le service instructeur"
    return Finding(None, lambda: f"{declared_so} : {lower(rule.sentence)}")


def _judgement(rule: Any, _facts: Facts, _perimeter: Perimeter | None) -> Finding:
    return Finding(None, lambda: f"À apprécier par le service instructeur : {lower(rule.sentence)}")


RULES = {"declaration": _declaration, "judgement": _judgement}
