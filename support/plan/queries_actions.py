"""The actions that a person may read, in one plan or across all those that they follow."""

from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from portal.accounts.models import User

from . import states
from .models import ActionTransition, PlanAction, SupportPlan
from .queries import plans_visible_to

LATE_STATES = states.OPEN_ACTIONS


def late(today: date) -> Q:
    """Actions not delivered whose end is past."""
    return Q(state__in=LATE_STATES, ends_on__lt=today)


def actions_visible_to(user: User, at: datetime) -> QuerySet[PlanAction]:
    """Those of the plans that the person may read, with their commune."""
    actions = PlanAction.objects.filter(plan__in=plans_visible_to(user, at).order_by().values("pk"))
    return actions.select_related("plan__application__lead__commune", "plan__application__call")


def by_urgency(actions: QuerySet[PlanAction]) -> QuerySet[PlanAction]:
    """The blocked ones first, then those that end soonest."""
    first = Case(When(state=states.BLOCKED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return actions.annotate(urgency=first).order_by("urgency", "ends_on", "pk")


def counted(actions: QuerySet[PlanAction], today: date) -> dict[str, int]:
    """How many in all, in each state, and late: one query."""
    named = {state: Count("pk", filter=Q(state=state)) for state, _ in states.ACTION_CHOICES}
    return actions.order_by().aggregate(total=Count("pk"), late=Count("pk", filter=late(today)), **named)


def axes_of(plan: SupportPlan) -> list[str]:
    """The axes that the actions of a plan already bear, by name."""
    return list(plan.actions.exclude(axis="").order_by("axis").values_list("axis", flat=True).distinct())


def history_of(action: PlanAction) -> QuerySet[ActionTransition]:
    """What happened to an action, the latest first."""
    return action.transitions.select_related("by").order_by("-happened_at", "-pk")
