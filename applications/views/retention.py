"""Staff: what is kept of a call and until when, the visa of the archives, what is erased."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.models import Call
from calls.queries import roles_over
from calls.retention import retention_of
from portal.accounts.stepup import step_up_required
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.typography import format_quantity
from portal.core.uploads import UploadRefused, store_upload

from ..forms.elsewhere import ACCEPTED_PROOF, PROOF_BYTES
from ..forms.retention import HoldForm, VisaForm
from ..models import Erasure
from ..queries.retention import Due, dues_of_call
from ..rules.retention import may_erase
from ..rules.staff import can_keep_or_erase
from ..services.retention import ask_erasure, erasable, hold, record_visa
from .staff import staffed_call

PAGE = 50


def managed_call(request: HttpRequest, slug: str, at: datetime) -> Call:
    call = staffed_call(request, slug, at)
    require(can_keep_or_erase(roles_over(request.user, call, at)))
    return call


@require_safe
def retention(request: HttpRequest, slug: str) -> HttpResponse:
    """The rule, what falls due, the visas, what is gone and counted."""
    at = portal_now()
    return show(request, managed_call(request, slug, at), VisaForm(initial={"due_until": day_of(at)}), at)


def show(request: HttpRequest, call: Call, form: VisaForm, at: datetime) -> HttpResponse:
    dues = dues_of_call(call, at)
    page = Paginator(dues, PAGE).get_page(request.GET.get("page"))
    erased = Erasure.objects.filter(application__call=call).select_related("application__lead", "visa").order_by("-at")
    context = {
        "call": call,
        "rule": retention_of(call.extras).words,
        "page": page,
        "rows": [(due, may_erase(due, at)) for due in page],
        "ready": len(erasable(dues, at)),
        "visas": call.archive_visas.select_related("recorded_by"),
        "form": form,
        "erased": Paginator(erased, PAGE).get_page(request.GET.get("effaces")),
    }
    return render(request, "applications/staff/retention.html", context)


@require_POST
def retention_visa(request: HttpRequest, slug: str) -> HttpResponse:
    """Record the visa of a named person."""
    at = portal_now()
    call = managed_call(request, slug, at)
    form = VisaForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            visa = record_visa(call=call, by=request.user, at=at, **with_document(request, form, at))
        except (Refused, UploadRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le visa {visa.reference}, donné par {visa.given_by}, est enregistré.")
            return redirect("retention", call.slug)
    return show(request, call, form, at)


def with_document(request: HttpRequest, form: VisaForm, at: datetime) -> dict[str, Any]:
    upload = form.cleaned_data["document"]
    options: dict[str, Any] = {"accepted": ACCEPTED_PROOF, "max_bytes": PROOF_BYTES, "by": request.user, "at": at}
    return {**form.cleaned_data, "document": store_upload(upload, **options) if upload else None}


@require_http_methods(["GET", "HEAD", "POST"])
def retention_hold(request: HttpRequest, slug: str, uuid: Any) -> HttpResponse:
    """Keep one file longer."""
    at = portal_now()
    call = managed_call(request, slug, at)
    due = due_or_404(call, uuid, at)
    form = HoldForm(request.POST or None, after=max(due.due_on, day_of(at)))
    if form.is_valid():
        hold(application=due.application, by=request.user, at=at, **form.cleaned_data)
        messages.success(request, "Ce dossier est gardé plus longtemps.")
        return redirect("retention", call.slug)
    return render(request, "applications/staff/retention_hold.html", {"call": call, "due": due, "form": form})


def due_or_404(call: Call, uuid: Any, at: datetime) -> Due:
    found = next((due for due in dues_of_call(call, at) if due.application.uuid == uuid), None)
    if found is None:
        raise Http404
    return found


@require_POST
@step_up_required
def retention_erase(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand every file due over to the workers."""
    at = portal_now()
    call = managed_call(request, slug, at)
    try:
        n = ask_erasure(call=call, by=request.user, at=at)
        messages.success(request, f"{format_quantity(n, 'dossier')} en cours d’effacement. Actualisez pour suivre.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("retention", call.slug)
