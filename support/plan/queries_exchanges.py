"""Meetings, tasks, visits and messages that a person may read."""

from datetime import datetime

from django.db.models import Q, QuerySet

from applications.rules.files import confirmed_writer
from portal.accounts.models import Organisation, User

from . import states
from .models import Attendee, Meeting, SupportPlan, Task, Visit
from .queries import plans_visible_to


def meetings_visible_to(user: User, at: datetime) -> QuerySet[Meeting]:
    """Those of the plans that the person may read, and those of all the laureates of the calls of these plans."""
    plans = plans_visible_to(user, at).order_by()
    whole = Q(plan=None, call__in=plans.values("application__call_id"))
    meetings = Meeting.objects.filter(whole | Q(plan__in=plans.values("pk")))
    return meetings.select_related("call__owner__profile", "plan__application__lead", "minutes", "convened_by")


def meetings_of(plan: SupportPlan) -> QuerySet[Meeting]:
    """The meetings of a project, those of all the laureates included, the latest first."""
    return Meeting.objects.filter(Q(plan=plan) | Q(plan=None, call=plan.application.call)).select_related("minutes")


def my_answers(meeting: Meeting, user: User) -> QuerySet[Attendee]:
    """The places of a person's organisations at a meeting: whoever writes for them answers."""
    return meeting.attendees.filter(organisation__in=confirmed_writer(user).values("organisation"))


def organisations_of(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.filter(memberships__user=user, memberships__state="confirmed")


def unanswered(user: User, at: datetime) -> QuerySet[Attendee]:
    """The invitations to meetings to come that the person's organisations have not answered, the nearest first."""
    places = Attendee.objects.filter(organisation__in=confirmed_writer(user).values("organisation"), answer="")
    to_come = places.filter(meeting__state=states.PLANNED, meeting__held_at__gte=at)
    return to_come.select_related("meeting").order_by("meeting__held_at", "pk")


def tasks_left(plans: QuerySet[SupportPlan]) -> QuerySet[Task]:
    """What meetings asked and nobody has done, the nearest first."""
    left = Task.objects.filter(done_on=None, plan__in=plans.order_by().values("pk"), plan__state=states.ACTIVE)
    return left.select_related("meeting", "plan__application__lead").order_by("due_on", "pk")


def visits_to_come(plan: SupportPlan) -> QuerySet[Visit]:
    """The visits planned and not yet reported."""
    return plan.visits.filter(entry=None, cancelled_on=None)
