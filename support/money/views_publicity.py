"""The publicity of a financing plan: panel, plate, text for the web, photos that prove it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.core.clock import portal_now
from portal.core.downloads import document_response, file_response
from portal.core.rules import require
from portal.core.scanning import may_open
from support.plan.rules import can_contribute
from support.plan.views import plan_room, show_form
from support.plan.views_meetings import done

from . import services_plans as services
from .documents import web_block
from .forms_plans import ShownForm
from .models import FinancePlan, PublicityPaper
from .views_plans import finance_for


def contributed(request: HttpRequest, uuid: str) -> FinancePlan:
    plan = finance_for(request, uuid)
    require(can_contribute(request.user, plan.action.plan, portal_now()))
    return plan


@require_safe
def publicity(request: HttpRequest, uuid: str) -> HttpResponse:
    """What is to be shown of a plan, and what stands already."""
    plan = finance_for(request, uuid)
    made = {paper.kind: paper for paper in plan.papers.select_related("document")}
    context = {
        **plan_room(request, plan.action.plan, "actions"),
        "finance": plan,
        "action": plan.action,
        "papers": [(code, label, made.get(code)) for code, label in PublicityPaper.Kind.choices],
        "text": web_block(plan) if plan.closed_at else "",
    }
    return render(request, "support/money/publicity.html", context)


@require_POST
def publicity_make(request: HttpRequest, uuid: str, kind: str) -> HttpResponse:
    """Order the panel or the plate."""
    plan = contributed(request, uuid)
    if kind not in PublicityPaper.Kind.values:
        raise Http404
    services.make_paper(plan=plan, kind=kind, at=portal_now())
    messages.success(request, "Le document se prépare.")
    return redirect("publicity", uuid)


@require_safe
def publicity_pdf(request: HttpRequest, uuid: str, kind: str) -> HttpResponse:
    """The frozen bytes of the panel or of the plate."""
    paper = get_object_or_404(finance_for(request, uuid).papers.select_related("document__file"), kind=kind)
    return document_response(paper.document)


def publicity_shown(request: HttpRequest, uuid: str, kind: str) -> HttpResponse:
    """It stands: the day, and a photo."""
    plan, now = contributed(request, uuid), portal_now()
    paper = get_object_or_404(plan.papers, kind=kind)
    form = ShownForm(*([request.POST, request.FILES] if request.method == "POST" else []), by=request.user, at=now)
    if request.method == "POST" and form.is_valid() and (photo := form.keep_photo()):
        told = {"paper": paper, "shown_on": form.cleaned_data["shown_on"], "photo": photo}
        if done(request, form, lambda: services.tell_shown(**told, by=request.user, at=now)):
            messages.success(request, "La photo est gardée : elle servira de preuve.")
            return redirect("publicity", uuid)
    words = {"title": "Dire que c’est posé", "verb": "Garder la photo", "lead": str(paper).capitalize()}
    return show_form(request, plan.action.plan, form, back=reverse("publicity", args=[uuid]), **words)


@require_safe
def publicity_photo(request: HttpRequest, uuid: str, kind: str) -> HttpResponse:
    """The photo that proves it."""
    papers = finance_for(request, uuid).papers.filter(photo__isnull=False).select_related("photo")
    paper = get_object_or_404(papers, kind=kind)
    require(may_open(paper.photo, own=paper.photo.created_by_id == request.user.pk))
    return file_response(paper.photo)
