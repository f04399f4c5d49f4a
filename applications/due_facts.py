"""Reminders of drafts: seven and two days before the limit, at 9:00 on the Paris clock, until the deposit."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse

from portal.accounts.models import Membership
from portal.core.calendar import offset_from
from portal.core.due import DueFact
from portal.core.typography import format_instant, format_quantity, typeset

from . import states
from .emails import object_key, of_applicant
from .models import Application

RULE = "draft_not_deposited"
DAYS_BEFORE = (7, 2)
HOUR = time(9)
WRITERS = (Membership.Right.EDITOR, Membership.Right.SIGNATORY)


def due_facts(at: datetime) -> Iterator[DueFact]:
    """One fact per draft still open, per day and per person who writes or signs; three queries."""
    drafts = Application.objects.filter(state=states.DRAFT, call__state="published", window__closes_at__gt=at)
    files = list(drafts.select_related("call", "window", "lead__commune").order_by("pk"))
    people = writers_of({application.lead_id for application in files})
    for application in files:
        for days in DAYS_BEFORE:
            due_at = offset_from(application.window.closes_at, days=-days, at=HOUR)
            if due_at > application.created_at:
                yield from (fact(application, days, due_at, address) for address in people[application.lead_id])


def writers_of(organisations: set[int]) -> dict[int, list[str]]:
    """Addresses of confirmed editors and signatories, by organisation."""
    held = Membership.objects.filter(
        organisation_id__in=organisations, right__in=WRITERS, state=Membership.State.CONFIRMED, user__is_active=True
    )
    people: dict[int, list[str]] = defaultdict(list)
    for organisation, address in held.order_by("user__email").values_list("organisation_id", "user__email"):
        people[organisation].append(address)
    return people


def fact(application: Application, days: int, due_at: datetime, address: str) -> DueFact:
    limit, call = format_instant(application.window.closes_at, seconds=True), application.call
    left = format_quantity(days, "jour")
    return DueFact(
        rule=RULE,
        object_key=object_key(application),
        call_key=f"call:{call.slug}",
        recipient=address,
        due_at=due_at,
        subject=typeset(f"Candidature {of_applicant(application)} : encore {left} pour déposer"),
        body=typeset(
            f"La candidature {of_applicant(application)} à l’appel « {call.title} » {call.edition} est un brouillon : "
            f"rien n’est déposé. L’appel sera clos le {limit}, heure de Paris."
        ),
        action_url=reverse("application", args=[application.uuid]),
    )
