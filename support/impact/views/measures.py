"""What came of it: measures of the call's indicators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from support.plan.views import followed_plan

from ..forms.measure import MeasureForm


def measure_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """One value of one indicator, dated and sourced."""
    plan = followed_plan(request, uuid)
    form = MeasureForm(request.POST or None, plan=plan, initial={"measured_on": day_of(portal_now())})
    if request.method == "POST" and form.is_valid():
        form.instance.plan, form.instance.recorded_by = plan, request.user
        form.save()
        messages.success(request, "La mesure est enregistrée.")
        return redirect("support_plan", uuid)
    return render(request, "support/measure_form.html", {"form": form, "plan": plan})
