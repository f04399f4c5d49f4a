"""« Qui est retenu si… » before the meeting: limits tried on the ranking, variants side by side. None is a decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from applications.models import Application
from applications.rankings import has_points, places_of
from calls.models import Call
from calls.queries import roles_over
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from ..forms import SimulationForm
from ..models import JurySession, SimulationVariant
from ..phases import notes_are_closed
from ..queries import (
    candidates_of,
    chairs,
    dispersion_of,
    next_session,
    outcomes_of,
    phases_of,
    sessions_visible_to,
    setting_of,
)
from ..rules import can_simulate
from ..services.simulation import keep_variant
from ..simulation import Outcome, setting_sentence, summary
from .board import viewer_of
from .closing import OUTCOMES
from .common import format_total, names_of, wear

FILES = 50  # a page
TYPED = "Essai"


@dataclass(frozen=True)
class Column:
    """A variant and what it gives, file by file."""

    variant: SimulationVariant
    title: str
    limits: str
    summary: str
    outcomes: dict[str, Outcome]


def session_to_prepare(request: HttpRequest, slug: str, at: datetime) -> JurySession:
    """The session of the call that one may simulate; 404 for whoever neither sits nor looks after the jury."""
    known = sessions_visible_to(request.user, at).filter(call__slug=slug)
    if not known.exists():
        raise Http404
    call = known.select_related("call__owner__profile", "call__grid")[0].call
    wear(request, call)
    session = next_session(call)
    shown = session or known.order_by("-held_on", "-pk")[0]
    viewer = viewer_of(request.user, shown, at)
    if not has_points(call):
        raise Refused("Cet appel n’a pas de note chiffrée\u00a0: rien ne se simule.")
    require(
        can_simulate(
            roles_over(request.user, call, at),
            presides=chairs(request.user, shown, at),
            session=shown.state,
            closed=notes_are_closed(phases_of(call), shown.held_on, day_of(at)),
            recused=bool(viewer.recused),
        )
    )
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
def simulation(request: HttpRequest, slug: str) -> HttpResponse:
    """Try limits, which the address then holds, or keep them under a name; everything kept stands side by side."""
    at = portal_now()
    session = session_to_prepare(request, slug, at)
    call = session.call
    form = form_of(request, call)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") != "keep":
            typed_in = {name: value for name, value in request.POST.items() if name in form.fields and value}
            return redirect(f"{reverse('jury_simulation', args=[slug])}?{urlencode({'essai': 1, **typed_in})}")
        try:
            return keep(request, form, at)
        except Refused as refusal:
            form.add_error("name", str(refusal))
    typed = form.variant if form.is_bound and form.is_valid() and request.method != "POST" else None
    return render(request, "juries/simulation.html", page_of(request, session, form, typed))


def form_of(request: HttpRequest, call: Call) -> SimulationForm:
    """What is typed, or the limits of the call."""
    if request.method == "POST":
        return SimulationForm(request.POST, call=call)
    if "essai" in request.GET:
        return SimulationForm(request.GET, call=call)
    place = next(iter(places_of(call).values()))
    initial = {"threshold": place.threshold, "places": place.max_selected, "reserve": place.reserve_size or 0}
    return SimulationForm(initial=initial, call=call)


def keep(request: HttpRequest, form: SimulationForm, at: datetime) -> HttpResponse:
    variant = form.variant
    if not variant.name:
        raise Refused("Donnez un nom à cette variante.")
    variant.created_at, variant.by = at, request.user
    keep_variant(variant)
    messages.success(request, f"Variante gardée\u00a0: {variant.name}.")
    return redirect("jury_simulation", slug=form.call.slug)


def page_of(
    request: HttpRequest, session: JurySession, form: SimulationForm, typed: SimulationVariant | None
) -> dict[str, Any]:
    call = session.call
    variants = [*call.simulations.select_related("by"), *([typed] if typed else [])]
    files: dict[str, Application] = {}
    scores: dict[str, Any] = {}
    columns = [column_of(call, variant, files, scores) for variant in variants]
    order = {key: n for column in reversed(columns) for n, key in enumerate(column.outcomes)}
    page = Paginator(sorted(files, key=lambda key: (order.get(key, len(order)), key)), FILES).get_page(
        request.GET.get("page")
    )
    names = names_of(files[key] for key in page)
    apart = dispersion_of(files[key].pk for key in page)
    rows = [
        {
            "name": names[files[key].pk],
            "number": files[key].number,
            "score": format_total(scores[key]) if scores[key] is not None else "–",
            "apart": format_total(apart[files[key].pk]) if files[key].pk in apart else "–",
            "cells": [cell_of(column, key) for column in columns],
        }
        for key in page
    ]
    return {
        "call": call,
        "session": session,
        "form": form,
        "columns": columns,
        "rows": rows,
        "page": page,
        "kept": any(column.variant.pk for column in columns),
    }


def column_of(call: Call, variant: SimulationVariant, files: dict[str, Application], scores: dict[str, Any]) -> Column:
    found = candidates_of(call, variant)
    for file, candidate in found:
        files[candidate.entry.key] = file
        scores[candidate.entry.key] = candidate.entry.score
    outcomes = outcomes_of(variant, found)
    setting = setting_of(variant)
    return Column(
        variant,
        variant.name if variant.pk else TYPED,
        setting_sentence(setting),
        summary(outcomes, [candidate for _, candidate in found]),
        {one.key: one for one in outcomes},
    )


def cell_of(column: Column, key: str) -> dict[str, Any]:
    """What a variant makes of a file; nothing when it is in another ranking."""
    one = column.outcomes.get(key)
    return {"badge": OUTCOMES[one.outcome], "why": one.why, "rank": one.rank} if one else {"badge": None}


@require_POST
def simulation_drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    session = session_to_prepare(request, slug, portal_now())
    variant = get_object_or_404(session.call.simulations, pk=pk)
    variant.delete()
    messages.success(request, f"Variante retirée\u00a0: {variant.name}.")
    return redirect("jury_simulation", slug=slug)
