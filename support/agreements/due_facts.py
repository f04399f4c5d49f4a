"""Reminders of the agreements: the framework is to be signed by a computed day; signatures are awaited by another."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from applications.queries.staff import recipients_by_file
from calls.models import Call
from calls.queries import staff_of
from calls.reminders import offsets_of
from portal.core.calendar import day_of, wall_clock
from portal.core.due import DueFact
from portal.core.typography import format_date

from . import states
from .models import Agreement
from .queries_chain import awaiting_framework, framework_due

FRAMEWORK_RULE, SIGNATURE_RULE = RULES = ("framework_due", "signature_due")


def due_facts(at: datetime) -> Iterator[DueFact]:
    """To the people of the communes and to who manages the call; a fact that is past by a year says nothing more."""
    today = day_of(at)
    waiting = [(row, framework_due(row), FRAMEWORK_RULE) for row in with_files(awaiting_framework())]
    signing = Agreement.objects.filter(state=states.SIGNING, sign_by__isnull=False)
    waiting += [(row, row.sign_by, SIGNATURE_RULE) for row in with_files(signing)]
    due = [(row, day, rule) for row, day, rule in waiting if day and day >= today - timedelta(days=365)]
    people = recipients_by_file([line.application_id for row, _, _ in due for line in row.beneficiaries.all()])
    managers = {call: managers_of(call, at) for call in {row.call for row, _, _ in due}}
    for row, day, rule in due:
        theirs = {address for line in row.beneficiaries.all() for address in people.get(line.application_id, [])}
        for recipient in sorted({*theirs, *managers[row.call]}):
            for offset in offsets_of(row.call, rule):
                if offset.days > 0 or day >= today:
                    yield fact(row, day, rule, recipient, wall_clock(day + timedelta(days=offset.days), offset.at))


def with_files(rows: object) -> list[Agreement]:
    return list(rows.select_related("call").prefetch_related("beneficiaries").order_by("pk"))  # type: ignore[attr-defined]


def managers_of(call: Call, at: datetime) -> list[str]:
    return [person.email for person in staff_of(call, at, "manager")]


def fact(row: Agreement, day: date, rule: str, recipient: str, due_at: datetime) -> DueFact:
    if rule == FRAMEWORK_RULE:
        subject = f"Convention-cadre à signer avant le {format_date(day)}"
        body = (
            f"La convention {row.number}, en vigueur depuis le {format_date(row.effective_on)}, appelle une "
            f"convention-cadre dans les {row.follow_on_months} mois. Ce rappel cesse dès qu’elle est en vigueur."
        )
    else:
        subject = f"Convention {row.number} à signer avant le {format_date(day)}"
        body = "Des signatures manquent. Ce rappel cesse à la dernière signature."
    return DueFact(
        rule=rule,
        object_key=f"agreement:{row.uuid}",
        call_key=f"call:{row.call.slug}",
        recipient=recipient,
        due_at=due_at,
        subject=subject,
        body=f"{row.title}. {body}",
        action_url=f"/conventions/{row.uuid}/",
    )
