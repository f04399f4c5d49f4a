"""Mails of the jury."""

from datetime import datetime

from django.urls import reverse

from calls.queries import sender_of
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail, enqueue_email
from portal.core.spaces import absolute

from .models import Hearing, JurySession, SeatHolder
from .queries import files_for, in_office


def hearing_mail(hearing: Hearing, recipient: str) -> Mail:
    """When and where the commune is heard; one mail a person and a slot."""
    application, session = hearing.item.application, hearing.item.session
    return compose(
        "juries/hearing",
        kind="jury_hearing",
        object_key=f"application:{application.uuid}",
        recipient=recipient,
        sender=sender_of(application.call),
        context={"application": application, "call": application.call, "session": session, "hearing": hearing},
        action=Action("Répondre", reverse("jury_hearing_reply", args=[application.uuid])),
        period=f"{hearing.starts_at:%Y-%m-%dT%H:%M}",
    )


def send_convocation(session: JurySession, *, at: datetime) -> int:
    """Convene every member in office; one mail a person and a date. Returns how many were written."""
    holders = SeatHolder.objects.filter(in_office(at), seat__call=session.call_id, user__is_active=True)
    return sum(
        _convene_one(session, holder, at) for holder in holders.select_related("user", "seat__call__owner__profile")
    )


def _convene_one(session: JurySession, holder: SeatHolder, at: datetime) -> bool:
    """The files from which one is recused are not in one's agenda."""
    files = list(files_for(holder))
    open_files = [file for file in files if not file.recusal]
    declared = all(file.is_declared for file in open_files)
    mail = compose(
        "juries/convocation",
        kind="jury_convocation",
        object_key=f"session:{session.uuid}",
        recipient=holder.user.email,
        sender=sender_of(session.call),
        context={
            "session": session,
            "call": session.call,
            "seat": holder.seat,
            "files": len(open_files),
            "recused": len(files) - len(open_files),
            "calendar": absolute(reverse("jury_calendar", args=[session.uuid])),
        },
        action=Action("Ouvrir mes dossiers", reverse("jury_home"))
        if declared
        else Action("Déclarer mes liens", reverse("jury_declare", args=[session.call.slug])),
        period=session.held_on.isoformat(),
    )
    return enqueue_email(mail, at=at)
