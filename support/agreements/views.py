"""Agreements: list of a call, one agreement, its text, sending, document."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from calls.queries import calls_staffed_by, milestone_day, published_calls, scope_of
from portal.accounts.stepup import step_up_required
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.downloads import document_response, text_response
from portal.core.middleware import public
from portal.core.models import AccessRecord
from portal.core.rules import Answer, Refused, require

from . import services, states
from .documents import agreement_snapshot, text_fingerprint
from .exports import grants_csv
from .forms import AnnexForm, CopyForm, DrawUpForm, SignatureForm, VisaForm
from .models import Agreement, Party
from .presentation import facts_of, signing_words
from .queries import agreements_of, agreements_visible_to, awaiting_agreement, bound_in_force, is_vised, signing_parties
from .queries_chain import awaiting_framework, chain_of
from .rules import can_end, can_follow, can_give_visa, can_manage_agreements, can_send


def visible(request: HttpRequest, uuid: str) -> Agreement:
    agreement = get_object_or_404(agreements_visible_to(request.user, portal_now()), uuid=uuid)
    request.institution = getattr(agreement.call.owner, "profile", None)
    return agreement


def managed(request: HttpRequest, uuid: str) -> Agreement:
    """One that this person draws up and follows; refused to who only reads it."""
    agreement = visible(request, uuid)
    require(can_manage_agreements(request.user, agreement.call, portal_now()))
    return agreement


def managed_party(request: HttpRequest, uuid: str, pk: int) -> Party:
    agreement = managed(request, uuid)
    return get_object_or_404(agreement.parties.select_related("organisation", "agreement__call"), pk=pk)


def agreement_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The agreements of a call, and the laureates that still have none."""
    now = portal_now()
    call = get_object_or_404(calls_staffed_by(request.user, now), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    scope = scope_of(request.user, call, now)
    awaiting = awaiting_agreement(call, scope)
    form = DrawUpForm(request.POST or None, lines=awaiting, initial={"starts_on": milestone_day(call, "kickoff")})
    if request.method == "POST":
        require(can_manage_agreements(request.user, call, now))
        if form.is_valid():
            made = services.draw_up(call=call, by=request.user, at=now, **form.cleaned_data)
            messages.success(request, f"La convention {made.number} est ouverte.")
            return redirect("agreement", made.uuid)
    rows = agreements_of(call, scope).prefetch_related("parties").order_by("number")
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    for agreement in page:
        agreement.progress = signing_words(agreement, list(agreement.parties.all()))
    context = {"call": call, "page": page, "form": form, "awaiting": awaiting.count()}
    context["may_manage"] = can_manage_agreements(request.user, call, now)
    context["linkable"] = bound_in_force(call).exists()
    return render(request, "support/agreements.html", context)


@public
@require_safe
def call_grants(request: HttpRequest, slug: str) -> HttpResponse:
    """The essential data of the grants of a call, for whoever re-uses them."""
    call = get_object_or_404(published_calls().select_related("owner"), slug=slug)
    response = text_response(grants_csv(call), name=f"subventions-{call.slug}.csv", content_type="text/csv")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def agreement_page(request: HttpRequest, uuid: str) -> HttpResponse:
    """One agreement: parties, acts, signatures, document."""
    return show(request, visible(request, uuid))


def show(request: HttpRequest, agreement: Agreement, **forms: Any) -> HttpResponse:
    """The page of an agreement, with the forms that came back with errors."""
    now = portal_now()
    parties = list(agreement.parties.select_related("organisation", "event"))
    context = {
        "agreement": agreement,
        "parties": parties,
        "progress": signing_words(agreement, parties),
        "facts": facts_of(agreement, now),
        "beneficiaries": agreement.beneficiaries.select_related("application__lead"),
        "annexes": agreement.annexes.select_related("file"),
        "copies": agreement.copies.select_related("file", "party__organisation"),
        "events": agreement.events.all(),
        "chain": [row for row in chain_of(agreement) if may_see(request, row)],
        "ended": agreement.transitions.filter(transition__in=["terminate", "lapse", "abandon"]).last(),
        "may_manage": can_manage_agreements(request.user, agreement.call, now),
        "plans": agreement.plans.select_related("application"),
        "now": now,
        **acts_of(request, agreement, parties, now),
        **forms,
    }
    return render(request, "support/agreement.html", context)


def may_see(request: HttpRequest, agreement: Agreement) -> bool:
    return agreements_visible_to(request.user, portal_now()).filter(pk=agreement.pk).exists()


def acts_of(request: HttpRequest, agreement: Agreement, parties: list[Party], now: datetime) -> dict[str, Any]:
    """What may be done of it now, with the forms that do it."""
    if agreement.state == states.DRAFTING:
        visas = list(agreement.visas.select_related("by").order_by("-at", "-pk"))
        vised = bool(visas) and vised_now(agreement)
        return {
            "sendable": can_send(agreement, vised=vised),
            "visas": visas,
            "vised": vised,
            "may_vise": can_give_visa(request.user, agreement, now) if agreement.needs_visa else Answer(False),
            "visa_form": VisaForm(),
            "annex_form": AnnexForm(),
            "endable": can_end(agreement, day_of(now)),
        }
    opened = Q(kind=Agreement.Kind.FRAMEWORK, state__in=states.LIVING)
    opens_framework = agreement.state == states.IN_FORCE and awaiting_framework().filter(pk=agreement.pk).exists()
    return {
        "signature_form": SignatureForm(),
        "copy_form": CopyForm(parties=signing_parties(agreement)),
        "followable": can_follow(agreement),
        "opens_framework": opens_framework and not agreement.sequels.filter(opened).exists(),
        "endable": can_end(agreement, day_of(now)),
    }


def vised_now(agreement: Agreement) -> bool:
    """Whether the visa covers the text of today; a text that cannot be filled has none."""
    try:
        return is_vised(agreement, text_fingerprint(agreement_snapshot(agreement)))
    except Refused:
        return False


@require_safe
def agreement_text(request: HttpRequest, uuid: str) -> HttpResponse:
    """The text as it stands, to be read before it is vised or sent."""
    agreement = visible(request, uuid)
    context = {"agreement": agreement, "text": None, "fault": ""}
    try:
        context["text"] = agreement_snapshot(agreement)
    except Refused as refusal:
        context["fault"] = str(refusal)
    return render(request, "support/agreement_text.html", context)


@require_POST
def agreement_send(request: HttpRequest, uuid: str) -> HttpResponse:
    agreement = managed(request, uuid)
    services.send(agreement=agreement, by=request.user, at=portal_now())
    messages.success(request, "La convention part à la signature.")
    return redirect("agreement", uuid)


@require_POST
def agreement_visa(request: HttpRequest, uuid: str) -> HttpResponse:
    """Another manager vises the text, or asks for it to be taken up again."""
    agreement, form = managed(request, uuid), VisaForm(request.POST)
    if not form.is_valid():
        return show(request, agreement, visa_form=form)
    given = form.cleaned_data["verdict"] == "given"
    services.give_visa(
        agreement=agreement, given=given, comment=form.cleaned_data["comment"], by=request.user, at=portal_now()
    )
    messages.success(request, "Le texte est visé." if given else "Votre remarque est enregistrée.")
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
