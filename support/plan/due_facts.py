"""Reminders of the support: the deliverable of a phase falls due."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from applications.queries_staff import recipients_by_file
from portal.core.calendar import wall_clock
from portal.core.due import DueFact
from portal.core.typography import format_date

from .models import Phase

DAYS_BEFORE = (14, 2)
HOUR = time(9)


def due_facts(at: datetime) -> Iterator[DueFact]:
    """Phases not done, to the adviser and the people of the commune."""
    phases = Phase.objects.filter(done_on=None, ends_on__gte=at.date()).select_related(
        "plan__application__call", "plan__application__lead", "plan__adviser"
    )
    rows = list(phases.order_by("pk"))
    people = recipients_by_file([phase.plan.application_id for phase in rows])
    for phase in rows:
        adviser = [phase.plan.adviser.email] if phase.plan.adviser else []
        for recipient in sorted({*adviser, *people.get(phase.plan.application_id, [])}):
            for days in DAYS_BEFORE:
                yield fact(phase, recipient, days)


def fact(phase: Phase, recipient: str, days: int) -> DueFact:
    application = phase.plan.application
    deliverable = phase.deliverable or phase.title
    return DueFact(
        rule="milestone_due",
        object_key=f"phase:{phase.pk}",
        call_key=f"call:{application.call.slug}",
        recipient=recipient,
        due_at=wall_clock(phase.ends_on - timedelta(days=days), HOUR),
        subject=f"{deliverable} : attendu le {format_date(phase.ends_on)}",
        body=f"Projet « {application.title} », {application.lead}. La phase « {phase.title} » se termine le "
        f"{format_date(phase.ends_on)}. Ce rappel cesse dès que le livrable est remis.",
        action_url=f"/accompagnement/{phase.plan.uuid}/",
    )
