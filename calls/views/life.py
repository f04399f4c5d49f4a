"""The life of a call: what has happened, what may be done, and each act on its page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.rules import require

from .. import rules_life
from ..forms_life import LimitsForm, ReasonForm, ResumptionForm, TwoPersonForm, VisaForm
from ..holders import holders_of
from ..life import acts_of, history_of
from ..models import Call
from ..services import asking, life
from .staff import staffed_call

ASKED = "La demande est partie : rien ne change avant sa confirmation."


@require_safe
def call_life(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the call stands, what its team may do of it now, and everything that has happened to it."""
    call, now = staffed_call(request, slug), portal_now()
    context = {"call": call, "acts": acts_of(request.user, call, now), "history": history_of(call), "now": now}
    return render(request, "calls/staff/life.html", context)


def call_validate(request: HttpRequest, slug: str) -> HttpResponse:
    """Record the visa before publication."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules_life.can_validate(request.user, call, now))
    form = VisaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        life.validate_call(call=call, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, "Le visa est enregistré. Toute modification de l’appel le retire.")
        return redirect("staff_call", slug)
    return render(request, "calls/staff/visa.html", {"form": form, "call": call})


@step_up_required
def call_suspend(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop the deposits at once."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules_life.can_suspend(request.user, call, now))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        life.suspend_call(call=call, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, "L’appel est suspendu : aucun dépôt n’est reçu.")
        return redirect("call_life", slug)
    return render(request, "calls/staff/suspend.html", {"form": form, "call": call, "told": people(call)})


def call_resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a second person to resume a suspended call, its limits put back or not."""
    return asked(
        request,
        slug,
        rule=rules_life.can_resume,
        form_class=ResumptionForm,
        ask=asking.ask_resumption,
        template="calls/staff/resume.html",
    )


def call_extend(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a second person to put a limit back, for everybody."""
    return asked(
        request,
        slug,
        rule=rules_life.can_extend,
        form_class=LimitsForm,
        ask=asking.ask_extension,
        template="calls/staff/extend.html",
    )


def call_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a second person to close the call without action."""
    return asked(
        request,
        slug,
        rule=rules_life.can_cancel,
        form_class=TwoPersonForm,
        ask=asking.ask_cancellation,
        template="calls/staff/cancel.html",
    )


def asked(
    request: HttpRequest,
    slug: str,
    *,
    rule: Callable[..., Any],
    form_class: type[TwoPersonForm],
    ask: Callable[..., Any],
    template: str,
) -> HttpResponse:
    """One act asked by a manager, confirmed by another person."""
    call, now = staffed_call(request, slug), portal_now()
    require(rule(request.user, call, now))
    form = form_class(request.POST or None, call=call, asked_by=request.user)
    if request.method == "POST" and form.is_valid():
        wanted = {"reason", "approver", *({"limits"} if isinstance(form, LimitsForm) else set())}
        told = {name: form.cleaned_data[name] for name in wanted}
        ask(call=call, asked_by=request.user, at=now, **told)
        messages.success(request, ASKED)
        return redirect("call_life", slug)
    return render(request, template, {"form": form, "call": call, "told": people(call), "now": now})


@require_POST
def call_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """The call is over."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules_life.can_archive(request.user, call, now))
    life.archive_call(call=call, by=request.user, at=now)
    messages.success(request, "L’appel est archivé. Sa page publique reste.")
    return redirect("call_life", slug)


def people(call: Call) -> int:
    """How many persons would be written to."""
    return len({holder.email for holder in holders_of(call)})
