"""Requests for payment: asked with proofs, checked, certified by another person, recorded."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from calls.eligibility.findings import capital
from portal.accounts.stepup import step_up_required
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.models import AccessRecord
from portal.core.rules import require
from portal.core.scanning import may_open
from portal.core.workflow import possible
from support.plan.rules import can_follow
from support.plan.views import contributed_plan, plan_room, show_form
from support.plan.views_meetings import done

from . import presentation, services, states
from .forms_payments import CertifyForm, PaidForm, PaymentForm, ReturnForm
from .models import Payment
from .queries_awards import already, payment_under_way, payments_visible_to, terms_of_award
from .rules import can_ask_payment, can_certify, can_open_proofs, can_pay
from .views_awards import award_for


def payment_for(request: HttpRequest, uuid: str) -> Payment:
    row = get_object_or_404(payments_visible_to(request.user, portal_now()), uuid=uuid)
    request.institution = getattr(row.award.plan.application.call.owner, "profile", None)
    return row


def payment_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Ask for a payment; the proofs are kept with it."""
    award, now = award_for(request, uuid), portal_now()
    contributed_plan(request, award.plan.uuid)
    require(can_ask_payment(award, payment_under_way(award)))
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    told = {"terms": terms_of_award(award), "already": already(award), "by": request.user, "at": now}
    form = PaymentForm(*sent, **told)
    if request.method == "POST" and form.is_valid() and form.keep_files():
        made = {"award": award, "payment": form.instance, "proofs": form.proofs, "by": request.user, "at": now}
        if done(request, form, lambda: services.ask_payment(**made)):
            messages.success(request, "La demande est transmise : votre référent la vérifie.")
            return redirect("payment", form.instance.uuid)
    back = reverse("award", args=[uuid])
    words = {"title": "Demander un versement", "verb": "Transmettre la demande", "back": back, "lead": str(award)}
    return show_form(request, award.plan, form, **words)


@require_safe
def payment(request: HttpRequest, uuid: str) -> HttpResponse:
    """One request: what is asked, its proofs, who did what."""
    row, now = payment_for(request, uuid), portal_now()
    plan = row.award.plan
    certifies = can_certify(request.user, row, now) if row.state == states.CHECKED else None
    context: dict[str, Any] = {
        **plan_room(request, plan, "money"),
        "payment": row,
        "heading": capital(str(row)),
        "badge": presentation.BADGES[row.state],
        "facts": presentation.payment_facts(row),
        "proofs": row.proofs.select_related("file"),
        "opens": can_open_proofs(request.user, plan, now),
        "checks": possible(states.CHECK, row.state) and can_follow(request.user, plan, now),
        "returns": possible(states.RETURN, row.state) and can_follow(request.user, plan, now),
        "certifies": certifies,
        "records": row.state == states.CERTIFIED and can_pay(request.user, plan, now),
        "history": row.transitions.select_related("by").order_by("-happened_at", "-pk")[:20],
    }
    return render(request, "support/money/payment.html", context)


@require_POST
def payment_check(request: HttpRequest, uuid: str) -> HttpResponse:
    """The pieces are there and agree."""
    row, now = payment_for(request, uuid), portal_now()
    require(can_follow(request.user, row.award.plan, now))
    services.check_payment(payment=row, by=request.user, at=now)
    messages.success(request, "La demande est vérifiée : une autre personne la certifie.")
    return redirect("payment", uuid)


def payment_return(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give the request back to the commune."""
    row, now = payment_for(request, uuid), portal_now()
    require(can_follow(request.user, row.award.plan, now))
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if done(request, form, lambda: services.return_payment(payment=row, by=request.user, at=now, **form.cleaned_data)):
        messages.success(request, "La demande est rendue à la commune.")
        return redirect("payment", uuid)
    words = {"title": "Rendre la demande", "verb": "Rendre la demande", "back": reverse("payment", args=[uuid])}
    return show_form(request, row.award.plan, form, lead=str(row), **words)


@step_up_required
def payment_certify(request: HttpRequest, uuid: str) -> HttpResponse:
    """Certify the service done, by another person than who checked."""
    row, now = payment_for(request, uuid), portal_now()
    require(can_certify(request.user, row, now))
    form = CertifyForm(request.POST if request.method == "POST" else None, initial={"kept": row.spent})
    if done(request, form, lambda: services.certify_payment(payment=row, by=request.user, at=now, **form.cleaned_data)):
        messages.success(request, "Le service fait est certifié.")
        return redirect("payment", uuid)
    words = {"title": "Certifier le service fait", "verb": "Certifier", "back": reverse("payment", args=[uuid])}
    return show_form(request, row.award.plan, form, lead=presentation.certify_lead(row), **words)


@step_up_required
def payment_pay(request: HttpRequest, uuid: str) -> HttpResponse:
    """The accountant has paid: date and number."""
    row, now = payment_for(request, uuid), portal_now()
    require(can_pay(request.user, row.award.plan, now))
    form = PaidForm(request.POST if request.method == "POST" else None, initial={"paid_on": day_of(now)})
    if done(request, form, lambda: services.record_payment(payment=row, by=request.user, at=now, **form.cleaned_data)):
        messages.success(request, "Le versement est enregistré.")
        return redirect("payment", uuid)
    words = {"title": "Enregistrer le versement", "verb": "Enregistrer", "back": reverse("payment", args=[uuid])}
    return show_form(request, row.award.plan, form, lead=str(row), **words)


@require_safe
def payment_proof(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """One proof, for those who accompany the commune and its own people; each reading is kept."""
    row, now = payment_for(request, uuid), portal_now()
    require(can_open_proofs(request.user, row.award.plan, now))
    proof = get_object_or_404(row.proofs.select_related("file"), pk=pk)
    require(may_open(proof.file, own=proof.added_by_id == request.user.pk))
    AccessRecord.objects.create(user=request.user, what="versement", object_key=f"payment:{row.uuid}", at=now)
    return file_response(proof.file)
