"""A1, D7: PostgreSQL killed in the middle of the deposits, again and again: whoever was shown a receipt has one."""

import http.client
import json
import os
import signal
import subprocess
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Semaphore

import psycopg
import pytest

from portal.embedded.postgres import EmbeddedPostgres, PostgresFailed, binary
from portal.home.bench.rush import database_url
from tests.factories import make_call
from tests.faults.acts import Commune, make_communes
from tests.harness import server
from tests.harness.server import Answer, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

WRITERS = 8
PATIENCE = 60.0  # seconds


@pytest.fixture
def cluster() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of the test's own, durable as that of production is."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        own = EmbeddedPostgres(Path(folder), durable=True)
        own.start()
        try:
            yield own
        finally:
            own.stop()


def copy_base(target: EmbeddedPostgres) -> None:
    """The database of the test, its rows included, into another cluster."""
    dump = subprocess.run([binary("pg_dump"), "--format=custom", database_url()], capture_output=True, check=True)
    subprocess.run([binary("pg_restore"), "--exit-on-error", f"--dbname={target.url}"], input=dump.stdout, check=True)


def kill_and_restart(cluster: EmbeddedPostgres) -> None:
    """No warning, no clean stop; then the recovery, as soon as the processes left alone have ended."""
    assert cluster.child is not None
    os.kill(cluster.child.process.pid, signal.SIGKILL)
    cluster.child.process.wait()
    for _ in range(50):
        try:
            cluster.start()
        except PostgresFailed:
            continue
        return
    raise AssertionError("PostgreSQL did not come back")


class Writing:
    """One commune that changes a sentence and deposits again, for ever; what it is told is kept by its form's key."""

    def __init__(self, commune: Commune, port: int, told: Semaphore, up: Event, done: Event) -> None:
        self.commune, self.port, self.told, self.up, self.done = commune, port, told, up, done
        self.keys: list[str] = []
        self.version = 1

    def insist(self, path: str, form: dict[str, str], statuses: set[int]) -> Answer:
        """Send the same form until it is answered, as a person does who sees an error page."""
        while True:
            self.up.wait(PATIENCE)
            try:
                answer = Visitor(self.port, self.commune.session).post(f"{self.commune.path}{path}", form)
            except (OSError, http.client.HTTPException):
                continue
            if answer.status in statuses:
                return answer
            assert answer.status in (500, 503), (path, answer.status, answer.body[:500])

    def run(self) -> None:
        while not self.done.is_set():
            text = f"Tour {len(self.keys)} de {self.commune.mayor.email}."
            form = {"Q3": text, "Q4": "isolement", "version": str(self.version)}
            self.version = self.insist_save(form)
            key = str(uuid.uuid4())
            answer = self.insist("deposer/", {**self.commune.form, "key": key}, {200, 302})
            assert self.commune.is_told(answer), answer.body.decode()[:2000]
            self.keys.append(key)
            self.told.release()

    def insist_save(self, form: dict[str, str]) -> int:
        return json.loads(self.insist("sections/S2/enregistrer/", form, {200}).body)["version"]


@pytest.mark.parametrize(
    "commit",
    ["on", pytest.param("off", marks=pytest.mark.xfail(strict=True, reason="COMMIT answered before the disk has it"))],
)
def test_no_receipt_is_lost_when_postgresql_is_killed(
    production_folder: Path, cluster: EmbeddedPostgres, full_counts: bool, commit: str
) -> None:
    kills, between = (12, 150) if full_counts and commit == "on" else (3, 12)
    communes = make_communes(make_call(), WRITERS)
    copy_base(cluster)
    with psycopg.connect(cluster.url, autocommit=True) as line:
        line.execute(f"ALTER SYSTEM SET synchronous_commit = {commit}")
        line.execute("SELECT pg_reload_conf()")
    told, up, done = Semaphore(0), Event(), Event()
    up.set()
    with server.running(production_folder, DATABASE_URL=cluster.url) as port, ThreadPoolExecutor(WRITERS) as pool:
        writers = [Writing(commune, port, told, up, done) for commune in communes]
        running = [pool.submit(writer.run) for writer in writers]
        try:
            for _ in range(kills):
                assert all(told.acquire(timeout=PATIENCE) for _ in range(between))
                up.clear()
                kill_and_restart(cluster)
                up.set()
        finally:
            done.set()
            up.set()
        for end in running:
            end.result()
    shown = [uuid.UUID(key) for writer in writers for key in writer.keys]
    print(f"{len(shown)} receipts shown, {kills} kills")  # noqa: T201 - docs/evidence.md
    with psycopg.connect(cluster.url) as line:
        kept = line.execute("SELECT idempotency_key, application_id, n FROM applications_deposit").fetchall()
        mails = line.execute("SELECT object_key, recipient, period FROM core_outboundemail").fetchall()
    # Each form that was told « received » is one deposit, and there is no other; versions follow each other.
    assert Counter(key for key, _, _ in kept) == Counter(shown)
    for commune, writer in zip(communes, writers, strict=True):
        versions = sorted(n for _, application, n in kept if application == commune.application.pk)
        assert versions == list(range(1, len(writer.keys) + 1))
    assert max(Counter(mails).values()) == 1
