"""Meetings of a project or of all the laureates of a call: convened, answered, recorded, their minutes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from calls.queries import roles_over
from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.models import AccessRecord
from portal.core.rules import Answer, Refused, no, require

from . import services_exchanges as services
from .forms_exchanges import AttendeeForm, CancelForm, MeetingForm, RecordForm, TaskForm
from .models import Meeting
from .queries_exchanges import meetings_of, meetings_visible_to, my_answers
from .rules import WRITERS, can_follow
from .views import followed_plan, plan_for, plan_room


def can_run(request: HttpRequest, meeting: Meeting) -> Answer:
    """The team of the project, or those of the call whose role covers it all."""
    now = portal_now()
    if meeting.plan:
        return can_follow(request.user, meeting.plan, now)
    held = WRITERS & roles_over(request.user, meeting.call, now)
    return Answer(True) if held else no("Seule l’équipe qui accompagne tous les lauréats peut écrire ici.")


def meeting_for(request: HttpRequest, uuid: str) -> Meeting:
    meeting = get_object_or_404(meetings_visible_to(request.user, portal_now()), uuid=uuid)
    request.institution = getattr(meeting.call.owner, "profile", None)
    return meeting


def run_meeting(request: HttpRequest, uuid: str) -> Meeting:
    meeting = meeting_for(request, uuid)
    require(can_run(request, meeting))
    return meeting


@require_safe
def meeting_list(request: HttpRequest, uuid: str) -> HttpResponse:
    """The meetings of a project, those of all the laureates included."""
    plan = plan_for(request, uuid)
    page = Paginator(meetings_of(plan), 20).get_page(request.GET.get("page"))
    return render(request, "support/meetings.html", {**plan_room(request, plan, "meetings"), "page": page})


def meeting_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Convene a meeting of the project, or of all the laureates."""
    plan, now = followed_plan(request, uuid), portal_now()
    call = plan.application.call
    whole = bool(WRITERS & roles_over(request.user, call, now))
    form = MeetingForm(request.POST if request.method == "POST" else None, whole=whole)
    if done(request, form, lambda: services.convene(meeting=form.meeting_of(plan), by=request.user, at=now)):
        messages.success(request, "La réunion est convoquée : chacun reçoit l’ordre du jour.")
        return redirect("meeting", form.instance.uuid)
    words = {"title": "Convoquer une réunion", "verb": "Convoquer", "back": reverse("meetings", args=[uuid])}
    return show_meeting_form(request, form, plan.application.lead.name, **words)


def done(request: HttpRequest, form: Form, act: Callable[[], Any]) -> bool:
    """Whether a form was sent, is right, and its act is done; what refuses the act is said in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def show_meeting_form(request: HttpRequest, form: Form, subject: str, **words: str) -> HttpResponse:
    return render(request, "support/meeting_form.html", {"form": form, "subject": subject, "lead": "", **words})


@require_safe
def meeting(request: HttpRequest, uuid: str) -> HttpResponse:
    """One meeting: agenda, who comes, decisions, what is left to do, minutes."""
    row, now = meeting_for(request, uuid), portal_now()
    places = list(my_answers(row, request.user))
    context = {
        "meeting": row,
        "subject": subject_of(row),
        "runs": can_run(request, row),
        "attendees": Paginator(row.attendees.all(), 60).get_page(request.GET.get("page")),
        "tasks": row.tasks.all()[:60],
        "my_answers": places if row.state == "planned" and row.held_at > now else (),
        "convened": bool(places),
        "over": row.held_at <= now,
        "last_act": row.transitions.order_by("-happened_at", "-pk").first(),
    }
    return render(request, "support/meeting.html", context)


def subject_of(row: Meeting) -> str:
    return f"{row.plan.application.title}, {row.plan.application.lead}" if row.plan else row.call.title


def meeting_edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Move a meeting to come, or change its agenda; each person is told again when its day changes."""
    row = run_meeting(request, uuid)
    form = MeetingForm(request.POST if request.method == "POST" else None, instance=row, whole=False)
    if done(request, form, lambda: services.move(meeting=form.instance, at=portal_now())):
        messages.success(request, "La réunion est à jour.")
        return redirect("meeting", uuid)
    words = {"title": "Modifier la réunion", "verb": "Enregistrer", "back": reverse("meeting", args=[uuid])}
    return show_meeting_form(request, form, subject_of(row), **words)


