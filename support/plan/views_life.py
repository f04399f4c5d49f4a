"""The life of a support: what has happened, and the acts of the team."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from calls.queries import staff_of
from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.rules import Refused
from portal.core.workflow import Transition

from . import services_life, states
from .forms_life import LifeForm
from .models import SupportPlan
from .views import followed_plan, plan_for, show_form


def plan_act(request: HttpRequest, uuid: str, act: str) -> HttpResponse:
    """Pause, resume, extend, hand over or end a support."""
    plan, now = followed_plan(request, uuid), portal_now()
    transition = states.PLAN_TRANSITIONS.get(act)
    if transition is None:
        raise Http404
    advisers = staff_of(plan.application.call, now, "adviser").exclude(pk=plan.adviser_id)
    data = request.POST if request.method == "POST" else None
    form = LifeForm(data, transition=transition, advisers=advisers, ends_on=plan.ends_on)
    if request.method == "POST" and form.is_valid():
        try:
            act_on(plan, transition, request, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{services_life.TITLES[transition]} : la commune en est informée.")
            return redirect("support_plan", uuid)
    back = reverse("support_plan", args=[uuid])
    return show_form(request, plan, form, title=transition.label, verb=transition.label, back=back)


def act_on(plan: SupportPlan, transition: Transition, request: HttpRequest, told: dict[str, Any]) -> None:
    by, at = request.user, portal_now()
    if transition == states.EXTEND:
        services_life.extend(plan=plan, by=by, at=at, **told)
    elif transition == states.HAND_OVER:
        services_life.hand_over(plan=plan, by=by, at=at, **told)
    elif transition == states.END:
        services_life.end(plan=plan, by=by, at=at, **told)
    else:
        services_life.change_plan(plan=plan, transition=transition, by=by, at=at, **told)


@require_safe
def plan_end_report(request: HttpRequest, uuid: str) -> HttpResponse:
    """The frozen end report."""
    return document_response(plan_for(request, uuid).end_report)
