"""Writing one section: save and continue, save as one types, and what happens when two people write."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal.core.calendar import day_of
from portal.core.rules import Refused
from portal.core.typography import format_quantity

from ..content.answers import PLACE_KINDS, ROW_KINDS, Typed
from ..content.blocks import in_full
from ..content.prefill import source_sentence
from ..content.progress import AnswerState, FileProgress, SectionProgress, answer_state
from ..forms.pieces import accepted_sentence
from ..forms.section import SHOWN, SectionForm, control_of, typed_in, version_of, without_row
from ..models import Application
from ..queries.files import facts_of_file, plan_read, progress_of
from ..services.drafting import Saved, SectionConflict, save_section
from .shared import completeness_of, editable, own_application, piece_row, saved_label, writing_context

RECENT_MINUTES = 10


def section(request: HttpRequest, uuid: Any, code: str) -> HttpResponse:
    """The form of a section. Sent, it is kept whatever it says; then the next section, or what is to be corrected."""
    application = own_application(request, uuid)
    if request.method == "POST":
        return save_and_continue(request, application, code)
    progress = progress_of(application)
    here = section_or_404(progress, code)
    if not editable(request, application, application.read_at):
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
    if "joindre" in request.POST:
        return to_piece(request, application, after)
    if "ajouter" in request.POST or "retirer" in request.POST:
        form = section_form(application, after, extra=request.POST.get("ajouter", ""))
        return show(request, application, saved.progress, after, form)
    if after.faults or after.missing or appeared(request, after):
        form = section_form(application, after, demanding=True)
        return show(request, application, saved.progress, after, form, appeared=appeared(request, after))
    following = next((s for s in saved.progress.sections if s.number > after.number), None)
    if following is None:
        return redirect("pieces", application.uuid)
    return redirect("section", application.uuid, following.section.code)


def to_piece(request: HttpRequest, application: Application, here: SectionProgress) -> HttpResponse:
    """The section is kept: open the piece that one of its questions shows, and come back after."""
    urls = {reverse("piece", args=[application.uuid, a.piece.piece.code]) for a in here.answers if a.piece}
    wanted = request.POST["joindre"]
    if wanted not in urls:
        raise Http404
    return redirect(f"{wanted}?section={here.section.code}")


def appeared(request: HttpRequest, here: SectionProgress) -> str:
    """What to say when an answer just given brings questions that the page did not show."""
    if SHOWN not in request.POST:
        return ""
    shown = request.POST[SHOWN].split(",")
    new = [a for a in here.answers if a.question.code not in shown and (a.piece or a.question.kind != "file")]
    if not new:
        return ""
    count = format_quantity(len(new), "question s’ajoute", "questions s’ajoutent")
    return f"{count} à cette section d’après vos réponses."


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
            "saved_at_label": saved_label(saved.row.updated_at, application.read_at),
            "version": saved.row.version,
            "completeness": completeness_of(saved.progress),
            "shown": shown_codes(saved.progress, code),
            "results": results_of(saved.progress, code),
            "conflict": "",
        }
    )


def save(request: HttpRequest, application: Application, code: str) -> Saved:
    """What was sent, kept; 404 for a section that the call does not have."""
    plan = plan_read(application)
    questions = plan.questions(code)
    if questions is None:
        raise Http404
    typed = typed_in(request.POST, questions, request.FILES)
    return save_section(
        application=application,
        section_code=code,
        typed=without_row(typed, request.POST.get("retirer", "")),
        version=version_of(request.POST),
        by=request.user,
        at=application.read_at,
        plan=plan,
    )


def shown_codes(progress: FileProgress, code: str) -> str:
    """The codes of the questions that apply now, as the page of the section lists them."""
    here = progress.section(code)
    return ",".join(a.question.code for a in here.answers if a.piece or a.question.kind != "file") if here else ""


def results_of(progress: FileProgress, code: str) -> dict[str, str]:
    """What the answers of several parts add up to now, as the page shows it, by the id of its place."""
    here = progress.section(code)
    plans = [answer for answer in here.answers if answer.question.kind == "operations"] if here else []
    return {
        place: render_to_string("applications/_result.html", {"block": block})
        for answer in plans
        for place, block in control_of(answer).results(answer.question.code, answer.typed).items()
    }


def section_or_404(progress: FileProgress, code: str) -> SectionProgress:
    found = progress.section(code)
    if found is None:
        raise Http404
    return found


def section_form(
    application: Application, here: SectionProgress, data: Any = None, *, demanding: bool = False, extra: str = ""
) -> SectionForm:
    facts = facts_of_file(application)
    hints = {answer.question.code: source_sentence(answer.question, facts) for answer in here.answers}
    shown = (answer.piece for answer in here.answers if answer.piece)
    rows = {
        item.piece.code: piece_row(application, item, accepted_sentence(item.piece), editable=True) for item in shown
    }
    on = day_of(application.read_at)
    return SectionForm(here, data, demanding=demanding, hints=hints, on=on, rows=rows, extra=extra)


def scripts_of(here: SectionProgress) -> list[str]:
    """The small modules that the kinds of questions of the section need, now or with an answer to come."""
    kinds = {answer.question.kind for answer in here.answers}
    needed = ["js/combobox.js"] if kinds & PLACE_KINDS or here.conditional else []
    needed += ["js/repeat.js"] if kinds & ROW_KINDS else []
    needed += ["js/results.js"] if "operations" in kinds else []
    return needed + (["js/conditions.js"] if here.conditional else [])


def show(
    request: HttpRequest,
    application: Application,
    progress: FileProgress,
    here: SectionProgress,
    form: SectionForm,
    *,
    conflict: SectionConflict | None = None,
    appeared: str = "",
) -> HttpResponse:
    """The page of a section, in whatever state."""
    now = application.read_at
    context = {
        **writing_context(request, application, progress, now, here.section.code),
        "here": here,
        "form": form,
        "version": conflict.row.version if conflict else here.version,
        "conflict": conflict,
        "both": both_texts(here, conflict, now) if conflict else [],
        "saved": saved_label(here.updated_at, now),
        "others": others_writing(request, progress, here, now),
        "appeared": appeared,
        "conditional": here.conditional,
        "inner_buttons": any(answer.piece or answer.question.kind in ROW_KINDS for answer in here.answers),
        "scripts": scripts_of(here),
    }
    return render(request, "applications/section.html", context)


def both_texts(here: SectionProgress, conflict: SectionConflict, at: datetime) -> list[dict[str, str]]:
    """For each question that differs: its label, and the text that the other person saved."""
    on = day_of(at)
    return [
        {
            "code": answer.question.code,
            "label": answer.question.label,
            "stored": stored_text(answer, conflict.row.values.get(answer.question.code), on),
        }
        for answer in here.answers
        if answer.question.code in conflict.codes
    ]


def stored_text(answer: AnswerState, typed: Typed | None, on: date) -> str:
    """What the other person saved; all the lines of an answer of several parts."""
    state = answer_state(answer.question, typed, on, answer.frame)
    return in_full(state.blocks) if state.blocks else state.text


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
