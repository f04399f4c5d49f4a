"""Messages between the service and a commune, notes of the service, contacts, « points d’étape » to all who wait."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calls.models import Call
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import Job
from portal.core.outbox import enqueue_emails, enqueue_job, job_handler
from portal.core.rules import Refused
from portal.core.scanning import ask_scan
from portal.core.uploads import store_upload
from portal.territories.models import Commune

from ..emails.talk import message_mail
from ..models import Application, ContactEntry, InternalNote, Message, MessageFile, ProgressUpdate
from ..queries.staff import receivers, recipients_by_file
from ..queries.talk import last_correspondent, pending_files
from ..rules.talk import PENDING
from .opinions import ACCEPTED, MAX_BYTES

LONGEST = 8000
MOST_FILES = 3
UPDATE_JOB = "applications.progress_update"
SIDE = Message.Side


def said(text: str) -> str:
    kept = text.replace("\r\n", "\n").strip()[:LONGEST]
    if not kept:
        raise Refused("Écrivez votre message.")
    return kept


def send_message(
    *, application: Application, side: str, text: str, uploads: Sequence[UploadedFile] = (), by: User, at: datetime
) -> Message:
    """Write in the file; the other side is told by mail. Raises `Refused`, `UploadRefused`."""
    kept = said(text)
    if len(uploads) > MOST_FILES:
        raise Refused(f"{MOST_FILES} fichiers au plus par message.")
    files = [store_upload(upload, accepted=ACCEPTED, max_bytes=MAX_BYTES, by=by, at=at) for upload in uploads]
    with transaction.atomic():
        message = Message.objects.create(application=application, side=side, author=by, text=kept, sent_at=at)
        MessageFile.objects.bulk_create(MessageFile(message=message, file=file) for file in files)
        for file in files:
            ask_scan(file, at)
        addresses = told_of(message)
        enqueue_emails([message_mail(message, address, files=len(files)) for address in addresses], at=at)
    return message


def told_of(message: Message) -> list[str]:
    """The addresses of the other side."""
    application = message.application
    if message.side == SIDE.APPLICANT:
        return [last_correspondent(application)]
    members = application.members.filter(confirmed_at__isnull=False, left_at=None)
    held = receivers(organisation__in=members.values("organisation"))
    found = list(held.order_by("user__email").values_list("user__email", flat=True).distinct())
    official = application.lead.official_email
    return found or ([official] if official else [])


def add_note(*, application: Application, text: str, by: User, at: datetime) -> InternalNote:
    """A note that stays in the service."""
    return InternalNote.objects.create(application=application, author=by, text=said(text), at=at)


def log_contact(
    *, call: Call, commune: Commune, kind: str, happened_on: date, text: str, by: User, at: datetime
) -> ContactEntry:
    """A call, a visit or a meeting that took place. Raises `Refused`."""
    if happened_on > day_of(at):
        raise Refused("Notez un contact une fois qu’il a eu lieu : la date est à venir.")
    return ContactEntry.objects.create(
        call=call, commune=commune, kind=kind, happened_on=happened_on, text=said(text), author=by, at=at
    )


# --- to all who wait ---------------------------------------------------------------------------------------------


@transaction.atomic
def ask_update(*, call: Call, text: str, by: User, at: datetime, only: Collection[int] | None = None) -> ProgressUpdate:
    """Write to every file that waits, or to those of `only` (keys), in the background, once each.

    Raises `Refused` when none waits.
    """
    kept, files = said(text), pending_files(call, only)
    if not files.exists():
        raise Refused("Aucune candidature n’attend de réponse : personne ne recevrait ce message.")
    update = ProgressUpdate.objects.create(call=call, text=kept, asked_at=at, asked_by=by, states=list(PENDING))
    payload = {"update": str(update.uuid), "only": None if only is None else list(only)}
    enqueue_job(UPDATE_JOB, f"update:{update.uuid}", at=at, payload=payload)
    return update


@job_handler(UPDATE_JOB)
def write_update(job: Job) -> None:
    """One message and its mails for each file; done again, it writes nothing twice."""
    update = ProgressUpdate.objects.select_related("call__owner__profile", "asked_by").get(uuid=job.payload["update"])
    at = portal_now()
    files = list(
        pending_files(update.call, job.payload["only"])
        .exclude(messages__update_of=update)
        .select_related("lead__commune")
        .order_by("pk")
    )
    addresses = recipients_by_file([file.pk for file in files])
    for file in files:
        file.call = update.call
        message = Message.objects.create(
            application=file, side=SIDE.SERVICE, author=update.asked_by, text=update.text, sent_at=at, update_of=update
        )
        enqueue_emails([message_mail(message, address, files=0) for address in addresses.get(file.pk, [])], at=at)
