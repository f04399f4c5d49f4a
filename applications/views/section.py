"""Writing one section: save and continue, save as one types, and what happens when two people write."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from portal.core.clock import portal_now
from portal.core.rules import Refused

from ..forms.section import SectionForm, typed_in, version_of
from ..models import Application
from ..prefill import source_sentence
from ..progress import FileProgress, SectionProgress, answer_state
from ..queries import facts_about, progress_of
from ..services.drafting import Saved, SectionConflict, save_section
from .shared import completeness_of, editable, own_application, saved_label, writing_context

RECENT_MINUTES = 10


def section(request: HttpRequest, uuid: Any, code: str) -> HttpResponse:
    """The form of a section. Sent, it is kept whatever it says; then the next section, or what is to be corrected."""
    application, now = own_application(request, uuid), portal_now()
    if request.method == "POST":
        return save_and_continue(request, application, code)
    progress = progress_of(application)
    here = section_or_404(progress, code)
    if not editable(request, application, now):
        return redirect("application_read", application.uuid)
    form = section_form(application, here, demanding="manque" in request.GET)
    return show(request, application, progress, here, form)


def save_and_continue(request: HttpRequest, application: Application, code: str) -> HttpResponse:
    try:
        saved = save(request, application, code)
    except SectionConflict as conflict:
        progress = progress_of(application)
        here = section_or_404(progress, code)
        sent = section_form(application, here, request.POST)
        return show(request, application, progress, here, sent, conflict=conflict)
    after = section_or_404(saved.progress, code)
    if after.faults or after.missing:
        form = section_form(application, after, demanding=True)
        return show(request, application, saved.progress, after, form)
    following = next((s for s in saved.progress.sections if s.number > after.number), None)
    if following is None:
        return redirect("pieces", application.uuid)
    return redirect("section", application.uuid, following.section.code)


@require_POST
def section_autosave(request: HttpRequest, uuid: Any, code: str) -> JsonResponse:
    """What one types, kept every few seconds; a conflict is told, never settled by the last who writes."""
    application = own_application(request, uuid)
    try:
        saved = save(request, application, code)
    except SectionConflict as conflict:
        who = conflict.row.updated_by
        text = f"{who} a modifié cette section. Enregistrez\u00a0: vous verrez les deux textes, rien n’est perdu."
        return JsonResponse({"conflict": text}, status=409)
    except Refused as refusal:
        return JsonResponse({"conflict": str(refusal)}, status=409)
    return JsonResponse(
        {
            "saved_at_label": saved_label(saved.row.updated_at, portal_now()),
            "version": saved.row.version,
            "completeness": completeness_of(saved.progress),
            "conflict": "",
        }
    )


def save(request: HttpRequest, application: Application, code: str) -> Saved:
    """What was sent, kept; 404 for a section that the call does not have."""
    get_object_or_404(application.call.sections, code=code)
    return save_section(
        application=application,
        section_code=code,
        typed=typed_in(request.POST),
        version=version_of(request.POST),
        by=request.user,
        at=portal_now(),
    )


def section_or_404(progress: FileProgress, code: str) -> SectionProgress:
    found = progress.section(code)
    if found is None:
        raise Http404
    return found


def section_form(
    application: Application, here: SectionProgress, data: Any = None, *, demanding: bool = False
) -> SectionForm:
    facts = facts_about(application.lead)
    hints = {answer.question.code: source_sentence(answer.question, facts) for answer in here.answers}
    return SectionForm(here, data, demanding=demanding, hints=hints)


def show(
    request: HttpRequest,
    application: Application,
    progress: FileProgress,
    here: SectionProgress,
    form: SectionForm,
    *,
    conflict: SectionConflict | None = None,
) -> HttpResponse:
    """The page of a section, in whatever state."""
    now = portal_now()
    context = {
        **writing_context(request, application, progress, now, here.section.code),
        "here": here,
        "form": form,
        "version": conflict.row.version if conflict else here.version,
        "conflict": conflict,
        "both": both_texts(here, conflict) if conflict else [],
        "saved": saved_label(here.updated_at, now),
        "others": others_writing(request, progress, here, now),
    }
    return render(request, "applications/section.html", context)


def both_texts(here: SectionProgress, conflict: SectionConflict) -> list[dict[str, str]]:
    """For each question that differs: its label, and the text that the other person saved."""
    return [
        {
            "code": answer.question.code,
            "label": answer.question.label,
            "stored": answer_state(answer.question, conflict.row.values.get(answer.question.code)).text,
        }
        for answer in here.answers
        if answer.question.code in conflict.codes
    ]


def others_writing(
    request: HttpRequest, progress: FileProgress, here: SectionProgress, now: Any
) -> list[SectionProgress]:
    """Sections that somebody else saved in the last minutes."""
    return [
        section
        for section in progress.sections
        if section.updated_by not in (None, request.user)
        and section.updated_at
        and (now - section.updated_at).total_seconds() < RECENT_MINUTES * 60
    ]
