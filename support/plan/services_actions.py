"""Acts on the actions of a plan: write a sheet, change its state."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.rules import Refused
from portal.core.workflow import Transition, fire

from . import states
from .models import PlanAction, SupportPlan


@transaction.atomic
def save_action(action: PlanAction, *, plan: SupportPlan) -> PlanAction:
    """Write a sheet filled by its form; a new one takes the next reference of the plan (« A7 ») and the last place."""
    if action.pk is None:
        SupportPlan.objects.select_for_update().get(pk=plan.pk)
        action.plan, action.reference = plan, f"A{plan.actions.count() + 1}"
    action.save()
    return action


@transaction.atomic
def change_action(
    *, action: PlanAction, transition: Transition, by: User, at: datetime, reason: str = "", **told: Any
) -> None:
    """Engage, block, unblock, deliver, drop or reopen an action. Raises `Refused`.

    `told`: `blocked_side`, `blocked_by`, `blocked_until` (a day to come) of an obstacle; `delivered_on` (a day past).
    """
    today = day_of(at)
    if transition == states.BLOCK and told["blocked_until"] < today:
        raise Refused("Choisissez une date à venir : c’est le jour où l’on attend que le blocage soit levé.")
    if transition == states.DELIVER and told["delivered_on"] > today:
        raise Refused("Une action ne peut pas être livrée demain : indiquez la date réelle.")
    fire(action, transition, by=by, at=at, reason=reason, stamps={**cleared(transition), **told})


def cleared(transition: Transition) -> dict[str, str | date | None]:
    """Whoever leaves a blocked or delivered state leaves what it said; the log keeps the reason."""
    if transition in (states.UNBLOCK, states.DROP):
        return {"blocked_side": "", "blocked_by": "", "blocked_until": None}
    return {"delivered_on": None} if transition == states.REOPEN else {}
