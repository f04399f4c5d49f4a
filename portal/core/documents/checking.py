"""Are the bytes kept still those that were issued? A worker reads them all again and compares their SHA-256."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.core.clock import portal_now
from portal.core.models import DocumentCheck, FrozenDocument, Job
from portal.core.outbox import enqueue_job, job_handler
from portal.core.uploads import held_bytes

CHECK_JOB = "documents.check"


@transaction.atomic
def ask_check(*, key: str, documents: Iterable[FrozenDocument], by: Any, at: datetime) -> DocumentCheck:
    """Have the bytes of these documents read again. `key`: whose they are, « call:<slug> »."""
    keys = [str(document.pk) for document in documents]
    check = DocumentCheck.objects.create(key=key, total=len(keys), asked_at=at, asked_by=by)
    enqueue_job(CHECK_JOB, f"check:{check.pk}", at=at, payload={"check": check.pk, "documents": keys})
    return check


@job_handler(CHECK_JOB)
def run_check_job(job: Job) -> None:
    """Compare, document by document; what no longer matches is named."""
    check = DocumentCheck.objects.select_for_update().get(pk=job.payload["check"])
    if check.finished_at:
        return
    documents = FrozenDocument.objects.filter(pk__in=job.payload["documents"]).select_related("file")
    check.altered = sorted(str(document) for document in documents.iterator(chunk_size=200) if not is_intact(document))
    check.finished_at = portal_now()
    check.save(update_fields=["altered", "finished_at"])


def is_intact(document: FrozenDocument) -> bool:
    """Whether the bytes kept are those whose fingerprint was taken at the making; erased at their term, none is due."""
    if document.file is None:
        return document.state != FrozenDocument.State.READY
    if document.file.erased_at:
        return True
    content = held_bytes(document.file.key)
    if content is None:
        return False
    return hashlib.sha256(content).hexdigest() == document.sha256 == document.file.sha256
