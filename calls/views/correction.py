"""Documents handed in: what they change is shown first, then applied whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from .. import rules_life, states
from ..advice import advice_on
from ..forms import ImportForm
from ..forms_life import DepartureForm, ReasonForm
from ..models import StagedDocument
from ..queries import open_correction_of
from ..services import by_hand, publication
from ..services.correction import apply_correction, apply_import, proposal_of, stage_document
from .staff import owners_queryset, staffed_call


def call_import(request: HttpRequest, organisation: str) -> HttpResponse:
    """A call from a file: errors name their line and say what to write; nothing is written before the next page."""
    owner = get_object_or_404(owners_queryset(request), uuid=organisation)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        staged = stage_document(form.cleaned_data["file"], owner=owner, by=request.user, at=portal_now())
        if staged.call and staged.call.state not in states.PREPARATION:
            return redirect("call_correction", staged.call.slug, staged.uuid)
        return redirect("call_import_confirm", owner.uuid, staged.uuid)
    return render(request, "calls/staff/import.html", {"form": form, "owner": owner})


def call_import_confirm(request: HttpRequest, organisation: str, uuid: Any) -> HttpResponse:
    """What the file would write, with the advice; then the call in preparation, whole."""
    owner, now = get_object_or_404(owners_queryset(request), uuid=organisation), portal_now()
    staged = get_object_or_404(StagedDocument.objects.select_related("call"), uuid=uuid, owner=owner, applied_at=None)
    form = DepartureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        call = apply_import(staged=staged, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, f"L’appel « {call.title} » est importé, en préparation.")
        return redirect("staff_call", call.slug)
    proposal = proposal_of(staged, now)
    context = {"staged": staged, "proposal": proposal, "owner": owner, "form": form}
    return render(request, "calls/staff/import_confirm.html", {**context, "advice": advice_on(proposal.document)})


def call_correct(request: HttpRequest, slug: str) -> HttpResponse:
    """The corrected file of a published call."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules_life.can_correct(request.user, call, now))
    form = ImportForm(request.POST or None, request.FILES or None)
    form.fields["file"].help_text = "Le fichier YAML de cet appel, téléchargé puis corrigé."
    if request.method == "POST" and form.is_valid():
        try:
            staged = stage_document(form.cleaned_data["file"], owner=call.owner, by=request.user, at=now, call=call)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("call_correction", slug, staged.uuid)
    may_extend = rules_life.can_extend(request.user, call, now).allowed
    context = {"form": form, "call": call, "correction": open_correction_of(call), "may_extend": may_extend}
    return render(request, "calls/staff/correct.html", context)


@require_POST
def call_correction_open(request: HttpRequest, slug: str) -> HttpResponse:
    """The correction is written in the rooms: begun, or taken up again."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules_life.can_correct(request.user, call, now))
    by_hand.open_correction(call=call, by=request.user, at=now)
    return redirect("call_rooms", slug)


@require_POST
def call_correction_drop(request: HttpRequest, slug: str, uuid: Any) -> HttpResponse:
    """The correction is given up; what is public stays as it is."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules_life.can_correct(request.user, call, now))
    staged = get_object_or_404(StagedDocument, uuid=uuid, call=call, applied_at=None)
    by_hand.drop_correction(staged=staged)
    messages.success(request, "La correction est abandonnée. L’appel publié n’a pas changé.")
    return redirect("call_life", slug)


@step_up_required
def call_correction(request: HttpRequest, slug: str, uuid: Any) -> HttpResponse:
    """What the correction changes, what is refused, whom it touches; then the reason, and it is published."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules_life.can_correct(request.user, call, now))
    staged = get_object_or_404(StagedDocument.objects.select_related("call"), uuid=uuid, call=call, applied_at=None)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revision = apply_correction(staged=staged, reason=form.cleaned_data["reason"], by=request.user, at=now)
        messages.success(request, f"La correction est publiée : version {revision.n}.")
        return redirect("call_life", slug)
    context = {"call": call, "staged": staged, "proposal": proposal_of(staged, now), "form": form}
    return render(request, "calls/staff/correction.html", context)


def call_advice(request: HttpRequest, slug: str) -> HttpResponse:
    """What could be better in the call as it is written now."""
    call = staffed_call(request, slug)
    return render(
        request, "calls/staff/advice.html", {"call": call, "advice": advice_on(publication.document_now(call))}
    )
