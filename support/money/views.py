"""Money sought for the works of a supported commune."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.downloads import text_response
from support.plan.views import followed_plan

from .exports import deadlines_calendar
from .filters import FundingFilter
from .forms import FundingForm
from .queries import by_deadline, counted, requests_visible_to, to_ask

MOST_EVENTS = 200


@require_safe
def funding_board(request: HttpRequest) -> HttpResponse:
    """Every aid looked for in the projects that one follows: the nearest deadline first."""
    now = portal_now()
    requests, today = requests_visible_to(request.user, now), day_of(now)
    found = FundingFilter(request.GET, requests, today=today)
    context = {
        "filter": found.form,
        "counts": counted(requests, today),
        "page": Paginator(by_deadline(found.qs, today), 25).get_page(request.GET.get("page")),
        "today": today,
    }
    return render(request, "support/money/board.html", context)


@require_safe
def funding_calendar(request: HttpRequest) -> HttpResponse:
    """The deadlines of the board, for the calendar of a post."""
    now = portal_now()
    rows = to_ask(requests_visible_to(request.user, now), day_of(now))[:MOST_EVENTS]
    return text_response(deadlines_calendar(rows, now), name="aides-a-demander.ics", content_type="text/calendar")


def funding_edit(request: HttpRequest, uuid: str, pk: int | None = None) -> HttpResponse:
    """Add a funding request, or say where it stands."""
    plan = followed_plan(request, uuid)
    row = get_object_or_404(plan.funding_requests, pk=pk) if pk else None
    form = FundingForm(request.POST or None, instance=row, plan=plan, initial={"status_on": day_of(portal_now())})
    if request.method == "POST" and form.is_valid():
        form.instance.plan, form.instance.recorded_by = plan, request.user
        form.save()
        messages.success(request, "Le financement est à jour.")
        return redirect("support_plan", uuid)
    return render(request, "support/funding_form.html", {"form": form, "plan": plan})
