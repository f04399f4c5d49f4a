"""Who notes which file and how far they are: read by who looks after the jury, changed by the manager."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from calls.models import Call
from calls.queries import roles_over
from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.core.typography import format_quantity

from ..forms import EntrustForm, TerritoryForm
from ..models import Assignment
from ..queries import files_in_progress, progress_of, readers_of
from ..rules import can_manage_jury
from ..services.assigning import entrust, entrust_territory, spread_evenly, withdraw
from ..spreading import rule
from .common import names_of
from .staff import staffed_call

FILES = 50  # a page


@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """Each file, who notes it, how many have validated."""
    call = staffed_call(request, slug, portal_now(), manages=False)
    return show(request, call)


def show(request: HttpRequest, call: Call, **forms: Any) -> HttpResponse:
    """The page, with what was typed when it was refused."""
    page = Paginator(files_in_progress(call), FILES).get_page(request.GET.get("page"))
    names, far, readers = names_of(page), progress_of(call, page), readers_of(call)
    manages = bool(can_manage_jury(roles_over(request.user, call, portal_now())))
    context: dict[str, Any] = {
        "call": call,
        "page": page,
        "rows": [{"file": file, "name": names[file.pk], "far": far[file.pk]} for file in page],
        "readers": readers,
        "manages": manages,
        "rule": rule(readers, call.extras["jury"].get("max_load")) if readers else "",
    }
    if readers and manages:
        context |= {"entrust_form": EntrustForm(call=call), "territory_form": TerritoryForm(call=call)} | forms
    return render(request, "juries/progress.html", context)


@require_POST
def spread_files(request: HttpRequest, slug: str) -> HttpResponse:
    call = staffed_call(request, slug, portal_now())
    plan = spread_evenly(call=call, by=request.user, at=portal_now())
    messages.success(request, f"{format_quantity(len(plan.added), 'dossier confié', 'dossiers confiés')}.")
    if plan.short:
        files = format_quantity(len(plan.short), "dossier")
        messages.info(request, f"Il manque des membres à {files}\u00a0: déports ou charge atteinte.")
    return redirect("jury_progress", slug=slug)


@require_POST
def entrust_files(request: HttpRequest, slug: str) -> HttpResponse:
    """By hand or in bulk: a seat and numbers."""
    call = staffed_call(request, slug, portal_now())
    form = EntrustForm(request.POST, call=call)
    return keep(
        request, call, form, "entrust_form",
        lambda: entrust(
            seat=form.cleaned_data["seat"], files=form.applications, mode=Assignment.Mode.HAND, by=request.user,
            at=portal_now(),
        ),
    )  # fmt: skip


@require_POST
def entrust_place(request: HttpRequest, slug: str) -> HttpResponse:
    """A seat and a territory."""
    call = staffed_call(request, slug, portal_now())
    form = TerritoryForm(request.POST, call=call)
    return keep(
        request, call, form, "territory_form",
        lambda: entrust_territory(
            seat=form.cleaned_data["seat"], place=form.chosen, by=request.user, at=portal_now()
        ),
    )  # fmt: skip


def keep(request: HttpRequest, call: Call, form: Any, name: str, act: Callable[[], int]) -> HttpResponse:
    if form.is_valid():
        try:
            added = act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{format_quantity(added, 'dossier confié', 'dossiers confiés')}.")
            return redirect("jury_progress", slug=call.slug)
    return show(request, call, **{name: form})


@require_POST
def withdraw_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = staffed_call(request, slug, portal_now())
    assignment = get_object_or_404(Assignment.objects.select_related("seat"), seat__call=call, pk=pk)
    withdraw(assignment=assignment)
    messages.success(request, f"Dossier repris à\u00a0: {assignment.seat.label}.")
    return redirect("jury_progress", slug=slug)
