"""The planner: planned once, said as things are now, sent once on its day, never after the thing is done."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import CharField
from django.db.models.functions import Cast
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from calls.models import Call
from portal.accounts.models import User
from portal.core.due import DueFact
from portal.core.models import OutboundEmail, Reminder, ReminderRuleState
from portal.home import reminders
from portal.home.reminder_rules import RULES
from portal.home.reminders import DONE, LATE, plan, settle, tick
from tests.factories import (
    BENOUVILLE,
    HARFLEUR,
    TILLEUL,
    make_application,
    make_call,
    make_institution,
    make_member,
    make_role,
    make_town_hall,
    paris,
)

CLOSES_AT = paris(2030, 3, 31, 23, 59, 59)
D7, D2 = paris(2030, 3, 24, 9), paris(2030, 3, 29, 9)
EARLY = D7 - timedelta(days=3)
RULE = "draft_not_deposited"


def make_draft(call: Call | None = None, spec=BENOUVILLE, writer: str = "secretariat@exemple.fr") -> Application:
    """A draft with one confirmed writer."""
    town = make_town_hall(spec)
    make_member(town, "editor", email=writer)
    return make_application(call or make_call(closes_at=CLOSES_AT), town)


def ledger(*fields: str) -> list[tuple]:
    """Years ahead, accounts are unused: their notices have their own tests."""
    rows = Reminder.objects.exclude(rule="account_idle")
    return list(rows.order_by("due_at", "recipient").values_list(*fields))


def deposit(application: Application) -> None:
    Application.objects.filter(pk=application.pk).update(state="submitted", number="T-2030-0001")


def take_back(application: Application) -> None:
    Application.objects.filter(pk=application.pk).update(state="draft", number=None)


# --- planning -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_draft_is_recalled_to_each_writer_on_two_days() -> None:
    draft = make_draft()
    make_member(draft.lead, "signatory", email="maire@exemple.fr")
    make_member(draft.lead, "editor", email="attente@exemple.fr", state="pending")
    plan(EARLY)
    assert ledger("rule", "object_key", "call_key", "recipient", "due_at", "state") == [
        (RULE, f"application:{draft.uuid}", f"call:{draft.call.slug}", recipient, due_at, "planned")
        for due_at in (D7, D2)
        for recipient in ("maire@exemple.fr", "secretariat@exemple.fr")
    ]


@pytest.mark.django_db
def test_planning_again_changes_nothing() -> None:
    make_draft()
    plan(EARLY)
    before = ledger("pk", "state", "subject", "body", "settled_at")
    plan(EARLY)
    plan(EARLY + timedelta(minutes=5))
    assert ledger("pk", "state", "subject", "body", "settled_at") == before


@pytest.mark.django_db
def test_what_is_already_past_is_not_planned() -> None:
    make_draft()
    plan(D7 + timedelta(seconds=1))
    assert ledger("due_at") == [(D2,)]


@pytest.mark.django_db
def test_it_stops_when_the_thing_is_done_and_wakes_up_when_it_is_not_any_more() -> None:
    draft = make_draft()
    plan(EARLY)
    deposit(draft)
    at = EARLY + timedelta(hours=1)
    plan(at)
    assert ledger("state", "stop_reason", "settled_at") == [("stopped", DONE, at)] * 2
    take_back(draft)
    plan(at + timedelta(hours=1))
    assert ledger("state", "stop_reason", "settled_at") == [("planned", "", None)] * 2


@pytest.mark.django_db
def test_a_stopped_one_whose_hour_is_past_stays_stopped() -> None:
    draft = make_draft()
    plan(EARLY)
    deposit(draft)
    plan(EARLY)
    take_back(draft)
    assert tick(D7 + timedelta(hours=1)) == 0
    assert ledger("due_at", "state") == [(D7, "stopped"), (D2, "planned")]


@pytest.mark.django_db
def test_a_planned_one_says_what_the_fact_says_now() -> None:
    draft = make_draft()
    plan(EARLY)
    Call.objects.filter(pk=draft.call_id).update(title="Villages en santé")
    plan(EARLY)
    assert [body.partition(" est un ")[0] for (body,) in ledger("body")] == [
        "La candidature de Bénouville à l’appel «\u202fVillages en santé\u202f» 2027"
    ] * 2


@pytest.mark.django_db
def test_an_extension_moves_them() -> None:
    draft = make_draft()
    plan(EARLY)
    draft.call.windows.update(closes_at=CLOSES_AT + timedelta(days=7))
    plan(EARLY)
    week = timedelta(days=7)
    assert set(ledger("due_at", "state")) == {
        (D7, "stopped"), (D2, "stopped"), (D7 + week, "planned"), (D2 + week, "planned"),
    }  # fmt: skip


@pytest.mark.django_db
def test_a_subject_too_long_is_cut_rather_than_stopping_all_the_others() -> None:
    fact = DueFact(RULE, "application:1", "call:x", "a@exemple.fr", D7, "é" * 250, "Corps.", "/mes-actions/")
    settle({reminders.key_of(fact): fact}, EARLY)
    assert ledger("subject") == [("é" * 200,)]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_depend_on_the_number_of_facts() -> None:
    def queries(at: datetime) -> int:
        with CaptureQueriesContext(connection) as captured:
            plan(at)
        return len(captured)

    def life() -> list[int]:
        """Planned, planned again, all stopped, all woken up."""
        Reminder.objects.all().delete()
        counts = [queries(EARLY), queries(EARLY)]
        Application.objects.update(state="submitted", number=Cast("pk", CharField()))
        counts.append(queries(EARLY))
        assert set(ledger("state")) == {("stopped",)}
        Application.objects.update(state="draft", number=None)
        counts.append(queries(EARLY))
        assert set(ledger("state")) == {("planned",)}
        return counts

    call = make_call(closes_at=CLOSES_AT)
    make_draft(call)
    one = life()
    for spec in (HARFLEUR, TILLEUL):
        make_draft(call, spec, f"secretariat-{spec[0]}@exemple.fr")
    assert life() == one


# --- sending ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_leaves_at_nine_in_the_institution_s_name_and_once() -> None:
    draft = make_draft()
    plan(EARLY)
    assert tick(D7 - timedelta(seconds=1)) == 0
    assert tick(D7) == 1
    assert tick(D7 + timedelta(minutes=5)) == 0
    mail = OutboundEmail.objects.get()
    assert (mail.kind, mail.recipient, mail.guarantee, mail.from_name, mail.reply_to, mail.state) == (
        "reminder.draft_not_deposited",
        "secretariat@exemple.fr",
        "at_most_once",
        "Le Havre Seine Métropole",
        "ami-sante@exemple.fr",
        "queued",
    )
    assert mail.subject == "Candidature de Bénouville\u00a0: encore 7\u00a0jours pour déposer"
    assert f"https://ami.exemple.fr/candidatures/{draft.uuid}/" in mail.body
    assert ledger("due_at", "state", "settled_at") == [(D7, "sent", D7), (D2, "planned", None)]


@pytest.mark.django_db
def test_nothing_leaves_once_the_thing_is_done_even_if_it_was_planned() -> None:
    draft = make_draft()
    plan(EARLY)
    deposit(draft)
    assert (tick(D7), OutboundEmail.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_mail_that_could_not_leave_stops_when_the_thing_is_done_meanwhile() -> None:
    draft = make_draft()
    plan(EARLY)
    assert tick(D7) == 1
    deposit(draft)
    tick(D7 + timedelta(hours=1))
    assert OutboundEmail.objects.get().state == "stopped"
    assert ledger("due_at", "state") == [(D7, "stopped"), (D2, "stopped")]


@pytest.mark.django_db
def test_a_mail_already_sent_is_history() -> None:
    draft = make_draft()
    plan(EARLY)
    tick(D7)
    OutboundEmail.objects.update(state="sent", sent_at=D7)
    deposit(draft)
    tick(D7 + timedelta(hours=1))
    assert OutboundEmail.objects.get().state == "sent"
    assert ledger("due_at", "state") == [(D7, "sent"), (D2, "stopped")]


@pytest.mark.django_db
def test_the_reminder_of_yesterday_does_not_leave_today() -> None:
    make_draft()
    plan(EARLY)
    assert tick(D7 + timedelta(days=1)) == 0
    assert ledger("due_at", "state", "stop_reason") == [(D7, "stopped", LATE), (D2, "planned", "")]


@pytest.mark.django_db
def test_a_scheduler_late_by_hours_still_sends_today_s() -> None:
    make_draft()
    plan(EARLY)
    assert tick(D7.replace(hour=23, minute=30)) == 1


@pytest.mark.django_db
def test_a_paused_rule_lets_nothing_leave_and_no_burst_follows() -> None:
    draft = make_draft()
    manager = make_role(draft.call)
    plan(EARLY)
    pause = ReminderRuleState.objects.create(
        rule=RULE, call_key=f"call:{draft.call.slug}", paused_at=EARLY, paused_by=manager
    )
    assert tick(D7) == 0
    assert ledger("due_at", "state", "settled_at") == [(D7, "paused", D7), (D2, "planned", None)]
    pause.delete()
    assert tick(D7 + timedelta(minutes=5)) == 0
    assert tick(D2) == 1
    assert ledger("due_at", "state") == [(D7, "paused"), (D2, "sent")]


@pytest.mark.django_db
def test_a_pause_concerns_one_rule_of_one_call() -> None:
    paused, other = make_draft(), make_draft(make_call(closes_at=CLOSES_AT), HARFLEUR, "harfleur@exemple.fr")
    key = f"call:{paused.call.slug}"
    by = make_role(paused.call)
    ReminderRuleState.objects.create(rule=RULE, call_key=key, paused_at=EARLY, paused_by=by)
    ReminderRuleState.objects.create(
        rule="assessment_missing", call_key=f"call:{other.call.slug}", paused_at=EARLY, paused_by=by
    )
    plan(EARLY)
    assert tick(D7) == 1
    assert set(OutboundEmail.objects.values_list("recipient", flat=True)) == {"harfleur@exemple.fr"}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_send_once() -> None:
    call = make_call(closes_at=CLOSES_AT)
    for n, spec in enumerate((BENOUVILLE, HARFLEUR, TILLEUL)):
        make_draft(call, spec, f"secretariat{n}@exemple.fr")
    plan(EARLY)
    rounds = 8
    for day, at in enumerate((D7, D2), start=1):
        barrier = Barrier(rounds)

        def run(_: int, at: datetime = at, barrier: Barrier = barrier) -> int:
            barrier.wait()
            try:
                return tick(at)
            finally:
                connection.close()

        with ThreadPoolExecutor(rounds) as pool:
            assert sum(pool.map(run, range(rounds))) == 3
        assert OutboundEmail.objects.count() == 3 * day
    assert set(ledger("state")) == {("sent",)}


@pytest.mark.slow
@pytest.mark.django_db
def test_time_travel_no_reminder_is_wrong(full_counts: bool) -> None:
    """Whenever one deposits and however irregular the scheduler, what leaves is on its day, before the deposit."""
    draft, chance = make_draft(), random.Random(2)
    for _ in range(1000 if full_counts else 40):
        Reminder.objects.all().delete()
        OutboundEmail.objects.all().delete()
        take_back(draft)
        begun = D7 - timedelta(hours=12)
        deposited_at = begun + timedelta(hours=chance.uniform(0, 24 * 9)) if chance.random() < 0.8 else None
        ticks = sorted(begun + timedelta(hours=chance.uniform(0, 24 * 10)) for _ in range(chance.randint(1, 12)))
        expected, planned_at = set(), None
        for at in ticks:
            if deposited_at and deposited_at <= at:
                deposit(draft)
            tick(at)
            held = not (deposited_at and deposited_at <= at) and at < CLOSES_AT
            if held and planned_at:
                expected |= {
                    due for due in (D7, D2) if planned_at < due <= at and due.date() == at.astimezone(due.tzinfo).date()
                }
            planned_at = planned_at or (at if held else None)
        sent = {datetime.fromisoformat(period) for period in OutboundEmail.objects.values_list("period", flat=True)}
        assert sent == expected, (deposited_at, ticks)


# --- the page -----------------------------------------------------------------------------------------------------


def page_as(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    response = client.get(f"/gestion/relances/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_the_page_shows_what_will_leave_with_its_text_to_the_staff_of_the_call_only(client: Client) -> None:
    draft = make_draft()
    other = make_call(make_institution("200065597", "Dieppe-Maritime", "dieppe"), closes_at=CLOSES_AT)
    plan(EARLY)
    shown = page_as(client, make_role(draft.call, "officer"))
    assert "secretariat@exemple.fr" in shown
    assert "Candidature de Bénouville\u00a0: encore 7\u00a0jours pour déposer" in shown
    assert "est un brouillon\u00a0: rien n’est déposé." in shown
    hidden = page_as(client, make_role(other))
    assert ("secretariat@exemple.fr" in hidden, "Bénouville" in hidden) == (False, False)


@pytest.mark.django_db
def test_the_page_says_why_one_stopped(client: Client) -> None:
    draft = make_draft()
    plan(EARLY)
    deposit(draft)
    plan(EARLY)
    manager = make_role(draft.call)
    assert DONE not in page_as(client, manager)
    assert page_as(client, manager, "?etat=stopped").count(DONE) == 2


@pytest.mark.django_db
def test_a_manager_pauses_and_resumes_a_rule_whatever_is_clicked_twice(client: Client) -> None:
    call = make_call(closes_at=CLOSES_AT)
    manager = make_role(call)
    assert page_as(client, manager).count("Suspendre<") == len(RULES)
    path = f"/gestion/relances/{call.slug}/{RULE}/suspendre/"
    for _ in range(2):
        assert client.post(path, {"wanted": "pause"}).status_code == 302
    assert list(ReminderRuleState.objects.values_list("rule", "call_key", "paused_by")) == [
        (RULE, f"call:{call.slug}", manager.pk)
    ]
    assert page_as(client, manager).count("Reprendre<") == 1
    for _ in range(2):
        assert client.post(path, {"wanted": "resume"}).status_code == 302
    assert not ReminderRuleState.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["officer", "secretary", "reader", "adviser"])
def test_others_read_at_most(client: Client, role: str) -> None:
    call = make_call(closes_at=CLOSES_AT)
    assert '<button class="btn btn-outline btn-compact" name="wanted"' not in page_as(client, make_role(call, role))
    assert client.post(f"/gestion/relances/{call.slug}/{RULE}/suspendre/").status_code == 404
    assert not ReminderRuleState.objects.exists()


@pytest.mark.django_db
def test_another_tenant_s_manager_and_an_unknown_rule_are_not_found(client: Client) -> None:
    call = make_call(closes_at=CLOSES_AT)
    other = make_call(make_institution("200065597", "Dieppe-Maritime", "dieppe"))
    client.force_login(make_role(other))
    assert client.post(f"/gestion/relances/{call.slug}/{RULE}/suspendre/").status_code == 404
    client.force_login(make_role(call))
    assert client.post(f"/gestion/relances/{call.slug}/regle-inventee/suspendre/").status_code == 404
    assert not ReminderRuleState.objects.exists()


@pytest.mark.django_db
def test_the_rules_of_the_catalogue_are_those_of_the_facts() -> None:
    """A rule that a source would yield without being in the catalogue could be neither read nor paused."""
    from applications import due_facts as applications_facts
    from juries import due_facts as juries_facts
    from support.agreements import due_facts as agreements_facts
    from support.money import due_facts as money_facts
    from support.network import due_facts as network_facts
    from support.plan import due_facts as support_facts

    codes = {
        *applications_facts.RULES,
        juries_facts.RULE,
        *agreements_facts.RULES,
        *money_facts.RULES,
        *support_facts.RULES,
        network_facts.RULE,
    }
    assert {rule.code for rule in RULES} == codes


# --- the offsets of the call ----------------------------------------------------------------------------------------


def write_reminders(call: Call, *rows: tuple[str, int, str]) -> None:
    """(subject, days, hour), as the document of the call keeps them."""
    written = [{"code": f"R{n}", "about": about, "days": days, "at": at} for n, (about, days, at) in enumerate(rows)]
    call.extras = {**call.extras, "reminders": written}
    call.save()


@pytest.mark.django_db
def test_the_offsets_of_the_call_replace_those_of_the_portal_for_their_subject() -> None:
    draft, other = make_draft(), make_draft(make_call(closes_at=CLOSES_AT), HARFLEUR, "harfleur@exemple.fr")
    write_reminders(draft.call, (RULE, -3, "18:30"), (RULE, -10, "08:00"), (RULE, 0, "12:00"))
    write_reminders(other.call, ("milestone_due", -5, "09:00"))
    plan(EARLY - timedelta(days=10))
    assert ledger("recipient", "due_at") == [
        ("secretariat@exemple.fr", paris(2030, 3, 21, 8)),
        ("harfleur@exemple.fr", D7),
        ("secretariat@exemple.fr", paris(2030, 3, 28, 18, 30)),
        ("harfleur@exemple.fr", D2),
        ("secretariat@exemple.fr", paris(2030, 3, 31, 12)),
    ]
    (_, _, last) = Reminder.objects.filter(recipient="secretariat@exemple.fr", rule=RULE).order_by("due_at")
    assert last.subject == "Candidature de Bénouville\u00a0: dernier jour pour déposer"


@pytest.mark.django_db
def test_a_correction_of_the_offsets_moves_what_was_planned() -> None:
    draft = make_draft()
    plan(EARLY)
    write_reminders(draft.call, (RULE, -4, "09:00"), (RULE, -2, "09:00"))
    plan(EARLY)
    assert ledger("due_at", "state") == [(D7, "stopped"), (paris(2030, 3, 27, 9), "planned"), (D2, "planned")]


@pytest.mark.django_db
def test_after_the_hour_of_the_limit_nothing_is_planned() -> None:
    draft = make_draft(make_call(closes_at=CLOSES_AT.replace(hour=12, minute=0, second=0)))
    write_reminders(draft.call, (RULE, 0, "12:30"))
    plan(EARLY)
    assert ledger("due_at") == []


@pytest.mark.django_db
def test_the_page_says_when_each_rule_leaves_and_who_chose_it(client: Client) -> None:
    call = make_call(closes_at=CLOSES_AT)
    write_reminders(call, (RULE, -10, "08:30"), ("milestone_due", 3, "09:00"), ("milestone_due", 0, "09:00"))
    page = page_as(client, make_role(call)).replace("\u00a0", " ").replace("\u202f", " ")
    for sentence in (
        "10 jours avant la clôture, à 8 h 30, heure de Paris (comme le veut cet appel)",
        "7 jours et 2 jours avant la séance, à 9 h 00, heure de Paris (réglage du portail)",
        "le jour de la date du livrable, à 9 h 00 ; 3 jours après la date du livrable, à 9 h 00, heure de Paris",
    ):
        assert sentence in page
