"""Who writes in a file, who reads the notes of the service; each refusal says why."""

from collections.abc import Collection

from portal.accounts.models import User
from portal.core.rules import YES, Answer, first_refusal, no

from .. import states
from ..models import Application
from .completion import writes_for_file
from .staff import DECIDING, EXAMINING, READING

PENDING = (states.SUBMITTED, states.ADMISSIBLE)
"""The files that wait for an answer: those to which a « point d’étape » is written."""


def can_read_messages(roles: Collection[str]) -> Answer:
    if READING & set(roles):
        return YES
    return no("Les messages se lisent par l’instruction, la gestion, la lecture et le secrétariat de l’appel.")


def can_write_as_service(roles: Collection[str], application: Application) -> Answer:
    """The examination writes to the commune of a deposited file."""
    return first_refusal(
        YES if EXAMINING & set(roles) else no("Seules les personnes chargées de l’instruction écrivent à la commune."),
        is_deposited(application),
    )


def can_write_as_applicant(user: User, application: Application) -> Answer:
    """Who writes for an organisation of the file."""
    return first_refusal(
        YES if writes_for_file(user, application) else no("Votre droit dans la commune est de lire, pas d’écrire."),
        is_deposited(application),
    )


def is_deposited(application: Application) -> Answer:
    if application.number:
        return YES
    return no("Les messages commencent au dépôt. Avant, posez votre question sur la page de l’appel.")


def can_note(roles: Collection[str]) -> Answer:
    """The notes of the service are written and read by those who examine and those who read."""
    if READING & set(roles):
        return YES
    return no("Les notes internes se lisent par l’équipe qui instruit l’appel.")


def can_log_contact(roles: Collection[str]) -> Answer:
    if EXAMINING & set(roles):
        return YES
    return no("Seules les personnes chargées de l’instruction notent les contacts avec les communes.")


def can_write_to_all(roles: Collection[str]) -> Answer:
    if DECIDING & set(roles):
        return YES
    return no("Seule la gestion de l’appel écrit à toutes les communes qui attendent.")
