"""Mails of the support: in the name of the organiser, to the people of the communes or of the team."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from applications.queries.staff import recipients_by_file
from calls.queries import sender_of
from portal.core.mailing import Action, compose
from portal.core.models import FrozenDocument
from portal.core.outbox import enqueue_emails

from .models import SupportPlan


def commune_people(plan: SupportPlan) -> set[str]:
    """The addresses of those who write for the communes of a plan."""
    return set(recipients_by_file([plan.application_id]).get(plan.application_id, []))


def team_people(plan: SupportPlan) -> set[str]:
    """The adviser's address, if there is one."""
    return {plan.adviser.email} if plan.adviser and plan.adviser.is_active else set()


def write(
    plan: SupportPlan,
    template: str,
    *,
    to: Iterable[str],
    fact: str,
    at: datetime,
    label: str = "Ouvrir l’accompagnement",
    path: str = "",
    attachment: FrozenDocument | None = None,
    **context: Any,
) -> None:
    """One mail to each address about one fact of the plan (« plan-pause:12 »); never twice."""
    enqueue_emails(
        [
            compose(
                f"support/{template}",
                kind=f"support.{template}",
                object_key=fact,
                recipient=address,
                sender=sender_of(plan.application.call),
                context={"plan": plan, "application": plan.application, **context},
                action=Action(label, path or reverse("support_plan", args=[plan.uuid])),
                attachment=attachment,
            )
            for address in sorted(set(to))
        ],
        at=at,
    )
