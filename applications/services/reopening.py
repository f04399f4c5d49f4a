"""One file reopened after the limit, on a proven outage: asked by one person, confirmed by another, told and logged."""

from datetime import datetime
from typing import Any

from django.db import transaction

from calls.queries import sender_of
from portal.accounts.models import User
from portal.core import approvals
from portal.core.models import Approval
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused, require
from portal.core.typography import format_instant, typeset

from ..emails.files import of_applicant, reopened_mail
from ..holders import owners_of
from ..models import Application, Reopening
from ..queries.files import LOOK
from ..queries.life import limit_of
from ..rules.life import is_reopenable

REOPEN_ACT = "applications.reopen"


def ask_reopening(
    *,
    application: Application,
    until: datetime,
    reason: str,
    evidence: str,
    approver: User,
    asked_by: User,
    at: datetime,
) -> Approval:
    """Ask a second person; nothing is open before. Raises `Refused`."""
    require(is_reopenable(application, at))
    limit = format_instant(until, seconds=True)
    return approvals.ask(
        act=REOPEN_ACT,
        object_key=f"application:{application.uuid}",
        title=typeset(f"Rouvrir la candidature {of_applicant(application)} à l’appel « {application.call} »"),
        arguments={
            "application": str(application.uuid),
            "until": until.isoformat(),
            "evidence": evidence,
            "details": [
                f"Cette candidature seule pourra être déposée jusqu’au {limit}, heure de Paris.",
                f"Preuve de la panne : {evidence}",
            ],
        },
        asked_by=asked_by,
        approver=approver,
        reason=reason,
        at=at,
        sender=sender_of(application.call),
    )


def run_reopening(approval: Any, at: datetime) -> None:
    """Confirmed (act `applications.reopen`)."""
    told = approval.arguments
    reopen(
        application=Application.objects.get(uuid=told["application"]),
        until=datetime.fromisoformat(told["until"]),
        reason=approval.reason,
        evidence=told["evidence"],
        asked_by=approval.asked_by,
        by=approval.approved_by,
        at=at,
    )


@transaction.atomic
def reopen(
    *, application: Application, until: datetime, reason: str, evidence: str, asked_by: User, by: User, at: datetime
) -> Reopening:
    """The file may be deposited until that instant; its people are told. Raises `Refused`."""
    if asked_by == by:
        raise Refused("La personne qui demande la réouverture ne peut pas la confirmer elle-même.")
    locked = Application.objects.select_for_update(no_key=True, of=("self",)).select_related(*LOOK)
    current = locked.get(pk=application.pk)
    require(is_reopenable(current, at))
    if until <= max(at, limit_of(current)):
        raise Refused("La nouvelle limite est déjà passée : faites une nouvelle demande.")
    reopening = Reopening.objects.create(
        application=current,
        until=until,
        reason=reason,
        evidence=evidence,
        decided_at=at,
        asked_by=asked_by,
        approved_by=by,
    )
    for person in owners_of(current):
        enqueue_email(reopened_mail(reopening, person), at=at)
    return reopening
