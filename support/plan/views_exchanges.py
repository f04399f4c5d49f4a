"""Visits and messages of a project."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.models import AccessRecord
from portal.core.rules import require
from portal.core.scanning import may_open

from .forms import LogForm
from .forms_exchanges import MessageForm, VisitForm
from .queries import log_visible_to
from .queries_exchanges import visits_to_come
from .rules import can_follow, roles_on
from .services_exchanges import cancel_visit, post_message, report_visit
from .views import followed_plan, plan_for, plan_room, show_form


def plan_messages(request: HttpRequest, uuid: str) -> HttpResponse:
    """The thread of the project, the latest first, and the form to write in it."""
    plan = plan_for(request, uuid)
    room = plan_room(request, plan, "messages")
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(room["contributes"])
        if form.is_valid():
            now = portal_now()
            outside = not can_follow(request.user, plan, now)
            text = form.cleaned_data["text"]
            post_message(plan=plan, text=text, by=request.user, from_commune=outside, at=now)
            messages.success(request, "Votre message est parti.")
            return redirect("plan_messages", uuid)
    page = Paginator(plan.messages.select_related("author"), 20).get_page(request.GET.get("page"))
    return render(request, "support/messages.html", {**room, "form": form, "page": page})


def visit_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Plan a visit."""
    plan = followed_plan(request, uuid)
    form = VisitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.instance.plan, form.instance.planned_by = plan, request.user
        form.save()
        messages.success(request, "La visite est prévue.")
        return redirect("support_plan", uuid)
    back = reverse("support_plan", args=[uuid])
    return show_form(request, plan, form, title="Prévoir une visite", verb="Prévoir la visite", back=back)


def visit_report(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Report a visit: its entry of the logbook, ready to be completed on a phone."""
    plan, now = followed_plan(request, uuid), portal_now()
    visit = get_object_or_404(visits_to_come(plan), pk=pk)
    when = min(visit.planned_on, day_of(now))
    initial = {"kind": "visit", "happened_on": when, "title": visit.purpose, "visibility": "shared", "days": "0,5"}
    form = LogForm(*([request.POST, request.FILES] if request.method == "POST" else []), initial=initial)
    if request.method == "POST" and form.is_valid() and form.keep_file(request.user, now):
        report_visit(visit=visit, by=request.user, at=now, **form.told())
        messages.success(request, "La visite est racontée au journal.")
        return redirect("support_plan", uuid)
    back = reverse("support_plan", args=[uuid])
    return show_form(request, plan, form, title="Raconter la visite", verb="Noter au journal", back=back)


@require_POST
def visit_cancel(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    plan = followed_plan(request, uuid)
    cancel_visit(visit=get_object_or_404(visits_to_come(plan), pk=pk), at=portal_now())
    messages.success(request, "La visite est annulée.")
    return redirect("support_plan", uuid)


@require_safe
def log_file(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """The file of an entry of the logbook, to whoever may read the entry."""
    plan, now = plan_for(request, uuid), portal_now()
    entries = log_visible_to(plan, staff=bool(roles_on(request.user, plan, now))).select_related("file")
    entry = get_object_or_404(entries, pk=pk)
    if entry.file is None:
        raise Http404
    require(may_open(entry.file, own=entry.author_id == request.user.pk))
    AccessRecord.objects.create(user=request.user, what="journal", object_key=f"file:{entry.file.key}", at=now)
    return file_response(entry.file)
