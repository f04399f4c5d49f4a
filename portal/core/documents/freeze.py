"""Ask for a document, then freeze its bytes: row and job now, rendering in a worker, one version after another."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Job
from portal.core.outbox import JobFailed, enqueue_job, job_handler, poke
from portal.core.spaces import current_space
from portal.core.uploads import store_bytes

from .errors import DocumentError, DocumentTooHeavy
from .markup import template_version
from .render import AttachedText, document_block, render_with_engine

RENDER_JOB = "documents.render"
MAX_HEAVY_ATTEMPTS = 3
NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{2,59}")


@transaction.atomic
def request_document(
    *,
    kind: str,
    number: str,
    title: str,
    template: str,
    snapshot: dict[str, Any],
    at: datetime,
    attachments: Iterable[AttachedText] = (),
    trial: bool | None = None,
) -> FrozenDocument:
    """Write the next version of `number`, to be rendered by a worker after commit.

    `snapshot` follows the contract at the top of the template, without its `document` block, added here. `at` is the
    instant printed and written in the file. `trial` prints ESSAI; by default, on every development instance and in
    every rehearsal.
    Raises DocumentError when the number could not be typed in an address.
    """
    if not NUMBER.fullmatch(number):
        raise DocumentError(f"Numéro de document refusé : {number}")
    version = _next_version(number)
    if trial is None:
        trial = settings.DEVELOPMENT_PAGES or current_space() is not None
    block = document_block(number=number, version=version, title=title, issued_at=at.isoformat(), trial=trial)
    document = FrozenDocument.objects.create(
        kind=kind,
        number=number,
        version=version,
        title=title,
        template=template,
        snapshot={**snapshot, "document": block, "attachments": [asdict(item) for item in attachments]},
        issued_at=at,
    )
    enqueue_job(RENDER_JOB, f"document:{document.uuid}", at=at, payload={"document": str(document.uuid)})
    return document


def _next_version(number: str) -> int:
    """The next version, two requests of the same number waiting for each other until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"document:{number}"])
    last = FrozenDocument.objects.filter(number=number).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


@job_handler(RENDER_JOB)
def run_render_job(job: Job) -> None:
    """Render the document of a job once. What is too heavy is tried again; a contradiction fails at once."""
    document = FrozenDocument.objects.select_for_update().get(pk=job.payload["document"])
    if document.state == FrozenDocument.State.READY:
        return
    try:
        render_document(document, at=portal_now())
    except DocumentTooHeavy as error:
        if job.attempts < MAX_HEAVY_ATTEMPTS:
            raise JobFailed(str(error)) from error
        _fail(document, error)
    except DocumentError as error:
        _fail(document, error)


def render_document(document: FrozenDocument, *, at: datetime) -> FrozenDocument:
    """Render, keep the bytes, then stamp the row: file, fingerprint, templates, engine."""
    attachments = [AttachedText(**item) for item in document.snapshot["attachments"]]
    pdf, engine = render_with_engine(template=document.template, snapshot=document.snapshot, attachments=attachments)
    file = store_bytes(pdf, name=f"{document.number}.pdf", detected_type="application/pdf", by=None, at=at)
    document.file, document.sha256, document.engine = file, file.sha256, engine
    document.template_version, document.rendered_at = template_version(), at
    document.state, document.failure = FrozenDocument.State.READY, ""
    document.save()
    return document


def _fail(document: FrozenDocument, error: DocumentError) -> None:
    document.state, document.failure = FrozenDocument.State.FAILED, str(error)[:500]
    document.save(update_fields=["state", "failure"])


@transaction.atomic
def retry_document(*, document: FrozenDocument, at: datetime) -> None:
    """Ask again for a document that failed, from the same snapshot (its template was mended). Raises DocumentError."""
    changed = FrozenDocument.objects.filter(pk=document.pk, state=FrozenDocument.State.FAILED)
    if not changed.update(state=FrozenDocument.State.PENDING, failure=""):
        raise DocumentError("Seul un document en échec peut être relancé.")
    jobs = Job.objects.filter(kind=RENDER_JOB, object_key=f"document:{document.uuid}")
    jobs.update(state=Job.State.QUEUED, not_before=at, attempts=0, finished_at=None, last_error="")
    transaction.on_commit(poke)
