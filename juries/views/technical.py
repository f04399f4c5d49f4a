"""The officer's technical opinion: the jury's own grid, never in the jury's mean."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from applications.models import Application
from applications.queries.files import staffed_applications
from applications.rankings import has_grid
from calls.queries import roles_over
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from .. import states
from ..forms import NotesForm
from ..models import Assessment
from ..queries import criteria_for
from ..rules import can_score_technically
from ..services.assessments import reopen_technical, save_technical_notes, submit_technical
from .common import names_of, note_the_reading, place_line, posted, reading_of, wear
from .grid import grid_context
from .juror import given, saved_answer, saved_label


def staff_file(request: HttpRequest, uuid: str, at: datetime) -> Application:
    """A deposited file of one's call; 404 elsewhere, 403 with the reason for a role that does not score."""
    application = get_object_or_404(staffed_applications(request.user), uuid=uuid)
    wear(request, application.call)
    roles = roles_over(request.user, application.call, at, application.lead.commune_id)
    require(can_score_technically(roles, graded=has_grid(application.call)))
    return application


@require_http_methods(["GET", "HEAD", "POST"])
def technical_assessment(request: HttpRequest, uuid: str) -> HttpResponse:
    at = portal_now()
    application = staff_file(request, uuid, at)
    form = NotesForm(posted(request), call=application.call, criteria=criteria_for(application))
    if request.method == "POST" and form.is_valid():
        try:
            return keep(request, application, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    note_the_reading(request, application, at)
    return render(request, "juries/technical.html", technical_page(application, form))


def keep(request: HttpRequest, application: Application, form: NotesForm, at: datetime) -> HttpResponse:
    save_technical_notes(application=application, by=request.user, at=at, **given(form))
    if request.POST.get("act") == "submit":
        submit_technical(application=application, by=request.user, at=at)
        messages.success(request, "Avis technique validé.")
        return redirect("staff_application", uuid=application.uuid)
    messages.success(request, "Notes enregistrées. Vous les validerez quand elles seront complètes.")
    return redirect("technical_assessment", uuid=application.uuid)


def technical_page(application: Application, form: NotesForm) -> dict[str, Any]:
    sheet = Assessment.objects.filter(application=application, kind=Assessment.Kind.TECHNICAL).first()
    reading = reading_of(application)
    return {
        "application": application,
        "call": application.call,
        "name": names_of([application])[application.pk],
        "place_line": place_line(application),
        "sheet": sheet,
        "form": form,
        "done": sheet is not None and sheet.state == states.SUBMITTED,
        "comment": form["comment"].value() if form.is_bound else (sheet.comment if sheet else ""),
        "saved_label": saved_label(sheet),
        "final": False,
        **reading,
        **grid_context(application, sheet, reading["sections"]),
    }


@require_POST
def technical_notes(request: HttpRequest, uuid: str) -> JsonResponse:
    """Autosave of the technical grid."""
    at = portal_now()
    application = staff_file(request, uuid, at)
    form = NotesForm(request.POST, call=application.call, criteria=criteria_for(application))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    sheet = save_technical_notes(application=application, by=request.user, at=at, **given(form))
    return JsonResponse(saved_answer(sheet))


@require_POST
def technical_reopen(request: HttpRequest, uuid: str) -> HttpResponse:
    at = portal_now()
    application = staff_file(request, uuid, at)
    reopen_technical(application=application, by=request.user, at=at)
    messages.success(request, "L’avis technique est de nouveau modifiable. Pensez à le valider.")
    return redirect("technical_assessment", uuid=application.uuid)
