"""The mails about opinions asked of other services."""

from datetime import datetime

from calls.queries import sender_of
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail

from ..models import OpinionRequest
from .files import object_key, of_applicant


def opinion_path(opinion: OpinionRequest) -> str:
    return f"/avis/{opinion.uuid}/"


def opinion_mail(opinion: OpinionRequest, what: str, path: str, at: datetime, reason: str = "") -> Mail:
    """To the person asked; `what`: asked, reminded, postponed, revoked. `path` opens the request as that person."""
    application = opinion.application
    period = f"{at:%y%m%d}" if what == "reminded" else f"{at:%y%m%d%H%M%S}"
    return compose(
        f"applications/opinion_{what}",
        kind=f"applications.opinion_{what}",
        object_key=object_key(application),
        recipient=opinion.giver.email,
        sender=sender_of(application.call),
        context={
            "application": application,
            "opinion": opinion,
            "of_applicant": of_applicant(application),
            "reason": reason,
        },
        action=Action("Lire le dossier et rendre l’avis", path) if path else None,
        period=f"{opinion.pk}-{period}",
    )


def opinion_given_mail(opinion: OpinionRequest) -> Mail:
    """To the officer who asked."""
    application = opinion.application
    return compose(
        "applications/opinion_given",
        kind="applications.opinion_given",
        object_key=object_key(application),
        recipient=opinion.asked_by.email,
        sender=sender_of(application.call),
        context={"application": application, "opinion": opinion, "of_applicant": of_applicant(application)},
        action=Action("Lire l’avis", f"/gestion/avis/{opinion.uuid}/"),
        period=str(opinion.pk),
    )
