"""Who sees which support plans."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from calls.queries import within_scope
from portal.accounts.models import Membership, User

from . import states
from .models import LogEntry, Phase, SupportPlan

SILENCE = timedelta(weeks=4)


def plans_visible_to(user: User, at: datetime) -> QuerySet[SupportPlan]:
    """Those of the calls where the person works, within their scope, and those of their confirmed organisations."""
    staffed = within_scope(user, at, call="application__call_id", commune="application__lead__commune_id")
    plans = SupportPlan.objects.filter(staffed | as_member(user)).distinct()
    return plans.select_related(
        "application__call__owner__profile", "application__lead__commune", "adviser", "agreement", "end_report"
    )


def as_member(user: User) -> Q:
    """The plans of the files of a person's confirmed organisations."""
    mine = Membership.objects.filter(user=user, state=Membership.State.CONFIRMED).values("organisation_id")
    return Q(
        application__members__organisation__in=mine,
        application__members__confirmed_at__isnull=False,
        application__members__left_at=None,
    )


def of_communes(user: User) -> QuerySet[SupportPlan]:
    """The supports of a person's communes."""
    return SupportPlan.objects.filter(as_member(user)).distinct()


def with_progress(plans: QuerySet[SupportPlan], today: date) -> QuerySet[SupportPlan]:
    """What the desk shows of each: late deliverables, deliverables left, last news, days given."""
    left = Phase.objects.filter(plan=OuterRef("pk"), done_on=None)
    return plans.annotate(
        late=counted_by_plan(left.filter(ends_on__lt=today)),
        left=counted_by_plan(left),
        last_entry_on=Subquery(
            LogEntry.objects.filter(plan=OuterRef("pk")).order_by("-happened_on", "-pk").values("happened_on")[:1]
        ),
        days_given=Coalesce(
            Subquery(
                LogEntry.objects.filter(plan=OuterRef("pk"))
                .order_by()
                .values("plan")
                .annotate(n=Sum("days"))
                .values("n")
            ),
            Value(Decimal(0)),
        ),
    ).prefetch_related("phases")


def counted_by_plan(rows: QuerySet[Phase]) -> Coalesce:
    """How many of these rows the plan has."""
    return Coalesce(Subquery(rows.order_by().values("plan").annotate(n=Count("pk")).values("n")), Value(0))


def silent(today: date) -> Q:
    """Supports under way without any news for four weeks; to be put after `with_progress`."""
    since = today - SILENCE
    heard = Q(last_entry_on__lt=since) | Q(last_entry_on=None, starts_on__lt=since)
    return Q(state=states.ACTIVE) & heard


def log_visible_to(plan: SupportPlan, *, staff: bool) -> QuerySet[LogEntry]:
    """Internal entries are for the service only."""
    entries = plan.log.select_related("author", "file")
    return entries if staff else entries.filter(visibility=LogEntry.Visibility.SHARED)


def days_spent(plan: SupportPlan):
    """Days of support given so far."""
    return plan.log.aggregate(total=Sum("days"))["total"] or 0
