"""Staff: verify the points of the call, settle a reservation, ask to take up a notified decision."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import require

from .. import states
from ..content.progress import AnswerState, SectionProgress
from ..emails.files import of_applicant
from ..forms.admissibility import ChecklistForm, SettleForm, UndecideForm
from ..forms.section import SectionForm, typed_in
from ..queries.admissibility import points_of, reservations_of
from ..queries.internal import internal_of
from ..queries.staff import line_in_force
from ..rules.admissibility import can_check_points, can_settle_reservation, can_undecide, legal_warning
from ..rules.staff import can_examine
from ..services.admissibility import answer_points, ask_undecide, note_internal, settle_reservation, version_of
from .staff_file import roles_on, staff_file


@require_http_methods(["GET", "HEAD", "POST"])
def staff_checklist(request: HttpRequest, uuid: str) -> HttpResponse:
    """Each point of the call on this file: right or not, and what is wrong."""
    at, file = portal_now(), staff_file(request, uuid)
    points = points_of(file, version_of(file))
    if not points:
        raise Http404
    require(can_check_points(roles_on(request, file, at), file))
    form = ChecklistForm(points, request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = answer_points(application=file, answers=form.answers, by=request.user, at=at)
        messages.success(request, "La vérification est enregistrée." if kept else "Rien n’a changé.")
        return redirect("staff_application", uuid=file.uuid)
    rows = [
        {"point": point, "choice": form[f"point_{point.code}"], "remark": form[f"remarque_{point.code}"]}
        for point in points
    ]
    context = {"application": file, "call": file.call, "form": form, "rows": rows}
    return render(request, "applications/admissibility/checklist.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_internal(request: HttpRequest, uuid: str) -> HttpResponse:
    """The fields of the call on this file; what is wrong is kept and said."""
    at, file = portal_now(), staff_file(request, uuid)
    fields = internal_of(file)
    if not fields:
        raise Http404
    require(can_examine(roles_on(request, file, at)))
    form = internal_form(fields, at)
    if request.method == "POST":
        typed = typed_in(request.POST, [state.question for state in fields])
        kept = note_internal(application=file, typed=typed, by=request.user, at=at)
        form = internal_form(internal_of(file), at)
        if form.is_valid():
            messages.success(request, "Les champs internes sont enregistrés." if kept else "Rien n’a changé.")
            return redirect("staff_application", uuid=file.uuid)
    context = {"application": file, "call": file.call, "form": form, "shown": request.method == "POST"}
    return render(request, "applications/admissibility/internal.html", context)


def internal_form(fields: list[AnswerState], at: datetime) -> SectionForm:
    return SectionForm(SectionProgress(None, 1, tuple(fields)), hints={}, on=day_of(at))


@require_http_methods(["GET", "HEAD", "POST"])
def staff_reservation(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Lift a reservation, or give it up, with what proves it."""
    at, file = portal_now(), staff_file(request, uuid)
    found = get_object_or_404(reservations_of(file), pk=pk)
    found.application = file
    may = can_settle_reservation(roles_on(request, file, at), found)
    form = SettleForm(request.POST or None)
    if request.method == "POST":
        require(may)
        if form.is_valid():
            act = states.LIFT if form.cleaned_data["act"] == "lever" else states.DROP
            settle_reservation(reservation=found, act=act, reason=form.cleaned_data["reason"], by=request.user, at=at)
            messages.success(request, "La réserve est levée." if act is states.LIFT else "La réserve est abandonnée.")
            return redirect("staff_application", uuid=file.uuid)
    context = {
        "application": file,
        "call": file.call,
        "reservation": found,
        "form": form,
        "may": may,
        "history": found.transitions.select_related("by"),
    }
    return render(request, "applications/admissibility/reservation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_undecide(request: HttpRequest, uuid: str) -> HttpResponse:
    """Ask a second person to put a notified decision back to examination; the law is recalled to both."""
    at, file = portal_now(), staff_file(request, uuid)
    line = line_in_force(file, notified=True)
    require(can_undecide(roles_on(request, file, at), file, line))
    assert line is not None, "can_undecide requires a notified line"
    form = UndecideForm(request.POST or None, call=file.call, asked_by=request.user)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("reason", "approver")}
        ask_undecide(application=file, asked_by=request.user, at=at, **told)
        messages.success(request, "La demande est partie : rien ne change avant sa confirmation.")
        return redirect("staff_application", uuid=file.uuid)
    context = {
        "application": file,
        "call": file.call,
        "form": form,
        "line": line,
        "of_applicant": of_applicant(file),
        "warning": legal_warning(line, day_of(at)),
    }
    return render(request, "applications/admissibility/undecide.html", context)
