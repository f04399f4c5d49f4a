"""Days given: by adviser against their ceiling, by commune and kind of support."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from calls.models import Call
from calls.queries import calls_staffed_by, staff_of
from portal.accounts.models import User

from . import states
from .models import Ceiling, LogEntry, SupportPlan

ALERT = Decimal("0.9")  # from nine tenths of the ceiling, one is told


@dataclass(frozen=True)
class Load:
    """What one adviser carries in one call: projects under way, days given, days that they can give (or None)."""

    user: User
    projects: int
    days: Decimal
    ceiling: int | None

    @property
    def over(self) -> bool:
        return self.ceiling is not None and self.days >= self.ceiling * ALERT

    @property
    def left(self) -> Decimal | None:
        return None if self.ceiling is None else self.ceiling - self.days


def calls_with_support(user: User, at: datetime) -> QuerySet[Call]:
    """The calls of which the person leads or gives the support, whole, and where one is under way."""
    calls = calls_staffed_by(user, at, "manager", "adviser", whole=True)
    return calls.filter(applications__support_plan__isnull=False).distinct().order_by("-pk")


def loads_of(call: Call, at: datetime) -> list[Load]:
    """One row for each adviser of a call: three queries."""
    projects = dict(
        SupportPlan.objects.filter(application__call=call, state=states.ACTIVE, adviser__isnull=False)
        .order_by()
        .values_list("adviser")
        .annotate(n=Count("pk"))
    )
    entries = LogEntry.objects.filter(plan__application__call=call).order_by().values_list("author")
    days = dict(entries.annotate(n=Sum("days")))
    ceilings = dict(Ceiling.objects.filter(call=call).values_list("user", "days"))
    people = staff_of(call, at, "adviser") | User.objects.filter(pk__in=projects)
    return [
        Load(user, projects.get(user.pk, 0), days.get(user.pk, Decimal(0)), ceilings.get(user.pk))
        for user in people.distinct().order_by("pk")
    ]


def days_by_kind(plans: list[SupportPlan]) -> dict[int, dict[str, Decimal]]:
    """The days given to each plan by kind of support (visit, call, meeting…), in one query."""
    rows = LogEntry.objects.filter(plan__in=plans, days__gt=0).order_by().values_list("plan", "kind")
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for plan, kind, days in rows.annotate(n=Sum("days")):
        found[plan][kind] = days
    return dict(found)


def supported(call: Call) -> QuerySet[SupportPlan]:
    """The supports of a call, in the order of their files."""
    plans = SupportPlan.objects.filter(Q(application__call=call))
    return plans.select_related("application__lead").order_by("application__number")
