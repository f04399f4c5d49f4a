"""Nothing leaves before commit, nothing leaves twice.

Services write rows here in their own transaction; workers claim them with `SKIP LOCKED`. A worker is poked on commit
and by a 5 s beat tick, so that a dead Redis delays and never fails.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from kombu.exceptions import OperationalError

from .clock import portal_now
from .models import FrozenDocument, Job, OutboundEmail

STALE_CLAIM = timedelta(minutes=3)
MAX_ATTEMPTS = 8
SERVER_PAUSE, SERVER_PATIENCE = timedelta(minutes=2), timedelta(days=2)
JOB_HANDLERS: dict[str, Callable[[Job], None]] = {}


@dataclass(frozen=True)
class Mail:
    """What one mail says. `object_key` names the fact ("application:<uuid>"), `period` an occurrence of it."""

    kind: str
    object_key: str
    recipient: str
    subject: str
    body: str
    html: str = ""
    from_name: str = ""
    reply_to: str = ""
    call_key: str = ""
    period: str = ""
    guarantee: str = OutboundEmail.Guarantee.AT_LEAST_ONCE
    attachment: FrozenDocument | None = None


def job_handler(kind: str) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Declare the function that does the jobs of a kind; it must be idempotent."""

    def register(function: Callable[[Job], None]) -> Callable[[Job], None]:
        JOB_HANDLERS[kind] = function
        return function

    return register


def enqueue_email(mail: Mail, *, at: datetime, not_before: datetime | None = None) -> bool:
    """Write the mail in the caller's transaction; False when the same fact was already written."""
    (row,) = enqueue_emails([mail], at=at, not_before=not_before)
    return OutboundEmail.objects.filter(pk=row.pk).exists()


def enqueue_emails(mails: Iterable[Mail], *, at: datetime, not_before: datetime | None = None) -> list[OutboundEmail]:
    """Write several mails at once; a fact already written is left as it is, without being told."""
    rows = [
        OutboundEmail(
            **{**vars(mail), "from_name": mail.from_name or settings.PORTAL_NAME},
            created_at=at,
            not_before=not_before or at,
        )
        for mail in mails
    ]
    OutboundEmail.objects.bulk_create(rows, ignore_conflicts=True)
    poke_on_commit()
    return rows


def enqueue_job(kind: str, object_key: str, *, at: datetime, payload: dict[str, Any] | None = None) -> None:
    """Write a job in the caller's transaction; the same (kind, object) is written once."""
    job = Job(kind=kind, object_key=object_key, payload=payload or {}, created_at=at, not_before=at)
    Job.objects.bulk_create([job], ignore_conflicts=True)
    poke_on_commit()


