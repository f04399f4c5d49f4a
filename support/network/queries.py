"""The club of an organiser: its laureates, its meetings."""

from datetime import datetime

from django.db.models import Q, QuerySet

from calls.queries import roles_held
from portal.accounts.models import Membership, Organisation, User
from support.plan.models import SupportPlan
from support.plan.queries import plans_visible_to

from .models import ClubEvent


def clubs_of(user: User, at: datetime) -> QuerySet[Organisation]:
    """The organisers whose club this person belongs to: staff of their calls, people of their laureates."""
    staffed = Q(calls__in=roles_held(user, at).values("call_id"))
    laureate = Q(calls__applications__support_plan__in=plans_visible_to(user, at).values("pk"))
    return Organisation.objects.filter(staffed | laureate, profile__isnull=False).distinct().order_by("name")


def laureates_of(owner: Organisation, user: User, at: datetime) -> QuerySet[SupportPlan]:
    """The supported files of an organiser, the latest first: laureates meet all the others, staff those they follow."""
    plans = SupportPlan.objects.filter(application__call__owner=owner)
    member = Q(
        application__members__organisation__memberships__in=confirmed_memberships(user),
        application__members__confirmed_at__isnull=False,
        application__members__left_at=None,
    )
    if not plans.filter(member).exists():
        plans = plans.filter(pk__in=plans_visible_to(user, at).values("pk"))
    return plans.select_related("application__lead", "application__call").order_by("-starts_on", "application__number")


def confirmed_memberships(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, state=Membership.State.CONFIRMED)


def events_to_come(owner: Organisation, at: datetime) -> QuerySet[ClubEvent]:
    return owner.club_events.filter(held_at__gte=at)


def can_convene(user: User, owner: Organisation, at: datetime) -> bool:
    """Managers and advisers of the organiser's calls."""
    return roles_held(user, at, "manager", "adviser").filter(call__owner=owner).exists()
