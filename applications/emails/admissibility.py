"""The mails about admissibility: admitted with reservations, a notified decision put back to examination."""

from collections.abc import Sequence
from datetime import datetime

from calls.queries import sender_of
from portal.accounts.models import User
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail

from ..models import Application, DecisionLine, Reservation
from .files import object_key, of_applicant


def admitted_mail(application: Application, reservations: Sequence[Reservation], person: User, at: datetime) -> Mail:
    """The file is admissible, and what it still owes."""
    return compose(
        "applications/admitted",
        kind="applications.admitted",
        object_key=object_key(application),
        recipient=person.email,
        sender=sender_of(application.call),
        context={
            "application": application,
            "reservations": reservations,
            "due_on": reservations[0].due_on,
            "of_applicant": of_applicant(application),
        },
        action=Action("Voir la candidature", f"/candidatures/{application.uuid}/"),
        period=f"{at:%y%m%d%H%M%S}",
    )


def undecided_mail(application: Application, line: DecisionLine, person: User, reason: str) -> Mail:
    """What was told is put back to examination, and why."""
    return compose(
        "applications/undecided",
        kind="applications.undecided",
        object_key=object_key(application),
        recipient=person.email,
        sender=sender_of(application.call),
        context={
            "application": application,
            "line": line,
            "reason": reason,
            "of_applicant": of_applicant(application),
        },
        action=Action("Voir la candidature", f"/candidatures/{application.uuid}/"),
        period=str(line.pk),
    )
