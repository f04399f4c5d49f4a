"""The money of a plan: the aids granted, each with its payments, its delays and what is to be given back."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.accounts.stepup import step_up_required
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Answer, first_refusal, require
from support.plan.models import SupportPlan
from support.plan.rules import can_contribute, can_follow
from support.plan.views import contributed_plan, followed_plan, plan_for, plan_room, show_form
from support.plan.views_meetings import done

from . import presentation, services
from .forms_awards import AwardForm, LapseForm, RecoverForm, StartForm, TermForm
from .models import Award
from .queries_awards import already, awards_of, awards_visible_to, payment_under_way, terms_of_award
from .queries_envelope import left_to_award, sources_of
from .queries_posts import posts_of
from .rules import can_ask_payment, can_lapse, can_pay

MOST_AWARDS = 40


def award_for(request: HttpRequest, uuid: str) -> Award:
    """An aid of a plan that this person reads."""
    row = get_object_or_404(awards_visible_to(request.user, portal_now()), uuid=uuid)
    request.institution = getattr(row.plan.application.call.owner, "profile", None)
    return row


@require_safe
def plan_money(request: HttpRequest, uuid: str) -> HttpResponse:
    """The aids of a plan, by funder: notified, asked, paid, left."""
    plan = plan_for(request, uuid)
    rows = [presentation.award_row(award) for award in awards_of(plan)[:MOST_AWARDS]]
    context = {
        **plan_room(request, plan, "money"),
        "rows": rows,
        "totals": presentation.award_totals(rows),
        "posts": posts_of(plan)[:MOST_AWARDS],
        "requests": plan.funding_requests.order_by("pk")[:40],
    }
    return render(request, "support/money/room.html", context)


def award_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Follow an aid that was notified."""
    plan = followed_plan(request, uuid)
    form = award_form(request, plan, None)
    if done(request, form, lambda: services.grant_award(award=form.instance, by=request.user, at=portal_now())):
        messages.success(request, "L’aide est suivie : la commune peut demander ses versements.")
        return redirect("award", form.instance.uuid)
    back = reverse("plan_money", args=[uuid])
    return show_form(request, plan, form, title="Suivre une aide accordée", verb="Suivre cette aide", back=back)


def award_form(request: HttpRequest, plan: SupportPlan, award: Award | None) -> AwardForm:
    """Only who manages the call says what the call itself pays."""
    now = portal_now()
    manages = can_pay(request.user, plan, now)
    sources = sources_of(plan.application.call) if manages else []
    initial = {} if award is None else {"source": (award.code or "call") if award.of_call else "autre"}
    left = left_to_award(plan, but=award) if manages else None
    sent = request.POST if request.method == "POST" else None
    return AwardForm(sent, instance=award, plan=plan, sources=sources, left=left, today=day_of(now), initial=initial)


def award_edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Correct what was notified until a payment is asked; then only its delays."""
    award, now = award_for(request, uuid), portal_now()
    require(can_keep(request, award))
    asked = award.payments.exists()
    sent = request.POST if request.method == "POST" else None
    form = TermForm(sent, instance=award) if asked else award_form(request, award.plan, award)
    if request.method == "POST" and form.is_valid():
        services.grant_award(award=form.instance, by=request.user, at=now)
        messages.success(request, "L’aide est à jour.")
        return redirect("award", uuid)
    words = {"title": "Reporter les délais" if asked else "Corriger l’aide", "verb": "Enregistrer"}
    return show_form(request, award.plan, form, back=reverse("award", args=[uuid]), lead=str(award), **words)


def can_keep(request: HttpRequest, award: Award) -> Answer:
    """The aid of the call is kept by who manages it, the others by who accompanies the commune."""
    rule = can_pay if award.of_call else can_follow
    return rule(request.user, award.plan, portal_now())


@require_safe
def award(request: HttpRequest, uuid: str) -> HttpResponse:
    """One aid: what was notified, what is due, each payment, what is to be given back."""
    row, now = award_for(request, uuid), portal_now()
    under_way = payment_under_way(row)
    context: dict[str, Any] = {
        "award": row,
        **plan_room(request, row.plan, "money"),
        "line": presentation.award_row(row),
        "facts": presentation.award_facts(row, day_of(now)),
        "dues": presentation.dues_of(terms_of_award(row), already(row)),
        "page": Paginator(row.payments.order_by("-n"), 25).get_page(request.GET.get("page")),
        "clawbacks": row.clawbacks.all()[:20],
        "asks": first_refusal(can_contribute(request.user, row.plan, now), can_ask_payment(row, under_way)),
        "pays": can_pay(request.user, row.plan, now),
        "keeps": can_keep(request, row),
        "lapses": first_refusal(can_pay(request.user, row.plan, now), can_lapse(row, under_way, day_of(now))),
        "ended": row.transitions.select_related("by").last(),
    }
    return render(request, "support/money/award.html", context)


def award_start(request: HttpRequest, uuid: str) -> HttpResponse:
    """The commune, or the team, says that the operation has begun."""
    row, now = award_for(request, uuid), portal_now()
    contributed_plan(request, row.plan.uuid)
    form = StartForm(request.POST if request.method == "POST" else None)
    if done(request, form, lambda: services.declare_start(award=row, at=now, **form.cleaned_data)):
        messages.success(request, "Le commencement est déclaré.")
        return redirect("award", uuid)
    words = {"title": "Déclarer le commencement", "verb": "Déclarer le commencement"}
    return show_form(request, row.plan, form, back=reverse("award", args=[uuid]), lead=str(row), **words)


@step_up_required
def award_lapse(request: HttpRequest, uuid: str) -> HttpResponse:
    """The delay has run out: find the lapse, and order back what is not covered."""
    row, now = award_for(request, uuid), portal_now()
    require(can_pay(request.user, row.plan, now))
    require(can_lapse(row, payment_under_way(row), day_of(now)))
    form = LapseForm(request.POST if request.method == "POST" else None, initial={"spent": Decimal(0)})
    if done(request, form, lambda: services.lapse_award(award=row, by=request.user, at=now, **form.cleaned_data)):
        messages.success(request, "La caducité est constatée.")
        return redirect("award", uuid)
    words = {"title": "Constater la caducité", "verb": "Constater la caducité"}
    return show_form(request, row.plan, form, back=reverse("award", args=[uuid]), lead=str(row), **words)


@step_up_required
def clawback_recover(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Money ordered back has come back."""
    row, now = award_for(request, uuid), portal_now()
    require(can_pay(request.user, row.plan, now))
    one = get_object_or_404(row.clawbacks, pk=pk)
    form = RecoverForm(request.POST if request.method == "POST" else None, initial={"recovered_on": day_of(now)})
    if done(request, form, lambda: services.recover(clawback=one, by=request.user, at=now, **form.cleaned_data)):
        messages.success(request, "Le reversement est constaté.")
        return redirect("award", uuid)
    words = {"title": "Constater un reversement", "verb": "Constater le reversement"}
    return show_form(request, row.plan, form, back=reverse("award", args=[uuid]), lead=one.reason, **words)