def meeting_cancel(request: HttpRequest, uuid: str) -> HttpResponse:
    """Cancel a meeting, with its reason."""
    row = run_meeting(request, uuid)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if done(request, form, lambda: services.cancel(meeting=row, by=request.user, at=portal_now(), **form.cleaned_data)):
        messages.success(request, "La réunion est annulée : chacun en est informé.")
        return redirect("meeting", uuid)
    words = {"title": "Annuler la réunion", "verb": "Annuler la réunion", "back": reverse("meeting", args=[uuid])}
    return show_meeting_form(request, form, subject_of(row), **words)


def meeting_record(request: HttpRequest, uuid: str) -> HttpResponse:
    """Who came, what was said and decided."""
    row = run_meeting(request, uuid)
    form = RecordForm(request.POST if request.method == "POST" else None, meeting=row)
    if done(request, form, lambda: services.record(meeting=row, by=request.user, at=portal_now(), **form.told())):
        messages.success(request, "La réunion est enregistrée. Envoyez son compte rendu quand il est prêt.")
        return redirect("meeting", uuid)
    words = {"title": "Présences et décisions", "verb": "Enregistrer", "back": reverse("meeting", args=[uuid])}
    return show_meeting_form(request, form, subject_of(row), **words)


def meeting_attendee(request: HttpRequest, uuid: str) -> HttpResponse:
    """One more person to convene."""
    row = run_meeting(request, uuid)
    form = AttendeeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.instance.meeting = row
        form.save()
        return redirect("meeting", uuid)
    words = {"title": "Ajouter une personne", "verb": "Ajouter", "back": reverse("meeting", args=[uuid])}
    return show_meeting_form(request, form, subject_of(row), **words)


def meeting_task(request: HttpRequest, uuid: str) -> HttpResponse:
    """One more thing to do after the meeting."""
    row = run_meeting(request, uuid)
    form = TaskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.add_task(meeting=row, task=form.instance)
        return redirect("meeting", uuid)
    words = {"title": "Ajouter une suite à donner", "verb": "Ajouter", "back": reverse("meeting", args=[uuid])}
    return show_meeting_form(request, form, subject_of(row), **words)


@require_POST
def task_done(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Something asked by a meeting is done: the team says so, or the commune for what it had to do."""
    row = meeting_for(request, uuid)
    task = get_object_or_404(row.tasks, pk=pk)
    if task.side != "commune" or not my_answers(row, request.user).exists():
        require(can_run(request, row))
    services.finish_task(task=task, by=request.user, at=portal_now())
    messages.success(request, f"Fait : {task.text}.")
    return redirect("meeting", uuid)


@require_POST
def meeting_answer(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """A commune says whether it comes."""
    place = get_object_or_404(my_answers(meeting_for(request, uuid), request.user).select_related("meeting"), pk=pk)
    coming = request.POST.get("reponse") == "oui"
    services.answer(attendee=place, coming=coming, at=portal_now())
    messages.success(request, "C’est noté : vous venez." if coming else "C’est noté : vous êtes excusés.")
    return redirect("meeting", uuid)


@require_POST
def meeting_minutes(request: HttpRequest, uuid: str) -> HttpResponse:
    """Freeze the minutes and send them."""
    services.issue_minutes(meeting=run_meeting(request, uuid), at=portal_now())
    messages.success(request, "Le compte rendu part à chacun dès qu’il est prêt.")
    return redirect("meeting", uuid)


@require_safe
def meeting_pdf(request: HttpRequest, uuid: str) -> HttpResponse:
    """The frozen minutes."""
    row = meeting_for(request, uuid)
    response = document_response(row.minutes)
    AccessRecord.objects.create(
        user=request.user, what="compte rendu", object_key=f"meeting:{row.uuid}", at=portal_now()
    )
    return response
