"""Reminders of the network: an expertise is owed by a body."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from calls.reminders import offsets_of
from portal.core.calendar import day_of, wall_clock
from portal.core.due import DueFact
from portal.core.typography import format_date

from . import states
from .models import ExpertiseRequest

RULE = "expertise_due"
LONGEST = timedelta(days=365)


def due_facts(at: datetime) -> Iterator[DueFact]:
    """Requests given to a body and not answered, to its address in the directory."""
    owed = ExpertiseRequest.objects.filter(
        state__in=states.WITH_BODY, due_on__gte=day_of(at) - LONGEST, plan__state="active", body__active=True
    )
    for row in owed.select_related("plan__application__call", "plan__application__lead", "body").order_by("pk"):
        application = row.plan.application
        for offset in offsets_of(application.call, RULE):
            if offset.days <= 0 and row.due_on < day_of(at):
                continue
            yield DueFact(
                rule=RULE,
                object_key=f"expertise:{row.pk}",
                call_key=f"call:{application.call.slug}",
                recipient=row.body.email,
                due_at=wall_clock(row.due_on + timedelta(days=offset.days), offset.at),
                subject=f"Expertise attendue le {format_date(row.due_on)} : {row.subject}",
                body=f"{application.lead} attend votre réponse au sujet de « {row.subject} » ({row.theme}). Le lien "
                "reçu avec la demande sert à la rendre ; ce rappel cesse dès qu’elle est rendue.",
                action_url=f"/expertises/{row.uuid}/",
            )
