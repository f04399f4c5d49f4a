"""The mails of an application: what happened, and the one thing to do."""

from datetime import datetime
from typing import Any

from calls.queries import sender_of
from portal.accounts.models import Claim, User
from portal.accounts.rules import awaited_words
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail
from portal.core.typography import place_of

from ..models import (
    Application,
    ApplicationMember,
    ApplicationTransition,
    Attachment,
    Deposit,
    Reopening,
    SignatureRequest,
)
from ..rules.drafts import RECOVERABLE
from ..words import object_key

RECEIPT_MAIL = "applications.receipt"


def of_applicant(application: Application) -> str:
    """« d’Étretat », or the name of the organisation."""
    commune = application.lead.commune
    return place_of(commune.name, commune.article) if commune else f"de {application.lead.name}"


def receipt_mail(deposit: Deposit, recipient: str) -> Mail:
    """The receipt of one version, attached; at least once, with a fixed Message-ID."""
    application = deposit.application
    return compose(
        "applications/receipt",
        kind=RECEIPT_MAIL,
        object_key=object_key(application),
        recipient=recipient,
        sender=sender_of(application.call),
        context={"application": application, "deposit": deposit, "of_applicant": of_applicant(application)},
        action=Action("Voir le récépissé", f"/candidatures/{application.uuid}/recepisse/"),
        period=str(deposit.n),
        attachment=deposit.receipt,
    )


def isolated_mail(attachment: Attachment, person: User) -> Mail:
    """The antivirus found something in a file: it is isolated, another must be attached."""
    application = attachment.application
    return compose(
        "applications/isolated",
        kind="applications.isolated",
        object_key=f"file:{attachment.file_id}",
        recipient=person.email,
        sender=sender_of(application.call),
        context={"application": application, "file": attachment.file, "of_applicant": of_applicant(application)},
        action=Action("Remplacer le fichier", f"/candidatures/{application.uuid}/pieces/{attachment.piece_code}/"),
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


def intent_kept_mail(application: Application, following: Application, person: User) -> Mail:
    """The letter of intent is kept: the whole file is open."""
    return compose(
        "applications/intent_kept",
        kind="applications.intent_kept",
        object_key=object_key(application),
        recipient=person.email,
        sender=sender_of(application.call),
        context={"application": application, "following": following, "of_applicant": of_applicant(application)},
        action=Action("Compléter le dossier", f"/candidatures/{following.uuid}/"),
        period=application.number or "",
    )


def intent_dismissed_mail(application: Application, line: ApplicationTransition, person: User) -> Mail:
    """The letter of intent is not kept, and why."""
    return compose(
        "applications/intent_dismissed",
        kind="applications.intent_dismissed",
        object_key=object_key(application),
        recipient=person.email,
        sender=sender_of(application.call),
        context={"application": application, "reason": line.reason, "of_applicant": of_applicant(application)},
        action=Action("Voir la candidature", f"/candidatures/{application.uuid}/"),
        period=str(line.pk),
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


def abandoned_mail(application: Application, by: User, recipient: str, at: datetime) -> Mail:
    """The draft is deleted, for good after some days; its co-applicants may begin or join another file."""
    return compose(
        "applications/abandoned",
        kind="applications.abandoned",
        object_key=object_key(application),
        recipient=recipient,
        sender=sender_of(application.call),
        context={
            "application": application,
            "by": by,
            "of_applicant": of_applicant(application),
            "until": at + RECOVERABLE,
        },
        period=at.isoformat(),
    )


def about_partner(member: ApplicationMember) -> dict[str, Any]:
    application = member.application
    return {"application": application, "member": member, "of_applicant": of_applicant(application)}


def partner_path(member: ApplicationMember) -> str:
    """Where the organisation answers; a commune that has nobody here joins the portal on the way."""
    path = f"/candidatures/{member.application.uuid}/invitation/{member.pk}/"
    commune = member.organisation.commune_id
    return f"/rejoindre/{commune}/?next={path}" if commune else path


def partner_invited_mail(member: ApplicationMember, recipient: str) -> Mail:
    """To the organisation invited to apply together."""
    return compose(
        "applications/partner_invited",
        kind="applications.partner_invited",
        object_key=object_key(member.application),
        recipient=recipient,
        sender=sender_of(member.application.call),
        context=about_partner(member),
        action=Action("Lire l’invitation et répondre", partner_path(member)),
        period=str(member.pk),
    )


def partner_answered_mail(member: ApplicationMember, *, accepted: bool) -> Mail:
    """To the person who invited."""
    assert member.invited_by is not None
    return compose(
        "applications/partner_answered",
        kind="applications.partner_answered",
        object_key=object_key(member.application),
        recipient=member.invited_by.email,
        sender=sender_of(member.application.call),
        context={**about_partner(member), "accepted": accepted},
        action=Action("Voir les co-candidats", f"/candidatures/{member.application.uuid}/co-candidats/"),
        period=str(member.pk),
    )


def partner_left_mail(member: ApplicationMember, recipient: str) -> Mail:
    return compose(
        "applications/partner_left",
        kind="applications.partner_left",
        object_key=object_key(member.application),
        recipient=recipient,
        sender=sender_of(member.application.call),
        context=about_partner(member),
        period=str(member.pk),
    )
