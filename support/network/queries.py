"""The club of an organiser: its laureates, its meetings."""

from datetime import datetime

from django.db.models import Q, QuerySet

from calls.models import CallRole
from calls.queries import active_roles
from portal.accounts.models import Organisation, User
from support.plan.models import SupportPlan
from support.plan.queries import plans_visible_to

from .models import ClubEvent


def clubs_of(user: User, at: datetime) -> QuerySet[Organisation]:
    """The organisers whose club this person belongs to: staff of their calls, people of their laureates."""
    staffed = Q(calls__in=CallRole.objects.filter(active_roles(at), user=user).values("call_id"))
    laureate = Q(calls__applications__support_plan__in=plans_visible_to(user, at).values("pk"))
    return Organisation.objects.filter(staffed | laureate, profile__isnull=False).distinct().order_by("name")


def laureates_of(owner: Organisation) -> QuerySet[SupportPlan]:
    """The supported files of an organiser, the latest first."""
    plans = SupportPlan.objects.filter(application__call__owner=owner)
    return plans.select_related("application__lead", "application__call").order_by("-starts_on", "application__number")


def events_to_come(owner: Organisation, at: datetime) -> QuerySet[ClubEvent]:
    return owner.club_events.filter(held_at__gte=at)


def can_convene(user: User, owner: Organisation, at: datetime) -> bool:
    """Managers and advisers of the organiser's calls."""
    return CallRole.objects.filter(
        active_roles(at), user=user, call__owner=owner, role__in=["manager", "adviser"]
    ).exists()
