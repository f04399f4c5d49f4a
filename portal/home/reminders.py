"""The planner: facts that fall due become rows of one ledger; a row whose fact no longer holds stops.

Rules live in the apps (`due_facts`); here they are only collected, planned, stopped and sent.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from applications.due_facts import due_facts as application_facts
from juries.due_facts import due_facts as jury_facts
from portal.core.due import DueFact
from portal.core.mailing import Action, Sender, compose
from portal.core.models import OutboundEmail, Reminder, ReminderRuleState
from portal.core.outbox import enqueue_email
from support.plan.due_facts import due_facts as support_facts

from .senders import sender_for

SOURCES = (application_facts, jury_facts, support_facts)
DONE = "La chose est faite, ou n’est plus attendue."


def all_facts(at: datetime) -> Iterable[DueFact]:
    """Every fact that holds now and falls due later, from every app."""
    for source in SOURCES:
        yield from source(at)


@transaction.atomic
def plan(at: datetime) -> None:
    """Write the reminders of the facts that hold, stop the planned ones whose fact is gone. Idempotent."""
    facts = {key_of(fact): fact for fact in all_facts(at)}
    planned = {
        (row.rule, row.object_key, row.recipient, row.due_at): row
        for row in Reminder.objects.select_for_update().filter(state=Reminder.State.PLANNED)
    }
    gone = [row.pk for key, row in planned.items() if key not in facts]
    Reminder.objects.filter(pk__in=gone).update(state=Reminder.State.STOPPED, stop_reason=DONE, settled_at=at)
    new = [row_of(fact) for key, fact in facts.items() if key not in planned and fact.due_at > at]
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    # A fact may hold again (a deposited file withdrawn, then rewritten): its row wakes up.
    for key, fact in facts.items():
        if key not in planned and fact.due_at > at:
            stopped = Reminder.objects.filter(
                rule=key[0], object_key=key[1], recipient=key[2], due_at=key[3], state=Reminder.State.STOPPED
            )
            stopped.update(state=Reminder.State.PLANNED, stop_reason="", settled_at=None)


def key_of(fact: DueFact) -> tuple[str, str, str, datetime]:
    return (fact.rule, fact.object_key, fact.recipient, fact.due_at)


def row_of(fact: DueFact) -> Reminder:
    return Reminder(**vars(fact))


def send_due(at: datetime, *, limit: int = 500) -> int:
    """Turn the due reminders into mails, unless their rule is paused for their call. Returns how many left."""
    paused = set(ReminderRuleState.objects.values_list("rule", "call_key"))
    sent = 0
    with transaction.atomic():
        due = Reminder.objects.select_for_update(skip_locked=True).filter(state=Reminder.State.PLANNED, due_at__lte=at)
        for row in due.order_by("due_at", "pk")[:limit]:
            is_paused = (row.rule, row.call_key) in paused
            row.state = Reminder.State.PAUSED if is_paused else Reminder.State.SENT
            row.settled_at = at
            row.save(update_fields=["state", "settled_at"])
            if not is_paused:
                enqueue_email(mail_of(row, sender_for(row.call_key)), at=at)
                sent += 1
    return sent


def mail_of(row: Reminder, sender: Sender):
    """The mail of a reminder; at most once: an uncertain one is shown to staff rather than repeated."""
    return compose(
        "home/reminder",
        kind=f"reminder.{row.rule}",
        object_key=row.object_key,
        recipient=row.recipient,
        sender=sender,
        context={"reminder": row},
        action=Action("Ouvrir le portail", row.action_url),
        guarantee=OutboundEmail.Guarantee.AT_MOST_ONCE,
        period=row.due_at.isoformat(),
    )


def tick(at: datetime) -> int:
    """What the scheduler does every five minutes: stop what is done, plan what is new, send what is due."""
    plan(at)
    return send_due(at)
