"""The floor of the support's desks: plain views over the same rows (docs/decisions/040).

Frozen as `floor.py` is.
"""

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from support.plan.models import LogEntry, Phase, PlanAction, SupportPlan

from .floor import show

DESK, ACTIONS = 20, 25


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The supports of one's calls, those with late deliverables first."""
    today = day_of(portal_now())
    left = Phase.objects.filter(plan=OuterRef("pk"), done_on=None).order_by()
    entries = LogEntry.objects.filter(plan=OuterRef("pk"))
    late = left.filter(ends_on__lt=today).values("plan").annotate(n=Count("pk")).values("n")
    rows = SupportPlan.objects.filter(application__call__roles__user=request.user.pk).annotate(
        late=Coalesce(Subquery(late), 0),
        last=Subquery(entries.order_by("-happened_on").values("happened_on")[:1]),
        days=Subquery(entries.order_by().values("plan").annotate(n=Sum("days")).values("n")),
    )
    rows = rows.select_related("application__lead__commune", "application__call", "adviser").prefetch_related("phases")
    page = Paginator(rows.order_by("-late", "application__number"), DESK).get_page(request.GET.get("page"))
    return show(request, "supports", {"page": page})


@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """The actions of one's calls, the nearest end first, with the counts by state."""
    rows = PlanAction.objects.filter(plan__application__call__roles__user=request.user.pk)
    today = day_of(portal_now())
    late = Count("pk", filter=Q(ends_on__lt=today, state__in=("maturing", "engaged", "blocked")))
    counts = rows.order_by().aggregate(
        total=Count("pk"), late=late, blocked=Count("pk", filter=Q(state="blocked")),
        delivered=Count("pk", filter=Q(state="delivered")),
    )  # fmt: skip
    rows = rows.select_related("plan__application__lead__commune").order_by("ends_on", "pk")
    page = Paginator(rows, ACTIONS).get_page(request.GET.get("page"))
    return show(request, "actions", {"page": page, "counts": counts, "today": today})
