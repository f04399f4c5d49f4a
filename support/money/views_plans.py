"""The financing plan of an action: versions, lines, settings, spreadsheet, and the page that a funder reads."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from applications.exports import table_response
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.middleware import public
from portal.core.models import AccessRecord
from portal.core.rules import require
from portal.core.scanning import may_open
from support.plan.rules import can_follow
from support.plan.views import contributed_plan, plan_for, plan_room, show_form
from support.plan.views_meetings import done

from . import services_plans as services
from .forms_plans import ExpenseForm, FunderLinkForm, NextVersionForm, ResourceForm, SettingsForm
from .models import FinancePlan
from .presentation_plans import HEAD, sheet_rows, sides_of
from .queries_plans import (
    finance_plans_visible_to,
    latest_plan,
    link_of_secret,
    names_of,
    plan_for_funder,
    rules_for,
)
from .rules import can_write_plan


def finance_for(request: HttpRequest, uuid: str) -> FinancePlan:
    """A version that this person reads."""
    row = get_object_or_404(finance_plans_visible_to(request.user, portal_now()), uuid=uuid)
    request.institution = getattr(row.action.plan.application.call.owner, "profile", None)
    return row


def written(request: HttpRequest, uuid: str) -> FinancePlan:
    """One that this person writes: refused once closed."""
    row = finance_for(request, uuid)
    require(can_write_plan(request.user, row, portal_now()))
    return row


def scheme_names(plan: FinancePlan) -> list[tuple[str, str]]:
    return names_of(rules_for(plan.action.plan.application.call, day_of(portal_now())).values())


def shown(request: HttpRequest, plan: FinancePlan, form: Form, **words: Any) -> HttpResponse:
    """A form of the plan, on the one page of such forms."""
    back = reverse("finance_plan", args=[plan.uuid])
    return show_form(request, plan.action.plan, form, back=back, **words)


@require_safe
def finance(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """The financing of an action: its present version, or how to begin."""
    plan = plan_for(request, uuid)
    action = get_object_or_404(plan.actions, pk=pk)
    row = latest_plan(action)
    if row:
        return redirect("finance_plan", row.uuid)
    context = {**plan_room(request, plan, "actions"), "action": action}
    return render(request, "support/money/plan_new.html", context)


def finance_open(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Open the first version, or the next with the lines of the last one."""
    plan = contributed_plan(request, uuid)
    action = get_object_or_404(plan.actions, pk=pk)
    last, now = latest_plan(action), portal_now()
    initial = {"kind": FinancePlan.Kind.UPDATED if last else FinancePlan.Kind.FORECAST}
    form = NextVersionForm(request.POST if request.method == "POST" else None, initial=initial)
    told = {"action": action, "by": request.user, "at": now}
    if done(request, form, lambda: services.open_version(**told, **form.cleaned_data)):
        messages.success(request, "La version est ouverte : écrivez-en les lignes.")
        return redirect("finance_plan", latest_plan(action).uuid)  # type: ignore[union-attr]
    words = {"title": "Ouvrir une version du plan", "verb": "Ouvrir la version", "lead": str(action)}
    return show_form(request, plan, form, back=reverse("action", args=[uuid, pk]), **words)


@require_safe
def finance_plan(request: HttpRequest, uuid: str) -> HttpResponse:
    """One version: both sides, their balance, the rules; the other versions; who reads it."""
    plan, now = finance_for(request, uuid), portal_now()
    project, action = plan.action.plan, plan.action
    context = {
        **plan_room(request, project, "actions"),
        **sides_of(plan, now),
        "action": action,
        "writes": can_write_plan(request.user, plan, now),
        "versions": action.finance_plans.order_by("-n")[:20],
        "latest": action.finance_plans.order_by("-n").first() == plan,
        "links": action.funder_links.filter(stopped_at=None, until__gte=day_of(now))[:20],
        "gives": can_follow(request.user, project, now),
    }
    return render(request, "support/money/plan.html", context)


def finance_settings(request: HttpRequest, uuid: str) -> HttpResponse:
    """Kind of version, switch, project owner, exception."""
    plan = written(request, uuid)
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=plan)
    if done(request, form, lambda: services.save_settings(plan=form.instance)):
        messages.success(request, "Les réglages du plan sont à jour.")
        return redirect("finance_plan", uuid)
    return shown(request, plan, form, title="Réglages du plan", verb="Enregistrer les réglages")


