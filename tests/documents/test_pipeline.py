"""From the request to the frozen bytes: versions, job, failure, retry, nothing rendered twice."""

import hashlib
import threading
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from portal.core.clock import at_instant
from portal.core.documents import AttachedText, DocumentError, request_document, retry_document
from portal.core.models import FrozenDocument, Job, StoredFile
from portal.core.outbox import run_jobs
from portal.core.uploads import read_bytes
from tests.documents.examples import notice_reserve
from tests.documents.pdftools import text_of

AT = datetime(2027, 6, 1, 8, 0, tzinfo=UTC)
TEMPLATE = "pdf/applications/notice_reserve.html"


def ask(number: str = "NOT-TPS-2027-0005", *, snapshot: dict | None = None, **more) -> FrozenDocument:
    content = deepcopy(snapshot if snapshot is not None else notice_reserve())
    content.pop("document", None)
    values = {"kind": "notice", "title": "Lettre de notification", "template": TEMPLATE, "at": AT, **more}
    return request_document(number=number, snapshot=content, **values)


def work(limit: int = 20) -> int:
    """What a worker does a minute after the request."""
    with at_instant(AT + timedelta(minutes=1)):
        return run_jobs(limit)


@pytest.mark.django_db
def test_a_request_writes_a_row_and_a_job_and_renders_nothing():
    document = ask(trial=False)
    [job] = Job.objects.all()
    assert (document.state, document.version, document.file, document.sha256) == ("pending", 1, None, "")
    assert (job.kind, job.object_key, job.state) == ("documents.render", f"document:{document.uuid}", "queued")
    assert job.payload == {"document": str(document.uuid)}
    block = document.snapshot["document"]
    assert {key: block[key] for key in ("number", "version", "title", "issued_at", "verify_url", "trial")} == {
        "number": "NOT-TPS-2027-0005",
        "version": 1,
        "title": "Lettre de notification",
        "issued_at": "2027-06-01T08:00:00+00:00",
        "verify_url": "https://ami.exemple.fr/verifier/NOT-TPS-2027-0005/",
        "trial": False,
    }


@pytest.mark.django_db
def test_the_worker_freezes_bytes_fingerprint_templates_and_engine():
    note = AttachedText(name="motif.csv", description="Motifs", content="motif;1\n")
    document = ask(attachments=[note])
    assert work() == 1
    document.refresh_from_db()
    content = read_bytes(document.file)
    assert document.state == "ready"
    assert document.sha256 == document.file.sha256 == hashlib.sha256(content).hexdigest()
    assert (document.file.name, document.file.detected_type) == ("NOT-TPS-2027-0005.pdf", "application/pdf")
    assert set(document.engine) == {"weasyprint", "pango", "pikepdf", "qpdf", "fonts"}
    assert len(document.template_version) == 64
    assert "au premier rang de la liste complémentaire" in text_of(content)
    assert Job.objects.get().state == "done"


@pytest.mark.django_db
def test_a_job_done_again_changes_nothing():
    document = ask()
    work()
    Job.objects.update(state="queued")
    before = FrozenDocument.objects.values().get(pk=document.pk)
    assert work() == 1
    assert FrozenDocument.objects.values().get(pk=document.pk) == before
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_a_correction_is_a_new_version_and_says_so():
    first, second, other = ask(), ask(), ask("NOT-TPS-2027-0006")
    work()
    second.refresh_from_db()
    assert [first.version, second.version, other.version] == [1, 2, 1]
    assert StoredFile.objects.count() == 3
    assert second.snapshot["document"]["version"] == 2


@pytest.mark.django_db
def test_on_a_development_instance_documents_are_trials(settings):
    assert ask().snapshot["document"]["trial"] is True
    settings.DEVELOPMENT_PAGES = False
    assert ask().snapshot["document"]["trial"] is False


@pytest.mark.django_db
def test_nothing_is_asked_when_the_act_fails():
    def act() -> None:
        with transaction.atomic():
            ask()
            raise LookupError

    with pytest.raises(LookupError):
        act()
    assert (FrozenDocument.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "NOT 1", "not-1", "NOT/1", "../NOT", "NOT-É", "N" * 61])
def test_a_number_must_be_typable_in_an_address(number):
    with pytest.raises(DocumentError, match="Numéro de document refusé"):
        ask(number)


@pytest.mark.django_db
def test_a_document_that_misses_a_datum_fails_once_and_can_be_asked_again():
    snapshot = notice_reserve()
    del snapshot["valid_until"]
    document = ask(snapshot=snapshot)
    work()
    document.refresh_from_db()
    assert (document.state, document.failure, document.file) == (
        "failed",
        "Donnée absente du document : valid_until",
        None,
    )
    assert Job.objects.get().state == "done"

    retry_document(document=document, at=AT)
    assert FrozenDocument.objects.get().state == "pending"
    FrozenDocument.objects.update(snapshot=document.snapshot | {"valid_until": "2027-12-31"})
    assert work() == 1
    assert FrozenDocument.objects.get().state == "ready"


@pytest.mark.django_db
def test_only_a_failed_document_is_asked_again():
    document = ask()
    with pytest.raises(DocumentError, match="Seul un document en échec peut être relancé"):
        retry_document(document=document, at=AT)


@pytest.mark.django_db
def test_what_is_too_heavy_is_tried_three_times_then_fails():
    snapshot = notice_reserve()
    snapshot["offers"] = ["x" * 4_000_000]
    document = ask(snapshot=snapshot)
    states = []
    for _ in range(3):
        Job.objects.update(not_before=AT)
        work(limit=1)
        document.refresh_from_db()
        states.append((document.state, Job.objects.get().state))
    assert states == [("pending", "queued"), ("pending", "queued"), ("failed", "done")]
    assert document.failure == "Le document dépasse la longueur permise."


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_take_two_versions():
    start = threading.Barrier(4)

    def request() -> None:
        start.wait()
        try:
            ask()
        finally:
            connection.close()

    threads = [threading.Thread(target=request) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(FrozenDocument.objects.values_list("version", flat=True)) == [1, 2, 3, 4]
