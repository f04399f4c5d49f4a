"""Nothing leaves before commit, nothing leaves twice, nothing is lost."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as mailbox
from django.db import transaction

from portal.core.clock import at_instant, portal_now
from portal.core.models import Job, OutboundEmail
from portal.core.outbox import (
    JOB_HANDLERS,
    MAX_ATTEMPTS,
    JobFailed,
    Mail,
    claim,
    deliver_emails,
    enqueue_email,
    enqueue_job,
    release_stale,
    run_jobs,
)
from portal.home.health import report


def a_mail(**fields: object) -> Mail:
    values = {
        "kind": "essai",
        "object_key": "application:1",
        "recipient": "mairie@exemple.fr",
        "subject": "Votre candidature",
        "body": "Bonjour.\n",
        "from_name": "Le Havre Seine Métropole",
        "reply_to": "ami@exemple.fr",
    }
    return Mail(**{**values, **fields})


@pytest.mark.django_db
def test_the_same_fact_is_written_once() -> None:
    at = portal_now()
    assert [enqueue_email(a_mail(), at=at) for _ in range(3)] == [True, False, False]
    assert enqueue_email(a_mail(period="J-2"), at=at)
    assert enqueue_email(a_mail(recipient="autre@exemple.fr"), at=at)
    assert OutboundEmail.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_act_sends_nothing() -> None:
    with transaction.atomic():
        enqueue_email(a_mail(), at=portal_now())
        transaction.set_rollback(True)
    assert (deliver_emails(), len(mailbox.outbox)) == (0, 0)


@pytest.mark.django_db
def test_a_mail_bears_the_institution_and_a_fixed_message_id() -> None:
    enqueue_email(a_mail(html="<p>Bonjour.</p>"), at=portal_now())
    assert deliver_emails() == 1
    row, sent = OutboundEmail.objects.get(), mailbox.outbox[0]
    assert sent.from_email == '"Le Havre Seine Métropole" <ne-pas-repondre@portail.exemple.fr>'
    assert (sent.reply_to, sent.to, sent.body) == (["ami@exemple.fr"], ["mairie@exemple.fr"], "Bonjour.\n")
    assert sent.extra_headers["Message-ID"] == f"<{row.uuid}@portail.exemple.fr>"
    assert (row.state, row.attempts) == ("sent", 1)
    assert deliver_emails() == 0


@pytest.mark.django_db
def test_nothing_leaves_before_its_hour() -> None:
    at = portal_now()
    enqueue_email(a_mail(), at=at, not_before=at + timedelta(hours=1))
    assert deliver_emails() == 0


@pytest.mark.django_db
def test_a_claim_skips_what_another_worker_holds() -> None:
    at = portal_now()
    enqueue_email(a_mail(), at=at)
    queued = OutboundEmail.objects.filter(state="queued")
    assert len(claim(queued, state="sending", at=at, limit=5)) == 1
    assert claim(queued, state="sending", at=at, limit=5) == []


@pytest.mark.django_db
def test_a_killed_claim_comes_back_or_is_shown_as_uncertain() -> None:
    at = portal_now()
    enqueue_email(a_mail(), at=at)
    enqueue_email(a_mail(object_key="application:2", guarantee="at_most_once"), at=at)
    claim(OutboundEmail.objects.filter(state="queued"), state="sending", at=at, limit=5)
    release_stale(at + timedelta(minutes=1))
    assert set(OutboundEmail.objects.values_list("state", flat=True)) == {"sending"}
    release_stale(at + timedelta(minutes=10))
    assert set(OutboundEmail.objects.values_list("object_key", "state")) == {
        ("application:1", "queued"),
        ("application:2", "uncertain"),
    }


@pytest.mark.django_db
def test_a_refused_mail_is_tried_again_later_then_shown(settings) -> None:
    assert sent_to(RefusesTheText(), settings) == {("at_least_once", "queued", 1), ("at_most_once", "queued", 1)}
    for row in OutboundEmail.objects.all():
        assert row.not_before > portal_now()
        assert row.last_error
    OutboundEmail.objects.update(not_before=portal_now(), attempts=MAX_ATTEMPTS - 1)
    with mail_server(RefusesTheText(), settings):
        deliver_emails()
    assert set(OutboundEmail.objects.values_list("state", flat=True)) == {"failed"}


@pytest.mark.django_db
def test_a_mail_server_away_for_a_day_loses_nothing(settings) -> None:
    """A18: tried again and again without being counted; it leaves as soon as the server answers."""
    enqueue_email(a_mail(), at=portal_now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    begun = portal_now()
    for minutes in range(0, 24 * 60, 10):
        with at_instant(begun + timedelta(minutes=minutes)):
            deliver_emails()
            row = OutboundEmail.objects.get()
            assert (row.state, row.attempts) == ("queued", 0)
            assert row.last_error
            assert minutes < 10 or report(portal_now())["courriels"] == "rouge"
    box = Keeps()
    with at_instant(begun + timedelta(days=1)), mail_server(box, settings):
        deliver_emails()
    assert OutboundEmail.objects.get().state == "sent"
    assert box.received == 1


@pytest.mark.django_db
def test_after_two_days_without_server_a_person_decides(settings) -> None:
    enqueue_email(a_mail(), at=portal_now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with at_instant(portal_now() + timedelta(days=2, minutes=1)):
        deliver_emails()
    assert OutboundEmail.objects.get().state == "failed"


class Keeps:
    received = 0

    async def handle_DATA(self, server, session, envelope):
        self.received += 1
        return "250 OK"


class BreaksAfterTheText:
    """A mail server whose line is cut once it has the whole mail, before it answers."""

    async def handle_DATA(self, server, session, envelope):
        self.received = envelope.content
        server.transport.abort()
        await asyncio.sleep(0)
        return "250 OK"


class RefusesTheText:
    async def handle_DATA(self, server, session, envelope):
        return "451 Plus tard"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def mail_server(handler, settings) -> Iterator[None]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    server = Controller(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    try:
        yield
    finally:
        server.stop()


def sent_to(handler, settings) -> set[tuple[str, str, int]]:
    """What becomes of a mail of each guarantee sent to this server."""
    for guarantee in ("at_least_once", "at_most_once"):
        enqueue_email(a_mail(guarantee=guarantee, period=guarantee), at=portal_now())
    with mail_server(handler, settings):
        deliver_emails()
    return set(OutboundEmail.objects.values_list("guarantee", "state", "attempts"))


@pytest.mark.django_db
def test_a_mail_that_may_have_left_is_uncertain_and_not_sent_again(settings) -> None:
    handler = BreaksAfterTheText()
    assert sent_to(handler, settings) == {("at_least_once", "queued", 1), ("at_most_once", "uncertain", 1)}
    assert b"Bonjour." in handler.received
    OutboundEmail.objects.update(not_before=portal_now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliver_emails() == 1
    assert OutboundEmail.objects.get(guarantee="at_most_once").last_error


@pytest.mark.django_db
def test_a_server_that_cannot_be_reached_got_nothing(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    enqueue_email(a_mail(guarantee="at_most_once"), at=portal_now())
    deliver_emails()
    assert OutboundEmail.objects.get().state == "queued"


@pytest.mark.django_db
def test_a_job_is_done_once_and_tried_again_when_it_fails() -> None:
    done: list[str] = []

    def handler(job: Job) -> None:
        done.append(job.object_key)
        if job.object_key == "b" and job.attempts < 2:
            raise JobFailed("pas encore")

    JOB_HANDLERS["essai"] = handler
    at = portal_now()
    for key in ("a", "a", "b"):
        enqueue_job("essai", key, at=at)
    assert run_jobs() == 2
    Job.objects.filter(state="queued").update(not_before=portal_now())
    assert run_jobs() == 1
    assert done == ["a", "b", "b"]
    assert set(Job.objects.values_list("object_key", "state", "last_error")) == {("a", "done", ""), ("b", "done", "")}


@pytest.mark.django_db
def test_a_dead_redis_does_not_stop_the_act(settings) -> None:
    from portal.celery import app

    before = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:9/0"
    try:
        with transaction.atomic():
            enqueue_email(a_mail(), at=portal_now())
    finally:
        app.conf.broker_url = before
    assert deliver_emails() == 1
