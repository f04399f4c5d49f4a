"""A worker killed in the middle of its mails loses none; a mail repeats only if it was leaving at a kill."""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import Mail, enqueue_email, release_stale
from portal.home.bench.rush import database_url
from tests.harness.server import free_port

WORKER = "import django; django.setup(); from portal.core.outbox import deliver_emails; deliver_emails(100000)"


class Mailbox:
    """A mail server that keeps the Message-ID of what it accepted."""

    def __init__(self) -> None:
        self.received: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.received.append(message_from_bytes(envelope.content)["Message-ID"])
        return "250 OK"


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_no_mail(full_counts: bool) -> None:
    messages, kills = (1000, 20) if full_counts else (150, 5)
    at = portal_now()
    for n in range(messages):
        enqueue_email(Mail("essai", f"application:{n}", "mairie@exemple.fr", "Objet", "Texte\n"), at=at)
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.core.mail_worker_settings",
        "TEST_SMTP_PORT": str(server.port),
    }
    leaving_at_a_kill: set[str] = set()
    try:
        for n in range(kills):
            leaving_at_a_kill |= kill_after(environment, box, target=(n + 1) * messages // (kills + 1))
            release_stale(portal_now() + timedelta(hours=1))
        subprocess.run([sys.executable, "-c", WORKER], env=environment, check=True)
    finally:
        server.stop()
    ids = {f"<{uuid}@portail.exemple.fr>" for uuid in OutboundEmail.objects.values_list("uuid", flat=True)}
    repeated = {message_id for message_id, count in Counter(box.received).items() if count > 1}
    assert set(OutboundEmail.objects.values_list("state", flat=True)) == {"sent"}
    assert set(box.received) == ids
    assert repeated <= leaving_at_a_kill


def kill_after(environment: dict[str, str], box: Mailbox, *, target: int) -> set[str]:
    """Kill a worker once the server has `target` mails; the Message-IDs that were leaving then."""
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    while len(box.received) < target and worker.poll() is None:
        pass
    worker.kill()
    worker.wait()
    rows = OutboundEmail.objects.filter(state="sending").values_list("uuid", flat=True)
    return {f"<{uuid}@portail.exemple.fr>" for uuid in rows}
