"""What the staff of a call may do with its files; each refusal says why and what to do next."""

from collections.abc import Collection

from calls.models import CallRole
from portal.core.rules import YES, Answer, no

from .. import states
from ..models import Application, Decision

Role = CallRole.Role
READING: frozenset[str] = frozenset({Role.MANAGER, Role.OFFICER, Role.READER, Role.SECRETARY})
EXAMINING: frozenset[str] = frozenset({Role.MANAGER, Role.OFFICER})
DECIDING: frozenset[str] = frozenset({Role.MANAGER})


def can_examine(roles: Collection[str]) -> Answer:
    if EXAMINING & set(roles):
        return YES
    return no("Seules les personnes chargées de l’instruction se prononcent sur la recevabilité d’une candidature.")


def can_settle_admissibility(roles: Collection[str], application: Application) -> Answer:
    """Whether the file awaits its verdict from one of these roles."""
    if not can_examine(roles):
        return can_examine(roles)
    if not is_whole_file(application):
        return is_whole_file(application)
    if application.state == states.SUBMITTED:
        return YES
    return no(f"La recevabilité ne se décide plus : la candidature est « {words(application)} ».")


def is_whole_file(application: Application) -> Answer:
    """A letter of intent is kept for the next stage, or not; admissibility is said of whole files."""
    intent = application.stage == states.INTENT
    return no("La recevabilité se dit d’un dossier, pas d’une lettre d’intention.") if intent else YES


def can_answer_intent(roles: Collection[str], application: Application) -> Answer:
    """Whether a letter of intent awaits its answer from one of these roles."""
    if not can_examine(roles):
        return can_examine(roles)
    if application.stage == states.INTENT and application.state == states.SUBMITTED:
        return YES
    return no("Aucune lettre d’intention n’attend de réponse ici.")


def can_keep_intent(roles: Collection[str], application: Application) -> Answer:
    """Keep it: when it awaits its answer, or on second thoughts after it was not kept."""
    second = application.stage == states.INTENT and application.state == states.NOT_KEPT
    return YES if second and can_examine(roles) else can_answer_intent(roles, application)


def can_reverse(roles: Collection[str], application: Application) -> Answer:
    """Before the decision only: after it, the act itself would have to be changed."""
    if not can_examine(roles):
        return can_examine(roles)
    if application.state in states.REVERSE.sources:
        return YES
    if application.state == states.DECIDED:
        return no("La décision est enregistrée : on ne revient plus sur la recevabilité.")
    return no("Cette candidature n’a pas encore de verdict de recevabilité.")


def can_decide(roles: Collection[str]) -> Answer:
    if DECIDING & set(roles):
        return YES
    return no("Seule la gestion de l’appel enregistre la décision et envoie les lettres.")


def can_export(roles: Collection[str]) -> Answer:
    """The list as a file leaves the portal: the manager answers for it."""
    if DECIDING & set(roles):
        return YES
    return no("Seule la gestion de l’appel exporte le tableau des communes.")


def can_keep_or_erase(roles: Collection[str]) -> Answer:
    """Whoever answers for the call."""
    if DECIDING & set(roles):
        return YES
    return no("Seule la gestion de l’appel suit la conservation de ses dossiers.")


def can_read_decision(decision: Decision | None) -> Answer:
    """A commune reads the decision once it is notified, not before."""
    if decision is not None and decision.notified_at is not None:
        return YES
    return no("La décision n’est pas encore notifiée. Vous recevrez un courriel avec la lettre dès son envoi.")


def words(application: Application) -> str:
    """The state in words, as the rows of the procedure say it."""
    return dict(states.CHOICES)[application.state]
