"""Digests: at the rhythm chosen, on working days, each fact once, nothing to who left."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portal.accounts.models import User
from portal.core.calendar import day_of, is_working_day, wall_clock
from portal.core.due import DueFact
from portal.core.models import OutboundEmail, Reminder, ReminderRuleState
from portal.home import digests, reminders
from portal.home.digests import HOUR, choose, horizon, is_digest_day, next_digest_day, when_told
from portal.home.reminders import tick
from tests.factories import make_call, make_role, make_user, paris

MONDAY = date(2030, 4, 1)


def facts_at(*facts: tuple[str, str, datetime]) -> list[DueFact]:
    return [
        DueFact(
            rule="milestone_due",
            object_key=key,
            call_key="call:essai",
            recipient=recipient,
            due_at=due_at,
            subject=f"Sujet {key}",
            body="Corps.",
            action_url="/mes-actions/",
        )
        for key, recipient, due_at in facts
    ]


@pytest.fixture
def holds(monkeypatch: pytest.MonkeyPatch) -> list[DueFact]:
    """The facts that hold, in place of those of the apps."""
    held: list[DueFact] = []
    monkeypatch.setattr(reminders, "SOURCES", (lambda at: list(held),))
    return held


def reader(rhythm: str, email: str = "maire@exemple.fr") -> User:
    user = make_user(email)
    choose(user=user, rhythm=rhythm, at=paris(2030, 3, 1))
    return user


def sent(kind: str = "digest") -> list[tuple[str, str]]:
    return list(OutboundEmail.objects.filter(kind=kind).order_by("pk").values_list("recipient", "period"))


# --- days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "day", "is_one", "following"),
    [
        ("daily", date(2030, 4, 5), True, date(2030, 4, 8)),  # a Friday
        ("daily", date(2030, 4, 6), False, date(2030, 4, 8)),
        ("weekly", MONDAY, True, date(2030, 4, 8)),
        ("weekly", date(2030, 4, 2), False, date(2030, 4, 8)),
        ("weekly", date(2030, 4, 15), True, date(2030, 4, 23)),
        ("weekly", date(2030, 4, 22), False, date(2030, 4, 23)),  # Easter Monday: the week begins on Tuesday
        ("weekly", date(2030, 4, 23), True, date(2030, 4, 29)),
    ],
)
def test_digest_days_are_working_days(rhythm: str, day: date, is_one: bool, following: date) -> None:
    assert (is_digest_day(rhythm, day), next_digest_day(rhythm, day)) == (is_one, following)


def test_the_horizon_is_midnight_in_paris_across_the_clock_change() -> None:
    assert horizon("daily", date(2030, 3, 29)) == paris(2030, 4, 1)


# --- sending ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_day_of_reminders_is_one_mail_at_half_past_eight(holds: list[DueFact]) -> None:
    person = reader("daily")
    holds += facts_at(
        ("a", person.email, paris(2030, 4, 1, 8)),
        ("b", person.email, paris(2030, 4, 1, 9)),
        ("c", person.email, paris(2030, 4, 2, 9)),
        ("d", "autre@exemple.fr", paris(2030, 4, 1, 8)),
    )
    reminders.plan(paris(2030, 3, 30))
    assert tick(paris(2030, 4, 1, 8, 5)) == 1
    assert sent("reminder.milestone_due")[0][0] == "autre@exemple.fr"
    assert tick(paris(2030, 4, 1, 8, 30)) == 1
    assert sent() == [(person.email, "2030-04-01")]
    body = OutboundEmail.objects.get(kind="digest").body
    assert [f"Sujet {key}" in body for key in "abc"] == [True, True, False]
    assert tick(paris(2030, 4, 1, 9, 5)) == 0
    assert set(Reminder.objects.filter(state="planned").values_list("object_key", flat=True)) == {"c"}


@pytest.mark.django_db
def test_what_is_planned_after_the_digest_keeps_its_hour(holds: list[DueFact]) -> None:
    person = reader("weekly")
    holds += facts_at(("a", person.email, paris(2030, 4, 3, 9)))
    tick(paris(2030, 4, 1, 8, 0))
    assert tick(paris(2030, 4, 1, 8, 30)) == 1
    holds += facts_at(("b", person.email, paris(2030, 4, 4, 9)))
    assert [tick(paris(2030, 4, 1, 9)), tick(paris(2030, 4, 3, 9)), tick(paris(2030, 4, 4, 9))] == [0, 0, 1]
    assert [recipient for recipient, _ in sent("reminder.milestone_due")] == [person.email]


@pytest.mark.django_db
def test_done_paused_and_left_are_not_told(holds: list[DueFact]) -> None:
    person, gone = reader("daily"), reader("daily", "partie@exemple.fr")
    holds += facts_at(
        ("done", person.email, paris(2030, 4, 1, 9)),
        ("kept", person.email, paris(2030, 4, 1, 9)),
        ("left", gone.email, paris(2030, 4, 1, 9)),
    )
    reminders.plan(paris(2030, 3, 30))
    del holds[0], holds[1]
    gone.is_active = False
    gone.save()
    tick(paris(2030, 4, 1, 8, 30))
    assert sent() == [(person.email, "2030-04-01")]
    assert "Sujet done" not in OutboundEmail.objects.get().body
    ReminderRuleState.objects.create(
        rule="milestone_due", call_key="call:essai", paused_at=paris(2030, 4, 1), paused_by=person
    )
    holds += facts_at(("paused", person.email, paris(2030, 4, 2, 9)))
    tick(paris(2030, 4, 2, 8, 30))
    assert len(sent()) == 1
    tick(paris(2030, 4, 2, 9))
    assert Reminder.objects.get(object_key="paused").state == "paused"


@pytest.mark.django_db
def test_the_page_shows_when_each_reminder_will_leave(client: Client, holds: list[DueFact]) -> None:
    person = make_user()
    client.force_login(person)
    assert "Choisissez un rythme" in client.post("/mes-actions/rythme/", {"rhythm": "heure"}).content.decode()
    assert client.post("/mes-actions/rythme/", {"rhythm": "weekly"}).status_code == 302
    holds += facts_at(("a", person.email, paris(2090, 4, 6, 9)))
    reminders.plan(paris(2026, 1, 1))
    ((when, row),) = client.get("/mes-actions/rythme/").context["coming"]
    assert (when, row.object_key) == (paris(2090, 4, 3, 8, 30), "a")
    assert when_told(row, "each", paris(2026, 1, 1)) == row.due_at


@pytest.mark.django_db(transaction=True)
def test_eight_schedulers_at_once_write_one_digest(holds: list[DueFact]) -> None:
    person, at = reader("daily"), paris(2030, 4, 1, 8, 30)
    holds += facts_at(("a", person.email, paris(2030, 4, 1, 9)))
    reminders.plan(paris(2030, 3, 30))
    gate = Barrier(8)

    def one(_: int) -> int:
        try:
            gate.wait()
            return tick(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(8))) == [0] * 7 + [1]
    assert sent() == [(person.email, "2030-04-01")]


@pytest.mark.django_db
def test_a_year_of_facts_leaves_each_fact_once_and_one_digest_a_slot(holds: list[DueFact]) -> None:
    """Twelve calls, three people at three rhythms, a tick at the hours that count: nothing twice, nothing after its day."""
    people = {rhythm: reader(rhythm, f"{rhythm}@exemple.fr").email for rhythm in ("each", "daily", "weekly")}
    start = paris(2030, 1, 1, 7)
    for n in range(12):
        for rhythm, email in people.items():
            for month in range(1, 13):
                holds += facts_at((f"{n}-{rhythm}-{month}", email, paris(2030, month, 1 + 2 * n, 9)))
    reminders.plan(start - timedelta(hours=1))
    for day in range(365):
        for hour, minute in ((8, 30), (9, 0)):
            on = day_of(start) + timedelta(days=day)
            tick(wall_clock(on, HOUR if minute else type(HOUR)(hour)))
    states = Counter(Reminder.objects.values_list("state", flat=True))
    assert states == {"sent": 3 * 12 * 12}
    slots = OutboundEmail.objects.filter(kind=digests.KIND).values_list("recipient", "period")
    assert len(slots) == len(set(slots))
    assert all(is_working_day(date.fromisoformat(period)) for _, period in slots)
    assert len(sent("reminder.milestone_due")) == 12 * 12 + early(holds, people)


def early(holds: list[DueFact], people: dict[str, Any]) -> int:
    """The facts of the first days, before the first weekly or daily digest of the year."""
    first = {"daily": date(2030, 1, 2), "weekly": date(2030, 1, 7)}
    return sum(
        day_of(fact.due_at) < day for rhythm, day in first.items() for fact in holds if fact.recipient == people[rhythm]
    )


@pytest.mark.django_db
def test_a_period_is_played_dry_with_the_digest_of_each_person(client: Client, holds: list[DueFact]) -> None:
    call = make_call(closes_at=paris(2090, 12, 31))
    client.force_login(make_role(call))
    weekly = reader("weekly")
    holds += [
        replace(fact, call_key=f"call:{call.slug}")
        for fact in facts_at(
            ("a", weekly.email, paris(2090, 4, 6, 9)),
            ("b", "autre@exemple.fr", paris(2090, 4, 7, 9)),
            ("late", weekly.email, paris(2090, 5, 6, 9)),
        )
    ]
    reminders.plan(paris(2026, 1, 1))
    page = client.get("/gestion/relances/", {"du": "2090-04-01", "au": "2090-04-07"})
    assert [(when, grouped, row.object_key) for when, grouped, row in page.context["told"]] == [
        (paris(2090, 4, 3, 8, 30), True, "a"),
        (paris(2090, 4, 7, 9), False, "b"),
    ]
    assert Reminder.objects.exclude(state="planned").count() == 0
    assert len(client.get("/gestion/relances/", {"du": "demain"}).context["told"]) == 3
