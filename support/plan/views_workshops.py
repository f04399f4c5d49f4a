"""Workshops, scenarios and roadmap of a project."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.core.clock import portal_now
from portal.core.downloads import document_response, file_response
from portal.core.models import AccessRecord
from portal.core.rules import Refused, require
from portal.core.scanning import may_open
from portal.core.uploads import UploadRefused

from . import services_workshops as services
from .forms_workshops import (
    ApproveForm,
    AttendanceForm,
    ChooseForm,
    NeedForm,
    OpinionForm,
    PhotoForm,
    ScenarioForm,
    WorkshopForm,
)
from .models import Need, Site, Workshop
from .views import contributed_plan, followed_plan, plan_for, plan_room, show_form


@require_safe
def workshops(request: HttpRequest, uuid: str) -> HttpResponse:
    """The series of workshops, the scenarios compared, the versions of the roadmap."""
    plan = plan_for(request, uuid)
    positions = {name: Count("opinions", filter=Q(opinions__position=name)) for name in ("for", "reserved", "against")}
    counts = {f"n_{name}": count for name, count in positions.items()}
    series = plan.workshops.annotate(people=Sum("attendances__present")).order_by("held_on", "pk")
    context = {
        **plan_room(request, plan, "workshops"),
        "page": Paginator(series, 20).get_page(request.GET.get("page")),
        "scenarios": plan.scenarios.annotate(**counts).order_by("code", "pk")[:12],
        "chosen": services.chosen_of(plan),
        "site": Site.objects.filter(plan=plan).first(),
        "roadmaps": plan.roadmaps.select_related("document")[:12],
    }
    return render(request, "support/workshops.html", context)


def back_to(uuid: str) -> str:
    return reverse("workshops", args=[uuid])


def workshop_edit(request: HttpRequest, uuid: str, pk: int | None = None) -> HttpResponse:
    """Prepare a workshop, or say what came out of it."""
    plan = followed_plan(request, uuid)
    row = get_object_or_404(plan.workshops, pk=pk) if pk else None
    form = WorkshopForm(request.POST if request.method == "POST" else None, instance=row, plan=plan)
    if request.method == "POST" and form.is_valid():
        form.instance.recorded_by = request.user
        made = form.save()
        messages.success(request, "L’atelier est enregistré.")
        return redirect("workshop", uuid, made.pk)
    back = reverse("workshop", args=[uuid, pk]) if pk else back_to(uuid)
    title = "Modifier l’atelier" if pk else "Ajouter un atelier"
    return show_form(request, plan, form, title=title, verb="Enregistrer l’atelier", back=back)


@require_safe
def workshop(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """One workshop: who came, what was needed, what came out, its photos."""
    plan = plan_for(request, uuid)
    row = get_object_or_404(plan.workshops, pk=pk)
    context = {
        **plan_room(request, plan, "workshops"),
        "workshop": row,
        "attendances": row.attendances.filter(Q(invited__gt=0) | Q(present__gt=0)).order_by("college"),
        "needs": Paginator(row.needs.select_related("action"), 25).get_page(request.GET.get("page")),
        "photos": row.photos.select_related("file")[:40],
    }
    return render(request, "support/workshop.html", context)


def workshop_people(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """How many of each college were invited and came."""
    plan = followed_plan(request, uuid)
    row = get_object_or_404(plan.workshops, pk=pk)
    form = AttendanceForm(request.POST if request.method == "POST" else None, workshop=row)
    if request.method == "POST" and form.is_valid():
        services.count_people(workshop=row, counts=form.counts())
        messages.success(request, "Les participants sont comptés.")
        return redirect("workshop", uuid, pk)
    back = reverse("workshop", args=[uuid, pk])
    return show_form(request, plan, form, title="Participants par collège", verb="Enregistrer", back=back)


def workshop_need(request: HttpRequest, uuid: str, pk: int, need: int | None = None) -> HttpResponse:
    """Note a need, or link it to the action that answers it."""
    plan = contributed_plan(request, uuid)
    row = get_object_or_404(plan.workshops.select_related("plan"), pk=pk)
    kept = get_object_or_404(row.needs, pk=need) if need else None
    form = NeedForm(request.POST if request.method == "POST" else None, instance=kept, workshop=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Le besoin est noté.")
        return redirect("workshop", uuid, pk)
    back = reverse("workshop", args=[uuid, pk])
    return show_form(request, plan, form, title="Noter un besoin", verb="Noter le besoin", back=back, lead=row.title)


@require_POST
def need_act(request: HttpRequest, uuid: str, pk: int, need: int) -> HttpResponse:
    """Turn a need into an action."""
    plan = contributed_plan(request, uuid)
    kept = get_object_or_404(Need.objects.select_related("workshop__plan"), pk=need, workshop=pk, workshop__plan=plan)
    action = services.act_on_need(need=kept)
    messages.success(request, f"L’action {action.reference} répond à ce besoin.")
    return redirect("action", uuid, action.pk)


def workshop_photo(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Add a photo, with the agreement of those who are on it."""
    plan, now = contributed_plan(request, uuid), portal_now()
    row = get_object_or_404(plan.workshops, pk=pk)
    form = PhotoForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            services.add_photo(photo=form.instance, workshop=row, upload=upload, by=request.user, at=now)
        except UploadRefused as refusal:
            form.add_error("upload", str(refusal))
        else:
            messages.success(request, "La photo est ajoutée.")
            return redirect("workshop", uuid, pk)
    back = reverse("workshop", args=[uuid, pk])
    return show_form(request, plan, form, title="Ajouter une photo", verb="Ajouter la photo", back=back)


