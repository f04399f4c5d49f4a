"""What follows an agreement: amendment, framework, linked agreement, end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from applications.queries.laureates import laureates
from calls.models import Call
from calls.queries import calls_staffed_by
from portal.accounts.stepup import step_up_required
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from . import services_chain as services
from .forms_chain import AmendmentForm, EndForm, FrameworkForm, LinkedForm
from .models import Agreement
from .queries import bound_in_force
from .rules import can_end, can_follow, can_manage_agreements
from .views import managed


def framework_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Open the framework agreement that follows an accession."""
    agreement = managed(request, uuid)
    require(can_follow(agreement))
    form = FrameworkForm(request.POST or None, initial={"starts_on": day_of(portal_now())})
    if request.method == "POST" and form.is_valid():
        made = services.open_framework(
            agreement=agreement, starts_on=form.cleaned_data["starts_on"], by=request.user, at=portal_now()
        )
        messages.success(request, f"La convention-cadre {made.number} est ouverte.")
        return redirect("agreement", made.uuid)
    return page(request, agreement, form, "Ouvrir la convention-cadre", FRAMEWORK)


def amendment_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Open an amendment of one kind."""
    agreement = managed(request, uuid)
    require(can_follow(agreement))
    form = AmendmentForm(request.POST or None, lines=laureates(agreement.call, notified=True))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_amendment(agreement=agreement, by=request.user, at=portal_now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("change", str(refusal))
        else:
            messages.success(request, f"L’avenant {made.number} est ouvert.")
            return redirect("agreement", made.uuid)
    return page(request, agreement, form, "Préparer un avenant", AMENDMENT)


def agreement_end(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give up a draft, find that signatures are wanting, or terminate: what the state allows, after a fresh code."""
    agreement = managed(request, uuid)
    now = portal_now()
    require(can_end(agreement, day_of(now)))
    dated = agreement.state == "in_force"
    form = EndForm(request.POST or None, dated=dated, initial={"ended_on": day_of(now)})
    if request.method == "POST" and form.is_valid():
        act = {"drafting": services.abandon, "signing": services.lapse, "in_force": services.terminate}
        try:
            act[agreement.state](agreement=agreement, by=request.user, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("ended_on" if dated else "reason", str(refusal))
        else:
            messages.success(request, f"C’est enregistré : convention {agreement.number}.")
            return redirect("agreement", uuid)
    return page(request, agreement, form, *ENDS[agreement.state])


agreement_end = step_up_required(agreement_end)


def linked_new(request: HttpRequest, slug: str) -> HttpResponse:
    """One agreement on one subject for some of the communes that are bound."""
    call: Call = get_object_or_404(calls_staffed_by(request.user, portal_now()), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    require(can_manage_agreements(request.user, call, portal_now()))
    form = LinkedForm(request.POST or None, lines=bound_in_force(call))
    if request.method == "POST" and form.is_valid():
        made = services.open_linked(call=call, by=request.user, at=portal_now(), **form.cleaned_data)
        messages.success(request, f"La convention liée {made.number} est ouverte.")
        return redirect("agreement", made.uuid)
    return render(request, "support/linked_new.html", {"call": call, "form": form})


FRAMEWORK = "Elle reprend les parties de la convention d’adhésion. Chacune l’autorise par un nouvel acte."
AMENDMENT = "Il a ses propres actes et ses propres signatures. La convention signée reste telle quelle."
FREE = "Les candidatures peuvent avoir une autre convention."
ENDS = {
    "drafting": ("Abandonner le projet", f"Le projet reste lisible. {FREE}"),
    "signing": ("Constater la caducité", f"Les signatures manquent après leur date limite. {FREE}"),
    "in_force": ("Résilier la convention", "Le motif est inscrit au journal. Le document signé reste tel quel."),
}


def page(request: HttpRequest, agreement: Agreement, form: object, title: str, lead: str) -> HttpResponse:
    context = {"agreement": agreement, "form": form, "title": title, "lead": lead}
    return render(request, "support/agreement_sequel.html", context)
