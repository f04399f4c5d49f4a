"""Keep longer, record the visa of the archives, erase: each once, logged, in the background for the content itself."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from calls.models import Call
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.models import Job, StoredFile
from portal.core.outbox import enqueue_job, job_handler
from portal.core.rules import Refused

from ..models import Application, ArchiveVisa, RetentionHold
from ..queries.retention import Due, dues_of, dues_of_call, kept
from ..rules.retention import may_erase
from .erasing import erase

ERASE_JOB = "applications.erase"
# A rule badly written is seen before it has emptied a base (handbook B4); the others go the days after.
MOST_A_DAY = 200


@transaction.atomic
def hold(*, application: Application, until_on: date, reason: str, by: User, at: datetime) -> RetentionHold:
    """Keep a file longer; the notices start again before the new term. Raises `Refused`."""
    if until_on <= day_of(at):
        raise Refused("Choisissez un jour à venir.")
    if not reason.strip():
        raise Refused("Dites pourquoi ce dossier est gardé plus longtemps.")
    return RetentionHold.objects.create(
        application=application, until_on=until_on, reason=reason.strip()[:300], set_at=at, set_by=by
    )


@transaction.atomic
def record_visa(
    *,
    call: Call,
    given_by: str,
    quality: str,
    reference: str,
    given_on: date,
    due_until: date,
    document: StoredFile | None,
    by: User,
    at: datetime,
) -> ArchiveVisa:
    """Keep the visa that a named person gave. Raises `Refused`."""
    if given_on > day_of(at):
        raise Refused("La date du visa est à venir.")
    try:
        with transaction.atomic():
            return ArchiveVisa.objects.create(
                call=call, given_by=given_by, quality=quality, reference=reference, given_on=given_on,
                due_until=due_until, document=document, recorded_at=at, recorded_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused("Ce bordereau est déjà enregistré pour cet appel.") from error


# --- erased ------------------------------------------------------------------------------------------------------


def erasable(dues: list[Due], at: datetime) -> list[Due]:
    """Those that may go now."""
    return [due for due in dues if may_erase(due, at)]


@transaction.atomic
def ask_erasure(*, call: Call, by: User, at: datetime) -> int:
    """Have the content of every file due in a call erased by the workers, one job each; returns how many."""
    due = erasable(dues_of_call(call, at), at)
    if not due:
        raise Refused("Aucun dossier de cet appel ne peut être effacé aujourd’hui.")
    for one in due:
        enqueue_job(ERASE_JOB, key_of(one), at=at, payload={"application": one.application.pk, "by": by.pk})
    return len(due)


def ask_drafts(at: datetime) -> int:
    """The daily round: drafts whose term has come, notices given; deleted ones after their fortnight."""
    drafts = kept(Application.objects.filter(number=None))
    due = erasable(dues_of(drafts, at), at)[:MOST_A_DAY]
    for one in due:
        enqueue_job(ERASE_JOB, key_of(one), at=at, payload={"application": one.application.pk, "by": None})
    return len(due)


def key_of(due: Due) -> str:
    """A file that could not be erased one day is tried again another one."""
    return f"erase:{due.application.uuid}:{due.due_on}"


@job_handler(ERASE_JOB)
def run_erasure(job: Job) -> None:
    """One file, judged again under its lock; done once."""
    at = portal_now()
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=job.payload["application"])
    found = dues_of(kept(Application.objects.filter(pk=job.payload["application"])), at)
    if found and may_erase(found[0], at):
        by = User.objects.filter(pk=job.payload["by"]).first() if job.payload["by"] else None
        erase(due=found[0], by=by, at=at)
