"""Reminders of the money: an aid that lapses if nothing begins, or if its balance is not asked; one to be asked."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from applications.queries.staff import recipients_by_file
from calls.grants import euros
from calls.reminders import offsets_of
from portal.core.calendar import day_of, wall_clock
from portal.core.due import DueFact
from portal.core.typography import format_date, typeset

from .models import Award, FundingRequest
from .queries import to_ask
from .queries_awards import lapse_day, may_lapse

RULE, ASK_RULE = RULES = ("award_lapse", "funding_due")


def due_facts(at: datetime) -> Iterator[DueFact]:
    """To the people of the communes and to the adviser, before the day is past."""
    today = day_of(at)
    awards = [row for row in may_lapse(today) if (lapse_day(row) or today) >= today]
    people = recipients_by_file({row.plan.application_id for row in awards})
    for award in awards:
        day = lapse_day(award)
        adviser = award.plan.adviser
        to = {*people.get(award.plan.application_id, []), *([adviser.email] if adviser and adviser.is_active else [])}
        for recipient in sorted(to) if day else ():
            for offset in offsets_of(award.plan.application.call, RULE):
                yield fact(award, day, recipient, wall_clock(day + timedelta(days=offset.days), offset.at))

    yield from asking_facts(today)


def asking_facts(today: date) -> Iterator[DueFact]:
    """An aid considered, whose funder takes requests until a day."""
    active = FundingRequest.objects.filter(plan__state="active")
    rows = list(
        to_ask(active.select_related("plan__application__call", "plan__application__lead", "plan__adviser"), today)
    )
    people = recipients_by_file({row.plan.application_id for row in rows})
    for row in rows:
        adviser = row.plan.adviser
        to = {*people.get(row.plan.application_id, []), *([adviser.email] if adviser and adviser.is_active else [])}
        for recipient in sorted(to):
            for offset in offsets_of(row.plan.application.call, ASK_RULE):
                due_at = wall_clock(row.deadline_on + timedelta(days=offset.days), offset.at)  # type: ignore[operator]
                yield asking_fact(row, recipient, due_at)


def asking_fact(row: FundingRequest, recipient: str, due_at: datetime) -> DueFact:
    file, day = row.plan.application, format_date(row.deadline_on)  # type: ignore[arg-type]
    body = f"{file.title}. {euros(row.amount)} sont envisagés. Ce rappel cesse dès que l’aide est demandée."
    return DueFact(
        rule=ASK_RULE,
        object_key=f"funding:{row.pk}",
        call_key=f"call:{file.call.slug}",
        recipient=recipient,
        due_at=due_at,
        subject=typeset(f"Aide à demander à {row.funder} avant le {day}"),
        body=typeset(body),
        action_url=f"/accompagnement/{row.plan.uuid}/argent/",
    )


def fact(award: Award, day: date, recipient: str, due_at: datetime) -> DueFact:
    starting = day == award.start_by and not award.started_on
    what = "déclarer le commencement" if starting else "demander le solde"
    file = award.plan.application
    body = (
        f"{file.title}. {award.funder} a accordé {euros(award.amount)} ({award.act_number}). Après le "
        f"{format_date(day)}, l’aide peut devenir caduque. Ce rappel cesse dès que c’est fait."
    )
    return DueFact(
        rule=RULE,
        object_key=f"award:{award.uuid}",
        call_key=f"call:{file.call.slug}",
        recipient=recipient,
        due_at=due_at,
        subject=typeset(f"Aide de {award.funder} : {what} avant le {format_date(day)}"),
        body=typeset(body),
        action_url=f"/aides/{award.uuid}/",
    )
