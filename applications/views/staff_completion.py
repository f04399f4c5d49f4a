"""Staff: ask a commune to complete its file, follow the request, see what the answer changed."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.examination import examination_of
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from ..forms.completion import CancellationForm, CompletionAskForm, ExtensionForm
from ..models import CompletionRequest
from ..queries.completion import askable, awaited_completion, changes_of, completions_for_staff
from ..queries.files import latest_deposit
from ..rules.completion import can_ask_completion, can_change_request, is_late
from ..services.completion import ask_completion, cancel_completion, extend_completion
from ..services.examination import record_reading
from .completion_badges import badge_of_request
from .staff_file import roles_on, staff_file

READ = "compléments lus"


@require_http_methods(["GET", "HEAD", "POST"])
def staff_completion_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Choose what is to be completed, and until when."""
    at, file = portal_now(), staff_file(request, uuid)
    require(can_ask_completion(roles_on(request, file, at), file, awaited_completion(file), at))
    deposit = latest_deposit(file)
    if deposit is None:
        raise Http404
    deposit.application = file
    rules = examination_of(file.call)
    form = CompletionAskForm(askable(deposit), request.POST or None, today=day_of(at), days=rules.completion_days)
    if request.method == "POST" and form.is_valid():
        told = {"message": form.cleaned_data["message"], "due_on": form.cleaned_data["due_on"]}
        asked = ask_completion(application=file, wanted=form.wanted, by=request.user, at=at, **told)
        messages.success(request, "La demande est partie : la commune est prévenue par courriel.")
        return redirect("staff_completion", key=asked.uuid)
    context = {"application": file, "call": file.call, "form": form, "rules": rules}
    return render(request, "applications/completion/ask.html", context)


def staff_request(request: HttpRequest, key: Any) -> CompletionRequest:
    """The request of the address: 404 for whoever may not read its file."""
    found = get_object_or_404(completions_for_staff(request.user), uuid=key)
    request.institution = getattr(found.application.call.owner, "profile", None)
    return found


@require_safe
def staff_completion(request: HttpRequest, key: Any) -> HttpResponse:
    """What was asked, what was answered, what it changed; the reading goes to the access journal."""
    at, found = portal_now(), staff_request(request, key)
    record_reading(user=request.user, what=READ, object_key=f"application:{found.application.uuid}", at=at)
    return show(request, found, at)


def show(request: HttpRequest, found: CompletionRequest, at: datetime, *typed: Form) -> HttpResponse:
    """The page, with the form as it was typed when it was refused."""
    file = found.application
    may = can_change_request(roles_on(request, file, at), found)
    after = max(day_of(at), day_of(found.due_at))
    forms: dict[str, Form] = {"extension": ExtensionForm(after=after), "cancellation": CancellationForm()}
    forms |= {"extension" if isinstance(form, ExtensionForm) else "cancellation": form for form in typed}
    deposit = getattr(found, "deposit", None)
    context = {
        "application": file,
        "call": file.call,
        "asked": found,
        "now": at,
        "badge": badge_of_request(found, at),
        "late": is_late(found, at),
        "may_change": may,
        "deposit": deposit,
        "changes": changes_of(deposit) if deposit else [],
        "history": found.transitions.select_related("by"),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    return render(request, "applications/completion/staff.html", context)


@require_POST
def staff_completion_extend(request: HttpRequest, key: Any) -> HttpResponse:
    """Give more time."""
    at, found = portal_now(), staff_request(request, key)
    require(can_change_request(roles_on(request, found.application, at), found))
    form = ExtensionForm(request.POST, after=max(day_of(at), day_of(found.due_at)))
    if form.is_valid():
        try:
            extend_completion(request=found, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le délai est prolongé : la commune est prévenue par courriel.")
            return redirect("staff_completion", key=found.uuid)
    return show(request, found, at, form)


@require_POST
def staff_completion_cancel(request: HttpRequest, key: Any) -> HttpResponse:
    """Ask nothing more."""
    at, found = portal_now(), staff_request(request, key)
    require(can_change_request(roles_on(request, found.application, at), found))
    form = CancellationForm(request.POST)
    if form.is_valid():
        cancel_completion(request=found, by=request.user, at=at, **form.cleaned_data)
        messages.success(request, "La demande est annulée : la commune est prévenue par courriel.")
        return redirect("staff_completion", key=found.uuid)
    return show(request, found, at, form)
