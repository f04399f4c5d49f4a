"""A worker killed in the middle of a batch loses no document and makes none twice."""

import hashlib
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from portal.core.clock import portal_now
from portal.core.documents import request_document
from portal.core.models import FrozenDocument, StoredFile
from portal.core.outbox import release_stale
from portal.core.uploads import read_bytes
from tests.core.test_outbox_crash import database_url
from tests.documents.examples.letters import notice_not_selected, notice_selected

WORKER = "import django; django.setup(); from portal.core.outbox import run_jobs; run_jobs(100000)"


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_and_double_no_document(full_counts: bool, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    count, kills = (200, 12) if full_counts else (12, 3)
    at = portal_now()
    for n in range(count):
        name, snapshot = ("selected", notice_selected()) if n % 2 else ("not_selected", notice_not_selected())
        request_document(
            kind=f"notice_{name}", number=f"NOT-ESSAI-{n}", title="Lettre",
            template=f"pdf/applications/notice_{name}.html", snapshot=snapshot, at=at,
        )  # fmt: skip
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.documents.worker_settings",
        "TEST_MEDIA_ROOT": str(tmp_path),
    }
    for n in range(kills):
        kill_once(environment, ready=(n + 1) * count // (kills + 1))
        release_stale(portal_now() + timedelta(hours=1))
    subprocess.run([sys.executable, "-c", WORKER], env=environment, check=True)
    documents = list(FrozenDocument.objects.select_related("file"))
    assert {(document.state, document.version) for document in documents} == {("ready", 1)}
    assert len(documents) == count
    assert set(StoredFile.objects.values_list("pk", flat=True)) == {document.file_id for document in documents}
    for document in documents:
        assert hashlib.sha256(read_bytes(document.file)).hexdigest() == document.sha256


def kill_once(environment: dict[str, str], *, ready: int) -> None:
    """Kill a worker as soon as so many documents are ready: the next one is being made."""
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    while FrozenDocument.objects.filter(state="ready").count() < ready and worker.poll() is None:
        pass
    worker.kill()
    worker.wait()