def finance_expense(request: HttpRequest, uuid: str, pk: int | None = None) -> HttpResponse:
    """One line of cost."""
    plan = written(request, uuid)
    row = get_object_or_404(plan.expenses, pk=pk) if pk else None
    form = ExpenseForm(request.POST if request.method == "POST" else None, instance=row, schemes=scheme_names(plan))
    if done(request, form, lambda: services.save_expense(plan=plan, row=form.save(commit=False))):
        messages.success(request, "La dépense est inscrite.")
        return redirect("finance_plan", uuid)
    remove = reverse("finance_remove", args=[uuid, "depense", pk]) if pk else ""
    return shown(request, plan, form, title="Une dépense", verb="Enregistrer la dépense", remove=remove)


def finance_resource(request: HttpRequest, uuid: str, pk: int | None = None) -> HttpResponse:
    """One line of money; a funder that falls is told to all."""
    plan, now = written(request, uuid), portal_now()
    row = get_object_or_404(plan.resources, pk=pk) if pk else None
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    told = {"schemes": scheme_names(plan), "today": day_of(now), "by": request.user, "at": now}
    form = ResourceForm(*sent, instance=row, initial={"state_on": day_of(now)}, **told)
    if request.method == "POST" and form.is_valid() and form.keep_file():
        acted = {"plan": plan, "row": form.instance, "before": form.before, "by": request.user, "at": now}
        if done(request, form, lambda: services.save_resource(**acted)):
            messages.success(request, "La ressource est inscrite.")
            return redirect("finance_plan", uuid)
    remove = reverse("finance_remove", args=[uuid, "ressource", pk]) if pk else ""
    return shown(request, plan, form, title="Une ressource", verb="Enregistrer la ressource", remove=remove)


@require_POST
def finance_remove(request: HttpRequest, uuid: str, side: str, pk: int) -> HttpResponse:
    """Take a line away from the version being written."""
    plan = written(request, uuid)
    lines = {"depense": plan.expenses, "ressource": plan.resources}.get(side)
    if lines is None:
        raise Http404
    services.remove_line(plan=plan, row=get_object_or_404(lines, pk=pk))
    messages.success(request, "La ligne est retirée.")
    return redirect("finance_plan", uuid)


@require_POST
def finance_close(request: HttpRequest, uuid: str) -> HttpResponse:
    """Freeze a version that balances."""
    plan = written(request, uuid)
    services.close_version(plan=plan, by=request.user, at=portal_now())
    messages.success(request, "La version est close : elle ne change plus.")
    return redirect("finance_plan", uuid)


@require_safe
def finance_xlsx(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The version as a spreadsheet."""
    plan = finance_for(request, uuid)
    name = f"plan-{plan.action.plan.application.number}-{plan.action.reference}-v{plan.n}".lower()
    return table_response(name, "Plan de financement", HEAD, sheet_rows(plan), "xlsx")


@require_safe
def finance_proof(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """The paper that proves a line of money."""
    plan = finance_for(request, uuid)
    row = get_object_or_404(plan.resources.filter(proof__isnull=False).select_related("proof"), pk=pk)
    require(may_open(row.proof, own=row.proof.created_by_id == request.user.pk))
    AccessRecord.objects.create(
        user=request.user, what="plan de financement", object_key=f"finance:{plan.uuid}", at=portal_now()
    )
    return file_response(row.proof)


# --- the funder who reads ------------------------------------------------------------------------------------------


def funder_link(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give a funder a link to the plan of the action."""
    plan, now = finance_for(request, uuid), portal_now()
    require(can_follow(request.user, plan.action.plan, now))
    form = FunderLinkForm(request.POST if request.method == "POST" else None)
    told = {"action": plan.action, "by": request.user, "at": now}
    if done(request, form, lambda: services.give_link(**told, **form.cleaned_data)):
        messages.success(request, "Le lien est parti : il vaut 90 jours.")
        return redirect("finance_plan", uuid)
    words = {"title": "Donner le plan à lire à un financeur", "verb": "Envoyer le lien", "lead": str(plan.action)}
    return shown(request, plan, form, **words)


@require_POST
def funder_stop(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """The link no longer opens anything."""
    plan, now = finance_for(request, uuid), portal_now()
    require(can_follow(request.user, plan.action.plan, now))
    services.stop_link(link=get_object_or_404(plan.action.funder_links, pk=pk), at=now)
    messages.success(request, "Le lien ne vaut plus.")
    return redirect("finance_plan", uuid)


@public
@require_safe
@sensitive_variables("secret")
def funder_page(request: HttpRequest, secret: str) -> HttpResponse:
    """What a funder reads: the last version closed, else the one being written, which says so."""
    now = portal_now()
    link = link_of_secret(secret, day_of(now))
    plan = plan_for_funder(link.action) if link else None
    if link is None or plan is None:
        raise Http404
    application = link.action.plan.application
    request.institution = getattr(application.call.owner, "profile", None)
    context = {**sides_of(plan, now), "action": link.action, "application": application, "link": link}
    return render(request, "support/money/funder.html", context)
