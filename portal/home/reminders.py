"""The planner: facts that fall due become rows of one ledger; a row whose fact no longer holds stops.

Rules live in the apps (`due_facts`); here they are only collected, planned, stopped and sent. The facts are read again
in the transaction that turns a reminder into a mail: what was done a second before is not recalled.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache

from django.db import connection, transaction
from django.db.models import Q

from applications.due_facts import due_facts as application_facts
from juries.due_facts import due_facts as jury_facts
from portal.accounts.due_facts import due_facts as account_facts
from portal.core.calendar import day_of
from portal.core.due import DueFact
from portal.core.mailing import Action, Sender, compose
from portal.core.models import OutboundEmail, Reminder, ReminderRuleState
from portal.core.outbox import Mail, enqueue_email
from support.agreements.due_facts import due_facts as agreement_facts
from support.money.due_facts import due_facts as money_facts
from support.network.due_facts import due_facts as network_facts
from support.plan.due_facts import due_facts as support_facts

from .digests import holding, send_digests
from .senders import sender_for

SOURCES: tuple[Callable[[datetime], Iterable[DueFact]], ...] = (
    application_facts,
    jury_facts,
    agreement_facts,
    support_facts,
    money_facts,
    network_facts,
    account_facts,
)
DONE = "La chose est faite, ou n’est plus attendue."
LATE = "Son jour est passé sans que le portail ait pu l’envoyer."
SAID = ("call_key", "subject", "body", "action_url")
SUBJECT_LENGTH = 200
MAIL_KIND = "reminder."

Key = tuple[str, str, str, datetime]
State = Reminder.State


@transaction.atomic
def tick(at: datetime) -> int:
    """What the scheduler does every five minutes: stop what is done, plan what is new, send what is due.

    Two schedulers come one after the other. Returns how many mails left.
    """
    facts = hold(at)
    settle(facts, at)
    withdraw(facts, at)
    return send_digests(at) + send_due(at)


@transaction.atomic
def plan(at: datetime) -> None:
    """Write the reminders of the facts that hold, stop those whose fact is gone; send nothing. Idempotent."""
    settle(hold(at), at)


def hold(at: datetime) -> dict[Key, DueFact]:
    """Every fact that holds now, from every app, read once this planner is the only one at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reminders'))")
    return {key_of(fact): fact for source in SOURCES for fact in source(at)}


def key_of(fact: DueFact | Reminder) -> Key:
    return (fact.rule, fact.object_key, fact.recipient, fact.due_at)


def settle(facts: Mapping[Key, DueFact], at: datetime) -> None:
    """Bring the ledger to the facts, in a number of queries that does not depend on theirs."""
    awaited = Q(state=State.PLANNED) | Q(state=State.STOPPED, due_at__gt=at)
    known = {key_of(row): row for row in Reminder.objects.select_for_update().filter(awaited).order_by("pk")}
    stop([row for key, row in known.items() if row.state == State.PLANNED and key not in facts], at)
    changed = [row for key, row in known.items() if key in facts and updated(row, facts[key])]
    Reminder.objects.bulk_update(changed, ["state", "stop_reason", "settled_at", *SAID], batch_size=500)
    new = [row_of(fact) for key, fact in facts.items() if key not in known and fact.due_at > at]
    Reminder.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)


def stop(rows: Iterable[Reminder], at: datetime, reason: str = DONE) -> None:
    keys = [row.pk for row in rows]
    if keys:
        Reminder.objects.filter(pk__in=keys).update(state=State.STOPPED, stop_reason=reason, settled_at=at)


def updated(row: Reminder, fact: DueFact) -> bool:
    """Make a row say what the fact says now, and wake it up if it was stopped; False when nothing changed."""
    fresh = row_of(fact)
    same = row.state == State.PLANNED and all(getattr(row, name) == getattr(fresh, name) for name in SAID)
    for name in ("state", "stop_reason", "settled_at", *SAID):
        setattr(row, name, getattr(fresh, name))
    return not same


def row_of(fact: DueFact) -> Reminder:
    return Reminder(**{**vars(fact), "subject": fact.subject[:SUBJECT_LENGTH]})


def withdraw(facts: Mapping[Key, DueFact], at: datetime) -> None:
    """Stop the mails that have not left yet, the mail server being down, and whose fact is gone meanwhile."""
    queued = OutboundEmail.objects.select_for_update(skip_locked=True).filter(
        kind__startswith=MAIL_KIND, state=OutboundEmail.State.QUEUED
    )
    gone = {key: mail.pk for mail in queued if (key := key_of_mail(mail)) not in facts}
    if not gone:
        return
    OutboundEmail.objects.filter(pk__in=gone.values()).update(state=OutboundEmail.State.STOPPED)
    sent = Reminder.objects.filter(state=State.SENT, object_key__in={key[1] for key in gone})
    stop([row for row in sent if key_of(row) in gone], at)


def key_of_mail(mail: OutboundEmail) -> Key:
    return (mail.kind.removeprefix(MAIL_KIND), mail.object_key, mail.recipient, datetime.fromisoformat(mail.period))


def send_due(at: datetime, *, limit: int = 500) -> int:
    """Turn the reminders of today into mails, unless their rule is paused for their call; yesterday's stop."""
    paused = set(ReminderRuleState.objects.values_list("rule", "call_key"))
    due = Reminder.objects.select_for_update().filter(state=State.PLANNED, due_at__lte=at)
    rows = list(due.exclude(recipient__in=holding(at)).order_by("due_at", "pk")[:limit])
    stop([row for row in rows if day_of(row.due_at) != day_of(at)], at, LATE)
    today = [row for row in rows if day_of(row.due_at) == day_of(at)]
    for row in today:
        row.state, row.settled_at = State.PAUSED if (row.rule, row.call_key) in paused else State.SENT, at
    Reminder.objects.bulk_update(today, ["state", "settled_at"], batch_size=500)
    senders, leaving = cache(sender_for), [row for row in today if row.state == State.SENT]
    for row in leaving:
        enqueue_email(mail_of(row, senders(row.call_key)), at=at)
    return len(leaving)


def mail_of(row: Reminder, sender: Sender) -> Mail:
    """The mail of a reminder; at most once: an uncertain one is shown to staff rather than repeated."""
    return compose(
        "home/reminder",
        kind=f"{MAIL_KIND}{row.rule}",
        object_key=row.object_key,
        recipient=row.recipient,
        sender=sender,
        context={"reminder": row},
        action=Action("Ouvrir le portail", row.action_url),
        guarantee=OutboundEmail.Guarantee.AT_MOST_ONCE,
        period=row.due_at.isoformat(),
    )
