"""What the support awaits: the next deliverable of each plan."""

from datetime import datetime

from django.urls import reverse

from portal.accounts.models import User
from portal.core.ui import Action

from .queries import plans_visible_to


def actions_for(user: User, at: datetime) -> list[Action]:
    """The nearest deliverable of each plan that the person follows or whose commune is theirs."""
    rows = []
    for plan in plans_visible_to(user, at).prefetch_related("phases").order_by("pk")[:40]:
        phase = next((phase for phase in plan.phases.all() if phase.done_on is None), None)
        if phase and phase.starts_on <= at.date():
            rows.append(
                Action(
                    title=phase.deliverable or phase.title,
                    url=reverse("support_plan", args=[plan.uuid]),
                    verb="Ouvrir",
                    due=phase.ends_on,
                    consequence=f"{plan.application.lead} : phase « {phase.title} »",
                    holds_up="La suite de l’accompagnement l’attend.",
                )
            )
    return rows