def poke_on_commit() -> None:
    """One poke per transaction, however many rows it writes."""
    if not any(function is poke for _, function, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(poke)


def poke() -> None:
    """Wake a worker; without Redis the beat tick will do it."""
    try:
        current_app.send_task("portal.core.tasks.deliver", expires=30, retry=False)
    except (OperationalError, OSError):
        return


def claim(queryset: Any, *, state: str, at: datetime, limit: int) -> list[Any]:
    """Claim up to `limit` due rows for this worker: locked, marked, committed before anything is done."""
    with transaction.atomic():
        rows = list(queryset.select_for_update(skip_locked=True, of=("self",)).order_by("not_before")[:limit])
        for row in rows:
            row.state, row.claimed_at, row.attempts = state, at, row.attempts + 1
        if rows:
            type(rows[0]).objects.bulk_update(rows, ["state", "claimed_at", "attempts"])
    return rows


def release_stale(at: datetime) -> None:
    """Give back what a killed worker had claimed. An at-most-once mail becomes uncertain: a person decides."""
    stale = OutboundEmail.objects.filter(state="sending", claimed_at__lt=at - STALE_CLAIM)
    stale.filter(guarantee="at_most_once").update(state="uncertain")
    stale.filter(guarantee="at_least_once").update(state="queued")
    Job.objects.filter(state="running", claimed_at__lt=at - STALE_CLAIM).update(state="queued")


def deliver_emails(limit: int = 50) -> int:
    """Send what is due; one row is claimed and settled at a time, so that a kill concerns one mail only."""
    done = 0
    while done < limit:
        now = portal_now()
        due = OutboundEmail.objects.filter(state="queued", not_before__lte=now).exclude(
            attachment__isnull=False, attachment__state="pending"
        )
        rows = claim(due, state="sending", at=now, limit=1)
        if not rows:
            break
        send(rows[0])
        done += 1
    return done


def send(row: OutboundEmail) -> None:
    """Hand one claimed mail to the mail server and settle its row; a mail server that cannot be reached got nothing."""
    connection = get_connection()
    try:
        mail = message(row)
    except OSError as error:
        fail(row, error)
        return
    try:
        connection.open()
    except OSError as error:
        wait_for_server(row, error)
        return
    mail.connection = connection
    hand_over(mail, row)
    with suppress(OSError):
        connection.close()


def hand_over(mail: EmailMultiAlternatives, row: OutboundEmail) -> None:
    """Say the mail to an open connection. When it breaks without an answer, nobody knows whether the mail left."""
    try:
        mail.send()
    except (SMTPResponseException, SMTPRecipientsRefused) as refusal:
        fail(row, refusal)
    except OSError as error:
        if row.guarantee == OutboundEmail.Guarantee.AT_MOST_ONCE:
            OutboundEmail.objects.filter(pk=row.pk).update(state="uncertain", last_error=str(error)[:500])
        else:
            fail(row, error)
    else:
        OutboundEmail.objects.filter(pk=row.pk).update(state="sent", sent_at=portal_now(), last_error="")


def wait_for_server(row: OutboundEmail, error: Exception) -> None:
    """The mail server answers nobody: no attempt of the mail is counted; two days on, a person decides."""
    now = portal_now()
    state = "queued" if now - row.created_at < SERVER_PATIENCE else "failed"
    OutboundEmail.objects.filter(pk=row.pk).update(
        state=state, attempts=row.attempts - 1, last_error=str(error)[:500], not_before=now + SERVER_PAUSE
    )


def fail(row: Any, error: Exception) -> None:
    """Try again later with a growing delay, give up after MAX_ATTEMPTS; the failure is shown to staff."""
    state = "queued" if row.attempts < MAX_ATTEMPTS else "failed"
    delay = timedelta(seconds=30 * 2**row.attempts)
    type(row).objects.filter(pk=row.pk).update(
        state=state, last_error=str(error)[:500], not_before=portal_now() + delay
    )


def message(row: OutboundEmail) -> EmailMultiAlternatives:
    """The mail of a row, with the fixed Message-ID derived from it: a repeat can be recognised."""
    sender = f'"{row.from_name}" <{settings.DEFAULT_FROM_EMAIL}>'
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    mail = EmailMultiAlternatives(
        row.subject,
        row.body,
        sender,
        [row.recipient],
        reply_to=[row.reply_to] if row.reply_to else None,
        headers={"Message-ID": f"<{row.uuid}@{domain}>"},
    )
    if row.html:
        mail.attach_alternative(row.html, "text/html")
    if row.attachment and row.attachment.file:
        from .uploads import read_bytes

        mail.attach(f"{row.attachment.number}.pdf", read_bytes(row.attachment.file), "application/pdf")
    return mail


def run_jobs(limit: int = 20) -> int:
    """Do the jobs that are due, one claim at a time."""
    done = 0
    while done < limit:
        now = portal_now()
        rows = claim(Job.objects.filter(state="queued", not_before__lte=now), state="running", at=now, limit=1)
        if not rows:
            break
        run_job(rows[0])
        done += 1
    return done


def run_job(job: Job) -> None:
    """Do one claimed job and settle its row."""
    try:
        with transaction.atomic():
            JOB_HANDLERS[job.kind](job)
    except (JobFailed, OSError) as error:
        fail(job, error)
        return
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=portal_now(), last_error="")


class JobFailed(Exception):
    """A job could not be done; it is tried again later, then shown to staff."""
