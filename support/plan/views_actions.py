"""The actions of a plan: list, sheet, acts; and those of every plan that one follows."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.core.workflow import possible

from . import presentation, states
from .forms_actions import ActForm, ActionFilter, ActionForm
from .models import PlanAction
from .queries_actions import actions_visible_to, axes_of, by_urgency, counted, history_of, late
from .services_actions import change_action, save_action
from .views import contributed_plan, plan_for, plan_room, show_form


@require_safe
def action_board(request: HttpRequest) -> HttpResponse:
    """Every action of the plans that one follows: the blocked ones first, then the nearest end."""
    now = portal_now()
    actions, today = actions_visible_to(request.user, now), day_of(now)
    found = ActionFilter(request.GET, actions, today=today)
    context = {
        "filter": found.form,
        "counts": counted(actions, today),
        "page": Paginator(by_urgency(found.qs), 25).get_page(request.GET.get("page")),
        "today": today,
    }
    return render(request, "support/action_board.html", context)


@require_safe
def action_list(request: HttpRequest, uuid: str) -> HttpResponse:
    """The actions of one plan, in its order."""
    plan, now = plan_for(request, uuid), portal_now()
    today = day_of(now)
    actions = plan.actions.select_related("phase")
    found = ActionFilter(request.GET, actions, today=today, axes=axes_of(plan))
    context = {
        **plan_room(request, plan, "actions"),
        "filter": found.form,
        "counts": counted(plan.actions, today),
        "page": Paginator(found.qs, 25).get_page(request.GET.get("page")),
        "today": today,
    }
    return render(request, "support/action_list.html", context)


@require_safe
def action(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """One action: its sheet, what it waits for, its history, what one may do."""
    plan, now = plan_for(request, uuid), portal_now()
    row = get_object_or_404(plan.actions.select_related("phase"), pk=pk)
    blocked, blocked_line = presentation.blocked_words(row)
    context = {
        **plan_room(request, plan, "actions"),
        "action": row,
        "sheet": presentation.action_sheet(row),
        "blocked": blocked,
        "blocked_line": blocked_line,
        "waits_for": row.depends_on.all()[:20],
        "awaited_by": row.awaited_by.all()[:20],
        "milestones": row.milestones.all()[:20],
        "history": Paginator(history_of(row), 10).get_page(request.GET.get("page")),
        "acts": [act for act in states.ACTION_TRANSITIONS.values() if possible(act, row.state)],
        "late": plan.actions.filter(late(day_of(now)), pk=pk).exists(),
    }
    return render(request, "support/action.html", context)


def action_edit(request: HttpRequest, uuid: str, pk: int | None = None) -> HttpResponse:
    """Write an action sheet."""
    plan = contributed_plan(request, uuid)
    row = get_object_or_404(plan.actions, pk=pk) if pk else PlanAction(plan=plan, position=plan.actions.count() + 1)
    form = ActionForm(request.POST or None, instance=row, plan=plan)
    if request.method == "POST" and form.is_valid():
        form.save(commit=False)
        saved = save_action(form.instance, plan=plan)
        form.save_m2m()
        messages.success(request, f"L’action {saved.reference} est enregistrée.")
        return redirect("action", uuid, saved.pk)
    back = reverse("action", args=[uuid, pk]) if pk else reverse("action_list", args=[uuid])
    title = f"Fiche de l’action {row.reference}" if pk else "Ajouter une action"
    return show_form(request, plan, form, title=title, verb="Enregistrer l’action", back=back)


def action_act(request: HttpRequest, uuid: str, pk: int, act: str) -> HttpResponse:
    """Change the state of an action, after what the act asks."""
    plan = contributed_plan(request, uuid)
    row = get_object_or_404(plan.actions, pk=pk)
    transition = states.ACTION_TRANSITIONS.get(act)
    if transition is None:
        raise Http404
    now = portal_now()
    form = ActForm(request.POST if request.method == "POST" else None, transition=transition, today=day_of(now))
    if request.method == "POST" and form.is_valid():
        try:
            change_action(action=row, transition=transition, by=request.user, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{row.reference} : {row.get_state_display()}.")
            return redirect("action", uuid, pk)
    back, words = reverse("action", args=[uuid, pk]), transition.label
    return show_form(request, plan, form, title=words, verb=words, back=back, lead=str(row))
