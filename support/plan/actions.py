"""What the support awaits: the next deliverable of each plan."""

from datetime import datetime

from django.urls import reverse

from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.typography import typeset
from portal.core.ui import Action

from .queries import plans_visible_to
from .schedule import holds_up


def actions_for(user: User, at: datetime) -> list[Action]:
    """The nearest deliverable of each plan that the person follows or whose commune is theirs."""
    rows = []
    for plan in plans_visible_to(user, at).prefetch_related("phases").order_by("pk")[:40]:
        phase = next((phase for phase in plan.phases.all() if phase.done_on is None), None)
        if phase and phase.starts_on <= day_of(at):
            rows.append(
                Action(
                    title=phase.deliverable or phase.title,
                    url=reverse("support_plan", args=[plan.uuid]),
                    verb="Ouvrir",
                    due=phase.ends_on,
                    consequence=typeset(f"{plan.application.lead} : phase « {phase.title} »"),
                    holds_up=typeset(f"{plan.application.lead}. {holds_up(plan.phases.all(), phase)}"),
                )
            )
    return rows
