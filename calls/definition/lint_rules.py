"""Advice on eligibility rules: sentences without figure, explanations that nobody can give, impossible groups."""

from collections.abc import Iterator

from calls.definition.eligibility import BY_A_PERSON, FIELDS, FIGURES, JointRule, MembersRule
from calls.definition.follow_up import merge_fields
from calls.definition.schema import CallDocument
from calls.definition.tree import Problem

Advice = Iterator[Problem]


def sentences(document: CallDocument) -> Advice:
    """The manager's own sentence names the figure and the year that the refusal rests on."""
    for rank, rule in enumerate(document.eligibility):
        said = set(merge_fields(rule.shown or ""))
        missing = [f"{{{name}}}" for name in FIELDS[rule.kind] if name in FIGURES and name not in said]
        if rule.shown and missing:
            yield Problem(
                f"cette phrase ne dit pas {' ni '.join(missing)} : un refus nomme le chiffre et l’année sur lesquels "
                "il repose.",
                ("eligibility", rank, "shown"),
            )


def personal(document: CallDocument) -> Advice:
    """What a person settles after the deposit cannot be explained before it."""
    for rank, rule in enumerate(document.eligibility):
        if rule.kind in BY_A_PERSON and rule.effect == "justify":
            yield Problem(
                "une personne ne tranche qu’après le dépôt : le candidat ne pourra pas s’en expliquer avant ; "
                "choisissez un autre effet.",
                ("eligibility", rank, "effect"),
            )


def groups(document: CallDocument) -> Advice:
    """A file at several that the rules ask for, and that the call does not take."""
    most = document.applicants.group.max if document.applicants.group else 1
    for rank, rule in enumerate(document.eligibility):
        least = 1
        if isinstance(rule, JointRule) and rule.joint == "needed":
            least = 2
        elif isinstance(rule, MembersRule):
            least = rule.at_least or 1
        if least > most:
            told = f"{most} candidats au plus" if most > 1 else "un seul candidat"
            yield Problem(
                f"cette règle demande {least} candidats au moins, et l’appel en admet {told} par candidature : "
                "revoyez « applicants › group ».",
                ("eligibility", rank),
            )
