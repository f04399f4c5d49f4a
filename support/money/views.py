"""Money sought for the works of a supported commune."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from support.plan.views import followed_plan

from .forms import FundingForm


def funding_edit(request: HttpRequest, uuid: str, pk: int | None = None) -> HttpResponse:
    """Add a funding request, or say where it stands."""
    plan = followed_plan(request, uuid)
    row = get_object_or_404(plan.funding_requests, pk=pk) if pk else None
    form = FundingForm(request.POST or None, instance=row, initial={"status_on": day_of(portal_now())})
    if request.method == "POST" and form.is_valid():
        form.instance.plan, form.instance.recorded_by = plan, request.user
        form.save()
        messages.success(request, "Le financement est à jour.")
        return redirect("support_plan", uuid)
    return render(request, "support/funding_form.html", {"form": form, "plan": plan})
