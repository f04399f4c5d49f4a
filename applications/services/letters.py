"""The letters as staff write them: text by outcome, embargo, one file to print, copies, proof of reading."""

import io
from contextlib import ExitStack
from datetime import datetime

import pikepdf
from django.db import transaction

from calls.models import Call
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Job
from portal.core.outbox import enqueue_job, job_handler
from portal.core.rules import Refused
from portal.core.uploads import read_bytes, store_bytes

from ..letter_texts import fault_of
from ..models import Decision, DecisionNotice, LetterBundle, LetterText, NoticeReading
from ..queries.staff import lines_of
from .notices import GONE, round_of, write_notice

BUNDLE_JOB = "applications.letter_bundle"


@transaction.atomic
def write_text(*, call: Call, outcome: str, body: str, copies: str, by: User, at: datetime) -> LetterText:
    """Keep the text of the letters of an outcome; letters already prepared keep theirs. Raises `Refused`."""
    fault = fault_of(body, outcome)
    if fault:
        raise Refused(fault)
    values = {"body": body.strip(), "copies": copies.strip(), "updated_at": at, "updated_by": by}
    return LetterText.objects.update_or_create(call=call, outcome=outcome, defaults=values)[0]


@transaction.atomic
def rewrite_notices(*, decision: Decision, by: User, at: datetime) -> int:
    """Make all the letters anew from the texts of now, each to be read again; never once they have left.

    Returns how many. Raises `Refused`.
    """
    locked = Decision.objects.select_for_update(of=("self",)).select_related("call__owner__profile").get(pk=decision.pk)
    if locked.notified_at:
        raise Refused(GONE)
    told = round_of(locked)
    for line in told.lines:
        write_notice(line, getattr(line, "notice", None), told, at)
    return len(told.lines)


@transaction.atomic
def set_embargo(*, decision: Decision, until: datetime | None, by: User, at: datetime) -> None:
    """Until when nothing is public; the letters say it: it is set before they are prepared. Raises `Refused`."""
    locked = Decision.objects.select_for_update().get(pk=decision.pk)
    if locked.notified_at:
        raise Refused("La décision est notifiée : sa date de publication est écrite dans les lettres.")
    if locked.lines.filter(notice__isnull=False).exists():
        raise Refused("Les lettres sont préparées : refaites-les après avoir changé la date.")
    if until is not None and until <= at:
        raise Refused("Choisissez une date à venir, ou aucune.")
    Decision.objects.filter(pk=locked.pk).update(embargo_until=until)


@transaction.atomic
def ask_bundle(*, decision: Decision, by: User, at: datetime) -> LetterBundle:
    """Have all the letters put in one file to print, by a worker. Raises `Refused` while one is not ready."""
    waiting = decision.lines.exclude(notice__document__state=FrozenDocument.State.READY)
    if waiting.exists():
        raise Refused("Toutes les lettres ne sont pas prêtes.")
    bundle = LetterBundle.objects.create(decision=decision, asked_at=at, asked_by=by)
    enqueue_job(BUNDLE_JOB, f"letter_bundle:{bundle.pk}", at=at, payload={"bundle": bundle.pk})
    return bundle


@job_handler(BUNDLE_JOB)
def run_bundle_job(job: Job) -> None:
    """Put the frozen bytes one after the other, in the order of the list; nothing is rendered again."""
    rows = LetterBundle.objects.select_for_update(of=("self",)).select_related("decision")
    bundle = rows.get(pk=job.payload["bundle"])
    if bundle.file_id:
        return
    letters = [line.notice.document for line in lines_of(bundle.decision).select_related("notice__document__file")]
    name = f"lettres-{bundle.decision.act_number}.pdf"
    content = joined(letters)
    bundle.file = store_bytes(content, name=name, detected_type="application/pdf", by=bundle.asked_by, at=portal_now())
    bundle.letters = len(letters)
    bundle.save(update_fields=["file", "letters"])


def joined(documents: list[FrozenDocument]) -> bytes:
    """One PDF of all their pages; each letter begins on a right-hand page, to be printed on both sides."""
    whole, buffer = pikepdf.new(), io.BytesIO()
    with ExitStack() as opened:  # the pages are read when the whole is saved
        for document in documents:
            part = opened.enter_context(pikepdf.open(io.BytesIO(read_bytes(document.file))))
            whole.pages.extend(part.pages)
            if len(part.pages) % 2:
                box = part.pages[-1].mediabox
                whole.add_blank_page(page_size=(float(box[2]), float(box[3])))
        whole.save(buffer)
    return buffer.getvalue()


def declare_read(*, notice: DecisionNotice, by: User, at: datetime) -> NoticeReading:
    """Somebody of the commune declares that the letter was read; the first time stays."""
    return NoticeReading.objects.get_or_create(notice=notice, user=by, defaults={"at": at})[0]
