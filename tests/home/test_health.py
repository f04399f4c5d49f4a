"""`/sante/` and `mail_test`: green when all is well, red by name otherwise, green again in the end."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client

from portal.core.clock import portal_now
from portal.core.models import FrozenDocument, Heartbeat, Job, OutboundEmail
from portal.core.outbox import Mail, enqueue_email, enqueue_job
from portal.core.tasks import beat_heartbeat
from portal.home.health import RECENT, SILENCE, report

GREEN = {"sante": "vert", "base": "vert", "planificateur": "vert", "courriels": "vert", "travaux": "vert"}
MAIL = Mail("essai", "application:1", "mairie@exemple.fr", "Objet", "Texte\n")


def red(*parts: str) -> dict[str, str]:
    return {**GREEN, **dict.fromkeys(("sante", *parts), "rouge")}


@pytest.fixture
def now(db: None) -> datetime:
    """The scheduler has just given a sign of life."""
    beat_heartbeat()
    return portal_now()


# --- the report ---------------------------------------------------------------------------------------------------


def test_all_is_well(now: datetime) -> None:
    assert report(now) == GREEN


def test_a_silent_scheduler_is_red(now: datetime) -> None:
    assert report(now + SILENCE + timedelta(seconds=1)) == red("planificateur")
    Heartbeat.objects.all().delete()
    assert report(now) == red("planificateur")


def test_a_late_mail_is_red_a_mail_to_come_is_not(now: datetime) -> None:
    enqueue_email(MAIL, at=now, not_before=now + timedelta(hours=1))
    assert report(now) == GREEN
    OutboundEmail.objects.update(not_before=now - SILENCE)
    assert report(now) == GREEN
    OutboundEmail.objects.update(not_before=now - SILENCE - timedelta(seconds=1))
    assert report(now) == red("courriels")


def test_a_mail_being_tried_again_is_not_late(now: datetime) -> None:
    enqueue_email(MAIL, at=now - timedelta(hours=1))
    OutboundEmail.objects.update(attempts=2)
    assert report(now) == GREEN


def test_a_mail_in_failure_is_red_for_a_day(now: datetime) -> None:
    enqueue_email(MAIL, at=now)
    OutboundEmail.objects.update(state="failed", attempts=8)
    assert report(now) == red("courriels")
    OutboundEmail.objects.update(not_before=now - RECENT - timedelta(seconds=1))
    assert report(now) == GREEN


@pytest.mark.parametrize(
    "change", [{"not_before": timedelta(minutes=6)}, {"state": "failed", "attempts": 8}], ids=["late", "failed"]
)
def test_a_late_or_failed_job_is_red(now: datetime, change: dict[str, Any]) -> None:
    enqueue_job("essai", "document:1", at=now)
    assert report(now) == GREEN
    values = {k: now - v if isinstance(v, timedelta) else v for k, v in change.items()}
    Job.objects.update(**values)
    assert report(now) == red("travaux")


def test_a_document_that_could_not_be_made_is_red_for_a_day(now: datetime) -> None:
    document = FrozenDocument.objects.create(
        kind="essai", number="AD-1", title="Accusé", template="x", snapshot={}, issued_at=now, state="failed"
    )
    assert report(now) == red("travaux")
    FrozenDocument.objects.filter(pk=document.pk).update(issued_at=now - RECENT - timedelta(seconds=1))
    assert report(now) == GREEN


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_page_answers_200_when_green_and_503_when_red(client: Client, now: datetime) -> None:
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (200, GREEN)
    Heartbeat.objects.all().delete()
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (503, red("planificateur"))


@pytest.mark.django_db
def test_without_its_database_the_page_still_answers(client: Client) -> None:
    def broken(*_: Any) -> None:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(broken):
        response = client.get("/sante/")
    assert (response.status_code, response.json()) == (503, {"sante": "rouge", "base": "rouge"})


# --- mail_test ----------------------------------------------------------------------------------------------------


class Mailbox:
    """A mail server that keeps what it accepts, and refuses one address."""

    def __init__(self) -> None:
        self.received: list[Any] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address == "inconnu@exemple.fr":
            return "550 Adresse inconnue"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    yield box
    server.stop()


def test_a_trial_mail_reaches_the_server(mailbox: Mailbox, settings, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("mail_test", "agent@exemple.fr")
    [(recipients, mail)] = mailbox.received
    assert (recipients, mail["From"]) == (["agent@exemple.fr"], settings.DEFAULT_FROM_EMAIL)
    assert "https://ami.exemple.fr" in mail.get_payload(decode=True).decode()
    assert capsys.readouterr().out == (
        f"Courriel pour agent@exemple.fr accepté par le serveur 127.0.0.1:{settings.EMAIL_PORT}.\n"
    )


def test_a_refusal_of_the_server_is_said(mailbox: Mailbox) -> None:
    with pytest.raises(CommandError, match="^Le courriel n’est pas parti : .*550.*Adresse inconnue"):
        call_command("mail_test", "inconnu@exemple.fr")
    assert mailbox.received == []


def test_a_server_that_does_not_answer_is_said(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with pytest.raises(CommandError, match="^Le courriel n’est pas parti : "):
        call_command("mail_test", "agent@exemple.fr")


@pytest.mark.parametrize("backend", ["dummy", "locmem"])
def test_where_nothing_is_sent_it_says_so(settings, backend: str) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    with pytest.raises(
        CommandError, match="^Le courriel n’est pas parti : les réglages de cette installation n’envoient rien.$"
    ):
        call_command("mail_test", "agent@exemple.fr")
