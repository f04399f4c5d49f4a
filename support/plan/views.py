"""The support: list for who follows it, one plan for commune and adviser alike."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from calls.queries import roles_held, staff_of
from portal.core import ui
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.workflow import possible

from . import presentation, services, states
from .actions import awaited_of_commune
from .forms import AdviserForm, DoneForm, LogForm
from .forms_desk import DeskFilter
from .models import LogEntry, SupportPlan
from .queries import days_spent, log_visible_to, plans_visible_to, with_progress
from .queries_actions import counted
from .queries_exchanges import visits_to_come
from .rules import can_contribute, can_follow, roles_on


def plan_for(request: HttpRequest, uuid: str) -> SupportPlan:
    """A plan that this person may read; its organiser's look dresses the page."""
    plan = get_object_or_404(plans_visible_to(request.user, portal_now()).prefetch_related("phases"), uuid=uuid)
    request.institution = getattr(plan.application.call.owner, "profile", None)
    return plan


def followed_plan(request: HttpRequest, uuid: str) -> SupportPlan:
    plan = plan_for(request, uuid)
    require(can_follow(request.user, plan, portal_now()))
    return plan


def contributed_plan(request: HttpRequest, uuid: str) -> SupportPlan:
    plan = plan_for(request, uuid)
    require(can_contribute(request.user, plan, portal_now()))
    return plan


def plan_room(request: HttpRequest, plan: SupportPlan, room: str) -> dict[str, Any]:
    """What every room of a plan shows: its head, its tabs, what this person may do there."""
    now = portal_now()
    return {
        "plan": plan,
        "application": plan.application,
        "tabs": presentation.tabs(plan, room),
        "contributes": can_contribute(request.user, plan, now),
        "follows": can_follow(request.user, plan, now),
        "now": now,
    }


def show_form(request: HttpRequest, plan: SupportPlan, form: Form, **words: str) -> HttpResponse:
    """The one page of the forms of a plan. `words`: title, verb, back and remove (addresses), lead."""
    context = {"form": form, "plan": plan, "lead": "", "remove": "", **words}
    return render(request, "support/room_form.html", context)


@require_safe
def support_home(request: HttpRequest) -> HttpResponse:
    """The communes supported: next step, what is late, who is silent, days given."""
    now = portal_now()
    today = day_of(now)
    plans = with_progress(plans_visible_to(request.user, now), today)
    found = DeskFilter(request.GET, plans, user=request.user, today=today)
    page = Paginator(found.qs.order_by("-late", "application__number"), 20).get_page(request.GET.get("page"))
    rows = [(plan, presentation.next_awaited(plan, now), presentation.silence(plan, today)) for plan in page]
    context = {"page": page, "rows": rows, "filter": found.form, "staff": roles_held(request.user, now).exists()}
    return render(request, "support/home.html", context)


@require_safe
def support_plan(request: HttpRequest, uuid: str) -> HttpResponse:
    """One plan: phases, what is awaited, logbook, adviser, funding, indicators."""
    plan, now = plan_for(request, uuid), portal_now()
    today = day_of(now)
    staff = bool(roles_on(request.user, plan, now))
    context = {
        **plan_room(request, plan, "plan"),
        "chain": ui.chain("support"),
        "actions": plan.actions.all()[:8],
        "action_counts": counted(plan.actions, today),
        "heading": presentation.phases_heading(plan),
        "today": presentation.today_words(plan, today),
        "phases": presentation.phase_boxes(plan, today),
        "awaited": presentation.awaited(plan, now),
        "acts": [act for act in states.PLAN_TRANSITIONS.values() if possible(act, plan.state)],
        "mine": awaited_of_commune(request.user, plan, now),
        "visits": visits_to_come(plan)[:12],
        "last_act": plan.transitions.order_by("-happened_at", "-pk").first(),
        "log": Paginator(log_visible_to(plan, staff=staff), 10).get_page(request.GET.get("page")),
        "days": days_spent(plan),
        "requests": plan.funding_requests.order_by("pk")[:8],
        "measures": plan.measures.select_related("indicator"),
        "report": plan.publications.filter(kind="report").first(),
    }
    return render(request, "support/plan.html", context)


def log_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """One entry of the logbook."""
    plan = followed_plan(request, uuid)
    today = day_of(portal_now())
    initial = {"kind": LogEntry.Kind.VISIT, "happened_on": today, "visibility": "shared", "days": "0,5"}
    form = LogForm(*([request.POST, request.FILES] if request.method == "POST" else []), initial=initial)
    if request.method == "POST" and form.is_valid() and form.keep_file(request.user, portal_now()):
        services.write_log(plan=plan, by=request.user, at=portal_now(), **form.told())
        messages.success(request, "C’est noté au journal.")
        return redirect("support_plan", uuid)
    back = reverse("support_plan", args=[uuid])
    return show_form(request, plan, form, title="Noter au journal", verb="Noter au journal", back=back)


@require_POST
def phase_done(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """The deliverable of a phase is handed."""
    plan = followed_plan(request, uuid)
    form = DoneForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(error for errors in form.errors.values() for error in errors))
    phase = get_object_or_404(plan.phases, pk=pk)
    services.finish_phase(phase=phase, done_on=form.cleaned_data["done_on"], by=request.user, at=portal_now())
    messages.success(request, f"Livrable remis : {phase.deliverable or phase.title}.")
    return redirect("support_plan", uuid)


def plan_adviser(request: HttpRequest, uuid: str) -> HttpResponse:
    """Who accompanies this commune."""
    plan = followed_plan(request, uuid)
    form = AdviserForm(request.POST or None, initial={"adviser": plan.adviser_id})
    form.fields["adviser"].queryset = staff_of(plan.application.call, portal_now(), "adviser")
    if request.method == "POST" and form.is_valid():
        services.assign_adviser(plan=plan, adviser=form.cleaned_data["adviser"])
        messages.success(request, "Le référent est désigné.")
        return redirect("support_plan", uuid)
    back = reverse("support_plan", args=[uuid])
    return show_form(request, plan, form, title="Désigner le référent", verb="Désigner ce référent", back=back)