@require_safe
def workshop_photo_file(request: HttpRequest, uuid: str, pk: int, photo: int) -> HttpResponse:
    """A photo of a workshop."""
    plan, now = plan_for(request, uuid), portal_now()
    row: Workshop = get_object_or_404(plan.workshops, pk=pk)
    kept = get_object_or_404(row.photos.select_related("file"), pk=photo)
    require(may_open(kept.file, own=kept.added_by_id == request.user.pk))
    AccessRecord.objects.create(user=request.user, what="photo d’atelier", object_key=f"file:{kept.file.key}", at=now)
    return file_response(kept.file)


# --- scenarios and roadmap -----------------------------------------------------------------------------------------


def scenario_edit(request: HttpRequest, uuid: str, pk: int | None = None) -> HttpResponse:
    """Write a scenario; once one is chosen, they no longer change."""
    plan = followed_plan(request, uuid)
    if services.chosen_of(plan):
        raise Refused("Le scénario est choisi : les scénarios ne changent plus.")
    row = get_object_or_404(plan.scenarios, pk=pk) if pk else None
    form = ScenarioForm(request.POST if request.method == "POST" else None, instance=row, plan=plan)
    if request.method == "POST" and form.is_valid():
        form.instance.recorded_by = request.user
        form.save()
        messages.success(request, "Le scénario est enregistré.")
        return redirect("workshops", uuid)
    title = "Modifier le scénario" if pk else "Ajouter un scénario"
    return show_form(request, plan, form, title=title, verb="Enregistrer le scénario", back=back_to(uuid))


def scenario(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """One scenario put to debate: its opinions, and one's own."""
    plan, now = plan_for(request, uuid), portal_now()
    row = get_object_or_404(plan.scenarios, pk=pk)
    room = plan_room(request, plan, "workshops")
    mine = row.opinions.filter(author=request.user).first()
    form = OpinionForm(request.POST if request.method == "POST" else None, instance=mine)
    if request.method == "POST":
        require(room["contributes"])
        if form.is_valid():
            services.give_opinion(scenario=row, by=request.user, at=now, **form.cleaned_data)
            messages.success(request, "Votre position est enregistrée.")
            return redirect("scenario", uuid, pk)
    page = Paginator(row.opinions.select_related("author"), 20).get_page(request.GET.get("page"))
    context = {**room, "scenario": row, "form": form, "page": page, "chosen": services.chosen_of(plan)}
    return render(request, "support/scenario.html", context)


def scenario_choose(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """The scenario chosen, with its day and its reason."""
    plan, now = followed_plan(request, uuid), portal_now()
    row = get_object_or_404(plan.scenarios, pk=pk)
    form = ChooseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_scenario(scenario=row, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le scénario {row.code} est choisi.")
            return redirect("workshops", uuid)
    words = {"title": "Choisir ce scénario", "verb": "Choisir ce scénario", "back": back_to(uuid)}
    return show_form(request, plan, form, lead=str(row), **words)


@require_POST
def roadmap_issue(request: HttpRequest, uuid: str) -> HttpResponse:
    """Freeze the next version of the roadmap."""
    made = services.issue_roadmap(plan=followed_plan(request, uuid), by=request.user, at=portal_now())
    messages.success(request, f"La version {made.version} de la feuille de route se prépare.")
    return redirect("workshops", uuid)


def roadmap_approve(request: HttpRequest, uuid: str, version: int) -> HttpResponse:
    """The act of the council that approves a version."""
    plan, now = contributed_plan(request, uuid), portal_now()
    row = get_object_or_404(plan.roadmaps, version=version)
    form = ApproveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.approve_roadmap(roadmap=row, by=request.user, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "L’approbation du conseil est enregistrée.")
            return redirect("workshops", uuid)
    words = {"title": "Approbation par le conseil", "verb": "Enregistrer l’approbation", "back": back_to(uuid)}
    return show_form(request, plan, form, lead=str(row), **words)


@require_safe
def roadmap_pdf(request: HttpRequest, uuid: str, version: int) -> HttpResponse:
    """A frozen version of the roadmap."""
    row = get_object_or_404(plan_for(request, uuid).roadmaps.select_related("document__file"), version=version)
    return document_response(row.document)
