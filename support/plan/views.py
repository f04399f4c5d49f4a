"""The support: list for who follows it, one plan for commune and adviser alike."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from calls.queries import staff_of
from portal.core import ui
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from . import presentation, services
from .forms import AdviserForm, DoneForm, LogForm
from .models import LogEntry, SupportPlan
from .queries import days_spent, log_visible_to, plans_visible_to, with_progress
from .rules import can_follow, roles_on


def plan_for(request: HttpRequest, uuid: str) -> SupportPlan:
    """A plan that this person may read; its organiser's look dresses the page."""
    plan = get_object_or_404(plans_visible_to(request.user, portal_now()).prefetch_related("phases"), uuid=uuid)
    request.institution = getattr(plan.application.call.owner, "profile", None)
    return plan


def followed_plan(request: HttpRequest, uuid: str) -> SupportPlan:
    plan = plan_for(request, uuid)
    require(can_follow(request.user, plan, portal_now()))
    return plan


@require_safe
def support_home(request: HttpRequest) -> HttpResponse:
    """The communes supported: next step, what is late, whom to call."""
    now = portal_now()
    plans = with_progress(plans_visible_to(request.user, now), day_of(now)).order_by("-late", "application__number")
    page = Paginator(plans, 20).get_page(request.GET.get("page"))
    rows = [(plan, presentation.next_awaited(plan, now)) for plan in page]
    return render(request, "support/home.html", {"page": page, "rows": rows})


@require_safe
def support_plan(request: HttpRequest, uuid: str) -> HttpResponse:
    """One plan: phases, what is awaited, logbook, adviser, funding, indicators."""
    plan, now = plan_for(request, uuid), portal_now()
    today, follows = day_of(now), can_follow(request.user, plan, now)
    staff = bool(roles_on(request.user, plan, now))
    context = {
        "plan": plan,
        "application": plan.application,
        "chain": ui.chain("support"),
        "heading": presentation.phases_heading(plan),
        "today": presentation.today_words(plan, today),
        "phases": presentation.phase_boxes(plan, today),
        "awaited": presentation.awaited(plan, now),
        "log": Paginator(log_visible_to(plan, staff=staff), 10).get_page(request.GET.get("page")),
        "days": days_spent(plan),
        "follows": follows,
        "requests": plan.funding_requests.order_by("pk"),
        "measures": plan.measures.select_related("indicator"),
        "report": plan.publications.filter(kind="report").first(),
        "now": now,
    }
    return render(request, "support/plan.html", context)


def log_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """One entry of the logbook."""
    plan = followed_plan(request, uuid)
    initial = {"happened_on": day_of(portal_now()), "visibility": LogEntry.Visibility.SHARED, "days": "0,5"}
    form = LogForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.write_log(plan=plan, by=request.user, at=portal_now(), **form.cleaned_data)
        messages.success(request, "C’est noté au journal.")
        return redirect("support_plan", uuid)
    return render(request, "support/log_form.html", {"form": form, "plan": plan})


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
    return render(request, "support/adviser_form.html", {"form": form, "plan": plan})
