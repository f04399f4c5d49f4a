"""*Mes actions*: what each app awaits from a person, in one list by date."""

from datetime import date, datetime

from applications.actions import commune as application_actions
from applications.actions import opinion as actions_opinion
from applications.actions import staff as actions_staff
from calls import actions as call_actions
from juries import actions as jury_actions
from portal.accounts.actions import actions_for as claims_awaited
from portal.accounts.models import User
from portal.core import calendar
from portal.core.approvals import actions_for as approvals_awaited
from portal.core.ui import Action, Step
from support import actions as support_actions

SOURCES = (
    approvals_awaited,
    claims_awaited,
    call_actions.actions_for,
    application_actions.actions_for,
    actions_staff.actions_for,
    actions_opinion.actions_for,
    jury_actions.actions_for,
    support_actions.actions_for,
)
STEP_SOURCES = (
    jury_actions.first_steps_for,
    actions_staff.first_steps_for,
    application_actions.first_steps_for,
)


def actions_for(user: User, at: datetime) -> list[Action]:
    """Everything awaited from this person, the nearest date first, undated last."""
    rows = [action for source in SOURCES for action in source(user, at)]
    return sorted(rows, key=lambda action: (action.due is None, day_of(action.due)))


def first_steps_for(user: User, at: datetime) -> list[Step]:
    """The three first steps of the person's main space."""
    return next((steps for source in STEP_SOURCES if (steps := source(user, at))), [])


def day_of(due: date | datetime | None) -> date:
    if due is None:
        return date.max
    return calendar.day_of(due) if isinstance(due, datetime) else due
