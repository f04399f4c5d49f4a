"""What the staff of a call may do with its files; each refusal says why and what to do next."""

from collections.abc import Collection

from calls.models import CallRole
from portal.core.rules import YES, Answer, no

from . import states
from .models import Application, Decision

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
    if application.state == states.SUBMITTED:
        return YES
    return no(f"La recevabilité ne se décide plus : la candidature est « {words(application)} ».")


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


def can_read_decision(decision: Decision | None) -> Answer:
    """A commune reads the decision once it is notified, not before."""
    if decision is not None and decision.notified_at is not None:
        return YES
    return no("La décision n’est pas encore notifiée. Vous recevrez un courriel avec la lettre dès son envoi.")


def words(application: Application) -> str:
    """The state in words, as the rows of the procedure say it."""
    return dict(states.CHOICES)[application.state]
