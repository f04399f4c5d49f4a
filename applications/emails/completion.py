"""The mails about what a commune is asked to complete."""

from datetime import datetime

from calls.queries import sender_of
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail

from ..models import CompletionRequest, Deposit
from .files import object_key, of_applicant


def completion_path(request: CompletionRequest) -> str:
    return f"/candidatures/{request.application.uuid}/complements/{request.uuid}/"


def completion_mail(request: CompletionRequest, what: str, recipient: str, at: datetime, reason: str = "") -> Mail:
    """To who writes for the file; `what`: asked, extended, cancelled."""
    application = request.application
    verb = "Voir la demande" if what == "cancelled" else "Compléter le dossier"
    return compose(
        f"applications/completion_{what}",
        kind=f"applications.completion_{what}",
        object_key=object_key(application),
        recipient=recipient,
        sender=sender_of(application.call),
        context={
            "application": application,
            "request": request,
            "items": request.items.all(),
            "of_applicant": of_applicant(application),
            "reason": reason,
        },
        action=Action(verb, completion_path(request)),
        period=f"{request.pk}-{at:%y%m%d%H%M%S}",
    )


def completion_received_mail(request: CompletionRequest, deposit: Deposit) -> Mail:
    """To the officer who asked."""
    application = request.application
    return compose(
        "applications/completion_received",
        kind="applications.completion_received",
        object_key=object_key(application),
        recipient=request.asked_by.email,
        sender=sender_of(application.call),
        context={
            "application": application,
            "request": request,
            "deposit": deposit,
            "of_applicant": of_applicant(application),
        },
        action=Action("Voir ce qui a changé", f"/gestion/complements/{request.uuid}/"),
        period=str(request.pk),
    )
