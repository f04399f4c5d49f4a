"""Who may explain a rule, ask for a derogation, grant it, check what was declared; each refusal says why."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from calls.definition.eligibility import BY_A_PERSON
from calls.eligibility import Verdict
from calls.models import CallRole
from portal.accounts.models import User
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import typeset

from .. import states
from ..models import Application
from ..queries.conditions import Condition
from .files import can_edit
from .staff import can_examine, words

Role = CallRole.Role
GRANTING = {"manager": frozenset({Role.MANAGER}), "officer": frozenset({Role.MANAGER, Role.OFFICER})}
GRANTS = {
    "manager": "Seule la gestion de l’appel répond à cette demande de dérogation.",
    "officer": "Seules les personnes chargées de l’instruction répondent à cette demande de dérogation.",
}


def can_ask_derogation(user: User, application: Application, verdict: Verdict, at: datetime) -> Answer:
    """Until the limit, on a rule that is not kept and from which one may derogate, once."""
    return first_refusal(
        can_edit(user, application, at),
        YES if verdict.derogable else no("Cette condition n’admet pas de dérogation."),
        YES if verdict.met is False else no("Aucune dérogation n’est à demander : la condition n’est pas en défaut."),
        no("La dérogation est déjà demandée : le service y répondra.") if verdict.asked else YES,
    )


def can_answer_derogation(roles: Collection[str], application: Application, verdict: Verdict) -> Answer:
    """By the role that the call names, on a deposited file whose admissibility is not said yet."""
    role = verdict.derogable_by
    return first_refusal(
        YES if role else no("Cette condition n’admet pas de dérogation."),
        YES if GRANTING.get(role, frozenset()) & set(roles) else no(GRANTS.get(role, GRANTS["manager"])),
        under_examination(application),
        YES if verdict.met is False else no("Aucune dérogation n’est à accorder : la condition n’est pas en défaut."),
    )


def can_check(roles: Collection[str], application: Application, rule: Any) -> Answer:
    """What a person alone can tell, on a deposited file whose admissibility is not said yet."""
    return first_refusal(
        can_examine(roles),
        YES if rule is not None and rule.kind in BY_A_PERSON else no("Le portail vérifie lui-même cette condition."),
        under_examination(application),
    )


def under_examination(application: Application) -> Answer:
    if application.state == states.SUBMITTED:
        return YES
    return no(typeset(f"Les conditions ne se tranchent plus : la candidature est « {words(application)} »."))


def is_answered(verdicts: Iterable[Verdict]) -> Answer:
    """Every derogation that was asked has its answer."""
    waiting = [verdict for verdict in verdicts if verdict.asked]
    return no(f"Répondez d’abord à la demande de dérogation. {waiting[0].sentence}.") if waiting else YES


def acts_on(roles: Collection[str], application: Application, condition: Condition) -> tuple[bool, bool]:
    """Whether these roles may now check a condition, and answer its derogation."""
    return (
        bool(can_check(roles, application, condition.rule)),
        bool(can_answer_derogation(roles, application, condition.verdict)),
    )
