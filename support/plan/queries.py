"""Who sees which support plans."""

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum

from calls.queries import within_scope
from portal.accounts.models import Membership, User

from .models import LogEntry, SupportPlan


def plans_visible_to(user: User, at: datetime) -> QuerySet[SupportPlan]:
    """Those of the calls where the person works, within their scope, and those of their confirmed organisations."""
    staffed = within_scope(user, at, call="application__call_id", commune="application__lead__commune_id")
    mine = Membership.objects.filter(user=user, state=Membership.State.CONFIRMED).values("organisation_id")
    members = Q(
        application__members__organisation__in=mine,
        application__members__confirmed_at__isnull=False,
        application__members__left_at=None,
    )
    plans = SupportPlan.objects.filter(staffed | members).distinct()
    return plans.select_related(
        "application__call__owner__profile", "application__lead__commune", "adviser", "agreement"
    )


def with_progress(plans: QuerySet[SupportPlan], today: datetime) -> QuerySet[SupportPlan]:
    """Counts that the list shows: late deliverables, last entry of the logbook."""
    return plans.annotate(
        late=Count("phases", filter=Q(phases__done_on=None, phases__ends_on__lt=today), distinct=True),
        left=Count("phases", filter=Q(phases__done_on=None), distinct=True),
        last_entry_on=Max("log__happened_on"),
    ).prefetch_related("phases")


def log_visible_to(plan: SupportPlan, *, staff: bool) -> QuerySet[LogEntry]:
    """Internal entries are for the service only."""
    entries = plan.log.select_related("author")
    return entries if staff else entries.filter(visibility=LogEntry.Visibility.SHARED)


def days_spent(plan: SupportPlan):
    """Days of support given so far."""
    return plan.log.aggregate(total=Sum("days"))["total"] or 0
