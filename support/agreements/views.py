"""Agreements: list of a call, one agreement, acts, sending, signatures."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from calls.queries import calls_staffed_by, milestone_day
from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.models import AccessRecord
from portal.core.rules import Refused, require

from . import services
from .forms import ActForm, DrawUpForm, SignatureForm
from .models import Agreement, Party
from .queries import agreements_visible_to, awaiting_agreement
from .rules import can_manage_agreements, can_send


def visible(request: HttpRequest, uuid: str) -> Agreement:
    agreement = get_object_or_404(agreements_visible_to(request.user, portal_now()), uuid=uuid)
    request.institution = getattr(agreement.call.owner, "profile", None)
    return agreement


def agreement_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The agreements of a call, and the laureates that still have none."""
    now = portal_now()
    call = get_object_or_404(calls_staffed_by(request.user, now), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    initial = {"starts_on": milestone_day(call, "kickoff")}
    form = DrawUpForm(request.POST or None, call=call, initial=initial)
    if request.method == "POST":
        require(can_manage_agreements(request.user, call, now))
        if form.is_valid():
            made = services.draw_up(call=call, by=request.user, at=now, **form.cleaned_data)
            messages.success(request, f"La convention {made.number} est ouverte.")
            return redirect("agreement", made.uuid)
    rows = call.agreements.prefetch_related("parties").order_by("number")
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    context = {"call": call, "page": page, "form": form, "awaiting": awaiting_agreement(call).count()}
    context["may_manage"] = can_manage_agreements(request.user, call, now)
    return render(request, "support/agreements.html", context)


@require_safe
def agreement_page(request: HttpRequest, uuid: str) -> HttpResponse:
    """One agreement: parties, acts, signatures, document."""
    agreement, now = visible(request, uuid), portal_now()
    context = {
        "agreement": agreement,
        "parties": agreement.parties.select_related("organisation"),
        "beneficiaries": agreement.beneficiaries.select_related("application__lead"),
        "may_manage": can_manage_agreements(request.user, agreement.call, now),
        "sendable": can_send(agreement),
        "signature_form": SignatureForm(),
        "plans": agreement.plans.select_related("application"),
        "now": now,
    }
    return render(request, "support/agreement.html", context)


def managed_party(request: HttpRequest, uuid: str, pk: int) -> Party:
    agreement = visible(request, uuid)
    require(can_manage_agreements(request.user, agreement.call, portal_now()))
    return get_object_or_404(agreement.parties.select_related("organisation", "agreement__call"), pk=pk)


def party_act(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """The act that authorises a party to sign."""
    party = managed_party(request, uuid, pk)
    form = ActForm(request.POST or None, instance=party)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("act_body", "act_number", "act_on")}
        title = form.cleaned_data["representative_title"]
        services.record_act(party=party, title=title, by=request.user, **values)
        messages.success(request, "L’acte est enregistré.")
        return redirect("agreement", uuid)
    return render(request, "support/party_act.html", {"form": form, "party": party, "agreement": party.agreement})


@require_POST
def agreement_send(request: HttpRequest, uuid: str) -> HttpResponse:
    agreement, now = visible(request, uuid), portal_now()
    require(can_manage_agreements(request.user, agreement.call, now))
    services.send(agreement=agreement, by=request.user, at=now)
    messages.success(request, "La convention part à la signature.")
    return redirect("agreement", uuid)


@require_POST
@step_up_required
def party_sign(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Record the day on which a party signed, after a fresh code."""
    party = managed_party(request, uuid, pk)
    form = SignatureForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(error for errors in form.errors.values() for error in errors))
    services.record_signature(party=party, signed_on=form.cleaned_data["signed_on"], by=request.user, at=portal_now())
    messages.success(request, f"Signature enregistrée : {party.organisation}.")
    return redirect("agreement", uuid)


@require_safe
def agreement_pdf(request: HttpRequest, uuid: str) -> HttpResponse:
    """The frozen document."""
    agreement = visible(request, uuid)
    response = document_response(agreement.document)
    AccessRecord.objects.create(
        user=request.user, what="convention", object_key=f"agreement:{agreement.uuid}", at=portal_now()
    )
    return response
