"""Reminders of the support: the deliverable of a phase falls due."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from applications.queries_staff import recipients_by_file
from calls.reminders import Offset, offsets_of
from portal.core.calendar import day_of, wall_clock
from portal.core.due import DueFact
from portal.core.typography import format_date

from .models import Phase

RULE = "milestone_due"
LONGEST = timedelta(days=365)  # the furthest offset that a call may write


def due_facts(at: datetime) -> Iterator[DueFact]:
    """Phases not done, to the adviser and the people of the commune."""
    today = day_of(at)
    phases = Phase.objects.filter(done_on=None, ends_on__gte=today - LONGEST).select_related(
        "plan__application__call", "plan__application__lead", "plan__adviser"
    )
    rows = list(phases.order_by("pk"))
    people = recipients_by_file([phase.plan.application_id for phase in rows])
    for phase in rows:
        adviser = [phase.plan.adviser.email] if phase.plan.adviser else []
        for recipient in sorted({*adviser, *people.get(phase.plan.application_id, [])}):
            for offset in offsets_of(phase.plan.application.call, RULE):
                if offset.days > 0 or phase.ends_on >= today:
                    yield fact(phase, recipient, offset)


def fact(phase: Phase, recipient: str, offset: Offset) -> DueFact:
    application = phase.plan.application
    deliverable = phase.deliverable or phase.title
    verb = "s’est terminée" if offset.days > 0 else "se termine"
    return DueFact(
        rule=RULE,
        object_key=f"phase:{phase.pk}",
        call_key=f"call:{application.call.slug}",
        recipient=recipient,
        due_at=wall_clock(phase.ends_on + timedelta(days=offset.days), offset.at),
        subject=f"{deliverable} : attendu le {format_date(phase.ends_on)}",
        body=f"Projet « {application.title} », {application.lead}. La phase « {phase.title} » {verb} le "
        f"{format_date(phase.ends_on)}. Ce rappel cesse dès que le livrable est remis.",
        action_url=f"/accompagnement/{phase.plan.uuid}/",
    )
