"""Deadline and double clicks (reliability A2, A3, A4, A5, A12, B5): threads, one clock, the microsecond."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from applications import states
from applications.models import Application, ApplicationMember, Deposit, DepositAttempt
from applications.services.drafting import start_application
from applications.services.submission import submit_application
from calls.models import Call, CallTransition
from calls.services.life import locked, suspend_call
from portal.core.clock import portal_now, shift_clock
from portal.core.models import FrozenDocument, OutboundEmail
from portal.core.rules import Refused
from tests.accounts.helpers import spaced
from tests.applications.files import deposit, make_ready, make_town, together
from tests.applications.naive import naive_deposit
from tests.factories import BENOUVILLE, ETRETAT, HARFLEUR, TILLEUL, make_call, make_member, make_role, make_town_hall

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

THREADS = 8
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def right_clock():
    """The shift belongs to the session, which outlives the test."""
    yield
    shift_clock(timedelta(0))


def click(application, mayor, *, key=None, act=submit_application, web_clock_at=None):
    at = web_clock_at or portal_now()
    return lambda: act(
        application=Application.objects.get(pk=application.pk),
        by=mayor,
        idempotency_key=key or uuid.uuid4(),
        undertakings=["U1"],
        web_clock_at=at,
    )


def assert_one_of_each(application, mayor):
    """One deposit, one receipt, one mail to each person, one accepted attempt, one transition."""
    application.refresh_from_db()
    assert application.state == states.SUBMITTED
    assert Deposit.objects.filter(application=application).count() == 1
    assert FrozenDocument.objects.filter(number__startswith=f"AD-{application.number}").count() == 1
    assert DepositAttempt.objects.filter(application=application).count() == 1
    assert application.transitions.count() == 1
    mails = OutboundEmail.objects.filter(object_key=f"application:{application.uuid}", kind="applications.receipt")
    assert Counter(mails.values_list("recipient", flat=True))[mayor.email] == 1


@pytest.mark.parametrize("same_form", [True, False], ids=["double click", "eight tabs"])
def test_eight_clicks_on_one_file_give_one_receipt_and_one_mail(full_counts, same_form):
    call = make_call()
    for turn in range(1000 if full_counts else 5):
        town = make_town((f"{10000 + turn}", f"{100000000 + turn}", f"Commune {turn}", 0, 100))
        application, _, mayor = make_ready(call, town)
        key = uuid.uuid4() if same_form else None
        results = together([click(application, mayor, key=key)] * THREADS)
        assert {type(result) for result in results} == {Deposit}, results
        assert len({result.pk for result in results}) == 1
        assert_one_of_each(application, mayor)


@pytest.mark.xfail(strict=True, reason="the naive deposit: read, decide, write")
def test_the_naive_deposit_gives_several_receipts():
    call = make_call()
    for turn in range(10):
        town = make_town((f"{20000 + turn}", f"{200000000 + turn}", f"Commune {turn}", 0, 100))
        application, _, mayor = make_ready(call, town)
        together([click(application, mayor, act=naive_deposit)] * THREADS)
        assert Deposit.objects.filter(application=application).count() == 1


def test_a_lost_answer_is_found_again_even_after_the_limit():
    """A2, A16: the deposit was committed, its answer lost; the same form sent again gives the same receipt."""
    application, _, mayor = make_ready()
    key = uuid.uuid4()
    first = deposit(application, mayor, idempotency_key=key)
    shift_clock(timedelta(days=60))
    assert deposit(application, mayor, idempotency_key=key) == first
    assert_one_of_each(application, mayor)


def test_numbers_have_no_gap_when_communes_deposit_together():
    call = make_call(prefix="TPS")
    files = [make_ready(call, make_town(spec)) for spec in (ETRETAT, HARFLEUR, TILLEUL, BENOUVILLE)]
    together([click(application, mayor) for application, _, mayor in files])
    assert set(call.applications.values_list("number", flat=True)) == {f"TPS-2027-000{n}" for n in (1, 2, 3, 4)}


@pytest.mark.parametrize("web_offset", [timedelta(seconds=-90), timedelta(0), timedelta(seconds=90)])
@pytest.mark.parametrize(("late_by", "accepted"), [(-timedelta(seconds=5), True), (timedelta(seconds=5), False)])
def test_the_clock_of_the_web_server_never_decides(web_offset, late_by, accepted):
    application, _, mayor = make_ready()
    shift_clock(application.window.closes_at + late_by - portal_now())
    (result,) = together([shifted(click(application, mayor, web_clock_at=portal_now() + web_offset))])
    assert isinstance(result, Deposit) is accepted, result
    assert DepositAttempt.objects.get().accepted is accepted


def shifted(act):
    """The act in a thread whose database session has the offset of this one."""
    from portal.core.clock import clock_offset

    offset = clock_offset()

    def run():
        shift_clock(offset)
        return act()

    return run


@pytest.mark.xfail(strict=True, reason="the naive deposit: the web server decides")
def test_the_naive_deposit_believes_the_web_server():
    application, _, mayor = make_ready()
    shift_clock(application.window.closes_at + timedelta(seconds=5) - portal_now())
    with pytest.raises(Refused):
        click(application, mayor, act=naive_deposit, web_clock_at=portal_now() - timedelta(seconds=90))()


@pytest.fixture
def stopped_clock():
    """`stop(instant)`: `portal_now()` answers that instant to the microsecond, until the end of the test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('portal_now'::regproc)")
        (running,) = cursor.fetchone()

    def stop(instant):
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql VOLATILE "
                f"AS $$ SELECT timestamptz '{instant.isoformat()}' $$"
            )

    yield stop
    with connection.cursor() as cursor:
        cursor.execute(running)


