"""Exports made in the background, file by file: each binds its PDF, the last one closes the archive.

A part whose document is still being rendered comes back a few seconds later; one that fails is told, the others go on.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from calls.models import Call
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Job, StoredFile
from portal.core.outbox import enqueue_job, job_handler
from portal.core.rules import Refused
from portal.core.uploads import read_bytes, safe_name, store_bytes

from ..binding import Leaf, bound
from ..documents.copy import request_deposited
from ..models import Application, Deposit, Export, ExportPart
from ..queries.exporting import deposited_files, opinion_files
from ..queries.files import latest_deposit

PART_JOB, CLOSE_JOB = "applications.export_part", "applications.export_close"
WAIT = timedelta(seconds=5)
MOST_WAITS = 120  # ten minutes
MOST_FILES = 500
READY, FAILED = FrozenDocument.State.READY, FrozenDocument.State.FAILED
HEAD = ("Fichier", "Octets", "SHA-256")


@transaction.atomic
def ask_export(*, call: Call, files: Sequence[Application], kind: str, by: User, at: datetime) -> Export:
    """Ask for one file, or for those of a committee. Raises `Refused` when there is none, or too many."""
    deposited = [file for file in files if file.number]
    if not deposited:
        raise Refused("Aucune candidature déposée ne répond à ces filtres : il n’y a rien à exporter.")
    if len(deposited) > MOST_FILES:
        raise Refused(f"{MOST_FILES} dossiers au plus par archive : resserrez les filtres.")
    export = Export.objects.create(call=call, kind=kind, asked_at=at, asked_by=by)
    parts = ExportPart.objects.bulk_create(
        ExportPart(export=export, application=file, position=n) for n, file in enumerate(deposited, start=1)
    )
    for part in parts:
        enqueue_job(PART_JOB, f"export-part:{part.pk}:0", at=at, payload={"part": part.pk, "waits": 0})
    return export


@job_handler(PART_JOB)
def make_part(job: Job) -> None:
    """Bind one file; done again, it changes nothing."""
    parts = ExportPart.objects.select_for_update(of=("self",)).select_related("export__asked_by", "application__call")
    part = parts.get(pk=job.payload["part"])
    if part.state != ExportPart.State.PENDING:
        return
    at, waits = portal_now(), job.payload["waits"]
    deposit = latest_deposit(part.application)
    assert deposit is not None, "only deposited files are exported"
    document = request_deposited(deposit, at)
    if document.state == READY:
        bind(part, deposit, document, at)
    elif document.state == FAILED or waits >= MOST_WAITS:
        settle(part, ExportPart.State.FAILED, ["Le PDF du dossier n’a pas pu être produit."])
    else:
        key = f"export-part:{part.pk}:{waits + 1}"
        enqueue_job(PART_JOB, key, at=at + WAIT, payload={"part": part.pk, "waits": waits + 1})


def bind(part: ExportPart, deposit: Deposit, document: FrozenDocument, at: datetime) -> None:
    """Keep the bound PDF of a part, and what stays apart."""
    assert document.file is not None, "a ready document has its bytes"
    whole = [*deposited_files(deposit), *opinion_files(deposit)]
    safe = [(label, file) for label, file in whole if file.scan != StoredFile.Scan.INFECTED]
    leaves = [Leaf(label, file.name, file.detected_type, read_bytes(file)) for label, file in safe]
    content, skipped = bound(read_bytes(document.file), leaves)
    isolated = [f"{label}, {f.name} : isolé par l’antivirus" for label, f in whole if (label, f) not in safe]
    name = f"dossier-{part.application.number}.pdf"
    part.file = store_bytes(content, name=name, detected_type="application/pdf", by=part.export.asked_by, at=at)
    settle(part, ExportPart.State.DONE, [*skipped, *isolated])


def settle(part: ExportPart, state: str, notes: list[str]) -> None:
    """The part is done or failed; the last one closes the export."""
    part.state, part.notes = state, notes
    part.save(update_fields=["state", "notes", "file"])
    if not part.export.parts.filter(state=ExportPart.State.PENDING).exists():
        key = f"export-close:{part.export.uuid}"
        enqueue_job(CLOSE_JOB, key, at=portal_now(), payload={"export": part.export_id})


@job_handler(CLOSE_JOB)
def close_export(job: Job) -> None:
    """The archive, or the one PDF that was asked; nothing when every part failed."""
    export = (
        Export.objects.select_for_update(of=("self",)).select_related("asked_by", "call").get(pk=job.payload["export"])
    )
    if export.finished_at is not None:
        return
    at = portal_now()
    done = list(export.parts.filter(state=ExportPart.State.DONE).select_related("application__lead", "file"))
    if done:
        export.file = done[0].file if export.kind == Export.Kind.FILE else archive(export, done, at)
    export.finished_at = at
    export.save(update_fields=["file", "finished_at"])


def archive(export: Export, parts: Sequence[ExportPart], at: datetime) -> StoredFile:
    """One folder for each file: the bound PDF, then every piece as received; a manifest, and what went wrong."""
    with tempfile.SpooledTemporaryFile(max_size=20_000_000) as whole:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as folder:
            lines = [line for part in parts for line in write_part(folder, part)]
            folder.writestr("manifeste.csv", manifest(lines))
            notes = [f"{part.application.number} : {note}" for part in export.parts.all() for note in part.notes]
            if notes:
                folder.writestr("a-savoir.txt", "\n".join(notes) + "\n")
        whole.seek(0)
        content = whole.read()
    name = f"comite-{export.call.slug}.zip"
    return store_bytes(content, name=name, detected_type="application/zip", by=export.asked_by, at=at)


def write_part(folder: zipfile.ZipFile, part: ExportPart) -> Iterator[tuple[str, int, str]]:
    """Write the folder of a file; its lines of the manifest."""
    deposit = latest_deposit(part.application)
    assert deposit is not None, "only deposited files are exported"
    assert part.file is not None, "a part that is done has its bytes"
    base = safe_name(f"{part.application.number} {part.application.lead.name}")
    files = [("dossier.pdf", part.file)]
    files += [(f"pieces/{n:02d} {file.name}", file) for n, (_label, file) in enumerate(deposited_files(deposit), 1)]
    files += [(f"avis/{n:02d} {file.name}", file) for n, (_label, file) in enumerate(opinion_files(deposit), 1)]
    for name, file in files:
        if file.scan == StoredFile.Scan.INFECTED:
            continue
        path = f"{base}/{name}"
        folder.writestr(path, read_bytes(file))
        yield path, file.size, file.sha256


def manifest(lines: Sequence[tuple[str, int, str]]) -> str:
    """What is in the archive, with the fingerprint of each file."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEAD)
    writer.writerows(lines)
    return text.getvalue()
