"""The mails of an application: what happened, and the one thing to do."""

from datetime import datetime

from calls.queries import sender_of
from portal.accounts.models import Claim, User
from portal.accounts.rules import awaited_words
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail
from portal.core.typography import place_of

from .models import Application, Deposit, Reopening, SignatureRequest

RECEIPT_MAIL = "applications.receipt"


def of_applicant(application: Application) -> str:
    """« d’Étretat », or the name of the organisation."""
    commune = application.lead.commune
    return place_of(commune.name, commune.article) if commune else f"de {application.lead.name}"


def object_key(application: Application) -> str:
    return f"application:{application.uuid}"


def receipt_mail(deposit: Deposit, person: User) -> Mail:
    """The receipt of one version, attached; at least once, with a fixed Message-ID."""
    application = deposit.application
    return compose(
        "applications/receipt",
        kind=RECEIPT_MAIL,
        object_key=object_key(application),
        recipient=person.email,
        sender=sender_of(application.call),
        context={"application": application, "deposit": deposit, "of_applicant": of_applicant(application)},
        action=Action("Voir le récépissé", f"/candidatures/{application.uuid}/recepisse/"),
        period=str(deposit.n),
        attachment=deposit.receipt,
    )


def signature_mail(
    request: SignatureRequest, path: str, *, at: datetime, awaited: Claim | None = None, confirmed: bool = False
) -> Mail:
    """The personal link, sent again at most once an hour, and once more as soon as the person may deposit.

    `awaited`: what the town hall has still to confirm before this person may deposit.
    """
    application = request.application
    return compose(
        "applications/signature",
        kind="applications.signature",
        object_key=object_key(application),
        recipient=request.signatory.email,
        sender=sender_of(application.call),
        context={
            "application": application,
            "request": request,
            "of_applicant": of_applicant(application),
            "awaited": awaited_words(awaited) if awaited else "",
            "confirmed": confirmed,
        },
        action=Action("Relire" if awaited else "Relire et déposer", path),
        period=f"{request.uuid.hex}{at:%m%d%H}{'c' if confirmed else ''}",
    )


def declined_mail(request: SignatureRequest) -> Mail:
    application = request.application
    return compose(
        "applications/declined",
        kind="applications.declined",
        object_key=object_key(application),
        recipient=request.asked_by.email,
        sender=sender_of(application.call),
        context={"application": application, "request": request, "of_applicant": of_applicant(application)},
        action=Action("Reprendre la candidature", f"/candidatures/{application.uuid}/"),
        period=request.uuid.hex,
    )


def withdrawn_mail(application: Application, person: User, reason: str) -> Mail:
    return compose(
        "applications/withdrawn",
        kind="applications.withdrawn",
        object_key=object_key(application),
        recipient=person.email,
        sender=sender_of(application.call),
        context={"application": application, "reason": reason, "of_applicant": of_applicant(application)},
        action=Action("Voir la candidature", f"/candidatures/{application.uuid}/"),
        period=application.number or "",
    )


def reopened_mail(reopening: Reopening, person: User) -> Mail:
    application = reopening.application
    return compose(
        "applications/reopened",
        kind="applications.reopened",
        object_key=object_key(application),
        recipient=person.email,
        sender=sender_of(application.call),
        context={"application": application, "reopening": reopening, "of_applicant": of_applicant(application)},
        action=Action("Reprendre la candidature", f"/candidatures/{application.uuid}/"),
        period=str(reopening.pk),
    )