@pytest.mark.parametrize(
    ("offset", "accepted"), [(-MICROSECOND, True), (timedelta(0), True), (MICROSECOND, False)], ids=["T-1", "T", "T+1"]
)
def test_the_limit_is_included_to_the_microsecond(stopped_clock, offset, accepted):
    application, _, mayor = make_ready()
    instant = application.window.closes_at + offset
    stopped_clock(instant)
    result = together([click(application, mayor)])[0]
    assert isinstance(result, Deposit) is accepted, result
    assert DepositAttempt.objects.get().at == instant
    assert list(Deposit.objects.values_list("received_at", flat=True)) == ([instant] if accepted else [])


def test_waiting_for_a_lock_makes_nobody_late():
    """The instant is read before the lock: a deposit held up behind another one keeps its own instant."""
    application, _, mayor = make_ready()
    first_statements = []

    def spy(execute, sql, params, many, context):
        first_statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(spy):
        deposit(application, mayor)
    clock, lock = (
        next(n for n, sql in enumerate(first_statements) if text in sql) for text in ("portal_now", "FOR NO KEY")
    )
    assert clock == 0 < lock


def test_a_limit_put_back_while_the_page_was_open_counts(stopped_clock):
    """A12: the server decides at each POST, with the limit of that moment."""
    application, _, mayor = make_ready()
    before = application.window.closes_at
    application.window.closes_at = before + timedelta(days=1)
    application.window.save()
    stopped_clock(before + timedelta(hours=1))
    assert deposit(application, mayor).closes_at == before + timedelta(days=1)


def test_a_suspension_while_communes_deposit_parts_them_by_its_instant():
    """Whoever was received before the suspension has a receipt; nobody after, whatever waited for whatever."""
    call = make_call()
    manager = make_role(call)
    specs = [(f"{30000 + n}", f"{300000000 + n}", f"Commune {n}", 0, 100) for n in range(THREADS)]
    files = [make_ready(call, make_town(spec)) for spec in specs]
    clicks = [click(application, mayor) for application, _, mayor in files]
    suspend = lambda: suspend_call(call=Call.objects.get(pk=call.pk), reason="Recours.", by=manager)  # noqa: E731
    results = together([*clicks[:4], suspend, *clicks[4:]])
    suspended_at = Call.objects.get().suspended_at
    assert all(isinstance(result, Deposit | Refused | CallTransition) for result in results), results
    attempts = {attempt.application_id: attempt for attempt in DepositAttempt.objects.all()}
    assert {pk: attempt.accepted for pk, attempt in attempts.items()} == {
        pk: attempt.at < suspended_at for pk, attempt in attempts.items()
    }
    assert set(Deposit.objects.values_list("application_id", flat=True)) == {
        pk for pk, attempt in attempts.items() if attempt.accepted
    }
    assert len(attempts) == THREADS


def test_a_deposit_received_before_a_suspension_waits_for_it_and_is_kept():
    """The suspension holds the row of the call; the deposit was received before its instant."""
    application, _, mayor = make_ready()
    manager = make_role(application.call)

    def late():
        try:
            return click(application, mayor)()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locked(application.call)
            waiting = pool.submit(late)
            wait_for_a_lock("FOR KEY SHARE")
            suspend_call(call=application.call, reason="Recours.", by=manager)
        received = waiting.result()
    assert received.received_at < Call.objects.get().suspended_at


def wait_for_a_lock(words):
    """Until another session waits for a lock in a statement that holds these words."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock' AND query LIKE %s"
    )
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting, [f"%{words}%"])
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.005)")
    raise AssertionError("nobody waited")


def test_eight_people_of_one_commune_begin_one_file():
    """B5."""
    call, organisation = make_call(), make_town_hall()
    people = [make_member(organisation) for _ in range(THREADS)]
    at = portal_now()
    results = together(
        [
            lambda person=person: start_application(call=call, organisation=organisation, by=person, at=at)
            for person in people
        ]
    )
    refused = [result for result in results if isinstance(result, Refused)]
    assert [type(result) for result in results if result not in refused] == [Application]
    (told,) = {spaced(str(refusal)) for refusal in refused}
    assert told.startswith("Votre commune a déjà une candidature à cet appel : le brouillon sans intitulé.")
    assert ApplicationMember.objects.filter(call=call).count() == Application.objects.filter(call=call).count() == 1
