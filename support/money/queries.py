"""The aids looked for: who sees which, their deadlines; the last day on which money moved for a file."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Sum, Value, When

from portal.accounts.models import User
from support.plan.queries import of_communes, plans_visible_to

from .models import FundingRequest
from .queries_awards import files_with_awards


def last_days(files: Collection[int]) -> dict[int, date]:
    """The latest day of an aid looked for or paid, for each file (primary keys)."""
    rows = FundingRequest.objects.filter(plan__application__in=files).values("plan__application")
    looked_for = dict(rows.annotate(day=Max("status_on")).values_list("plan__application", "day"))
    granted = files_with_awards(files)
    return {file: max(rows[file] for rows in (looked_for, granted) if file in rows) for file in {*looked_for, *granted}}


SOUGHT = (FundingRequest.Status.CONSIDERED, FundingRequest.Status.ASKED)


def requests_visible_to(user: User, at: datetime) -> QuerySet[FundingRequest]:
    """Those of the plans that a person reads, with their commune."""
    rows = FundingRequest.objects.filter(plan__in=plans_visible_to(user, at).order_by().values("pk"))
    return rows.select_related("plan__application__lead__commune", "plan__application__call", "action")


def to_ask(requests: QuerySet[FundingRequest], today: date) -> QuerySet[FundingRequest]:
    """Still to be asked, their deadline to come: the nearest first."""
    rows = requests.filter(status=FundingRequest.Status.CONSIDERED, deadline_on__gte=today)
    return rows.order_by("deadline_on", "pk")


def by_deadline(requests: QuerySet[FundingRequest], today: date) -> QuerySet[FundingRequest]:
    """What is to be asked first, by deadline; then what was asked, then the rest."""
    first = Case(
        When(status=FundingRequest.Status.CONSIDERED, deadline_on__gte=today, then=Value(0)),
        When(status__in=SOUGHT, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return requests.annotate(place=first).order_by("place", "deadline_on", "pk")


def counted(requests: QuerySet[FundingRequest], today: date) -> dict[str, int]:
    """How many, how many to ask, and the euros asked and granted: one query."""
    granted = Q(status__in=[FundingRequest.Status.GRANTED, FundingRequest.Status.PAID])
    waiting = Q(status=FundingRequest.Status.CONSIDERED, deadline_on__gte=today)
    return requests.order_by().aggregate(
        total=Count("pk"), waiting=Count("pk", filter=waiting),
        asked=Sum("amount", filter=Q(status=FundingRequest.Status.ASKED)), granted=Sum("amount", filter=granted),
    )  # fmt: skip


def to_ask_soon(user: User, today: date) -> QuerySet[FundingRequest]:
    """What a person accompanies, or their communes, have still to ask."""
    mine = Q(plan__adviser=user) | Q(plan__in=of_communes(user).order_by().values("pk"))
    rows = FundingRequest.objects.filter(mine, plan__state="active")
    return to_ask(rows.select_related("plan__application__lead"), today)
