"""A4: three web servers whose clocks differ by ±90 s, and a rush across the limit: the clock of the database decides."""

from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from django.db import connection

from applications.models import Deposit, DepositAttempt
from calls.models import Call, Window
from portal.core.clock import portal_now
from tests.factories import make_call
from tests.faults.acts import all_at_once, make_communes
from tests.harness import server
from tests.harness.server import Answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

SKEWS = (-90, 0, 90)
SHARE = 4  # the first and the last burst are a quarter of the communes each
ACROSS = timedelta(milliseconds=700)


def set_limit(call: Call, closes_at: datetime) -> None:
    """The scene only: a published limit never comes forward."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE calls_window DISABLE TRIGGER USER")
        Window.objects.filter(call=call).update(closes_at=closes_at)
        cursor.execute("ALTER TABLE calls_window ENABLE TRIGGER USER")


def wait_for_the_limit(call: Call) -> None:
    with connection.cursor() as cursor:
        left = "SELECT pg_sleep(greatest(0, extract(epoch FROM closes_at - portal_now())) + 0.01) FROM calls_window"
        cursor.execute(f"{left} WHERE call_id = %s", [call.pk])


def test_web_servers_that_disagree_decide_alike(production_folder: Path, full_counts: bool) -> None:
    call = make_call()
    communes = make_communes(call, 480 if full_counts else 48)
    with ExitStack() as stack:
        ports = [
            stack.enter_context(
                server.running(
                    production_folder, app="tests.harness.skewed_wsgi", CLOCK_SKEW=str(skew), WEB_CONCURRENCY="1"
                )
            )
            for skew in SKEWS
        ]
        acts = [
            lambda commune=c, port=port: commune.deposit(port) for c, port in zip(communes, cycle(ports), strict=False)
        ]
        burst = len(acts) // SHARE
        before = all_at_once(acts[:burst])
        set_limit(call, portal_now() + ACROSS)
        across = all_at_once(acts[burst:-burst])
        wait_for_the_limit(call)
        after = all_at_once(acts[-burst:])
    closes_at = Window.objects.get(call=call).closes_at
    assert all(isinstance(answer, Answer) for answer in (*before, *across, *after))
    # Whoever began and ended before the limit is in; whoever began after it is out: by the right clock, from outside.
    assert {answer.status for answer in before} == {302}
    assert {answer.status for answer in after} == {200}
    attempts = list(DepositAttempt.objects.all())
    assert [attempt for attempt in attempts if attempt.accepted is not (attempt.at <= closes_at)] == []
    assert len(attempts) == len(communes)
    told = sum(answer.status == 302 for answer in (*before, *across, *after))
    assert Deposit.objects.count() == told
    # The servers did disagree: what they thought the hour was is kept, and decided nothing.
    drifts = {round((d.web_clock_at - d.received_at).total_seconds() / 90) for d in Deposit.objects.all()}
    assert drifts == {-1, 0, 1}
