"""A state changes only through `fire`: under a lock, with its log row."""

from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from calls import states
from calls.models import Call, CallTransition
from portal.core.clock import portal_now
from portal.core.workflow import TransitionRefused, fire
from tests.factories import make_call, make_user


@pytest.mark.django_db
def test_a_transition_writes_state_stamps_and_log() -> None:
    call, user, at = make_call(state="draft"), make_user(), portal_now()
    log = fire(call, states.PUBLISH, by=user, at=at, stamps={"published_at": at})
    stored = Call.objects.get(pk=call.pk)
    assert (stored.state, stored.published_at, call.state) == ("published", at, "published")
    assert (log.from_state, log.to_state, log.by, log.happened_at) == ("draft", "published", user, at)


@pytest.mark.django_db
def test_a_stale_copy_is_refused_with_its_sentence() -> None:
    call = make_call(state="draft")
    stale = Call.objects.get(pk=call.pk)
    at = portal_now()
    fire(call, states.PUBLISH, by=make_user(), at=at, stamps={"published_at": at})
    with pytest.raises(TransitionRefused, match="^« Publier l’appel » n’est plus possible : l’état est « publié ».$"):
        fire(stale, states.PUBLISH, by=make_user(), at=at)
    assert CallTransition.objects.count() == 1


@pytest.mark.django_db
def test_a_reason_is_asked_where_the_table_says_so() -> None:
    call = make_call()
    with pytest.raises(TransitionRefused, match="demande un motif"):
        fire(call, states.CANCEL, by=make_user(), at=portal_now(), reason="  ")
    assert Call.objects.get(pk=call.pk).state == "published"


@pytest.mark.django_db
def test_the_database_refuses_a_state_without_its_stamp() -> None:
    call = make_call(state="draft")
    with pytest.raises(DatabaseError), transaction.atomic():
        fire(call, states.PUBLISH, by=make_user(), at=portal_now())
    assert CallTransition.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_log_only_grows(act: str) -> None:
    call, at = make_call(state="draft"), portal_now()
    fire(call, states.PUBLISH, by=make_user(), at=at, stamps={"published_at": at})
    rows = CallTransition.objects.filter(call=call)
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        rows.update(reason="autre") if act == "update" else rows.delete()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_threads_fire_once() -> None:
    call, user, at = make_call(state="draft"), make_user(), portal_now()
    barrier, outcomes = Barrier(8), []

    def run() -> None:
        barrier.wait()
        try:
            fire(Call.objects.get(pk=call.pk), states.PUBLISH, by=user, at=at, stamps={"published_at": at})
            outcomes.append("done")
        except TransitionRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done"] + ["refused"] * 7
    assert CallTransition.objects.count() == 1
