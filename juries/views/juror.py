"""The member: home, declaration of interests, one file with the grid beside it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Application, Deposit
from applications.rankings import has_grid, has_points
from portal.core import ui
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.typography import NBSP, format_day, format_quantity, format_time

from .. import states
from ..forms import DeclarationForm, LinkForm, NotesForm
from ..models import Assessment, SeatHolder
from ..phases import is_final, phase_line, reads_others
from ..queries import (
    answered,
    criteria_for,
    facts_about,
    file_of_juror,
    files_for,
    has_sat,
    holders_of,
    next_session,
    noted_so_far,
    noting_now,
    other_sheets,
    phase_of,
    phases_of,
    session_day,
    to_note,
    undeclared,
)
from ..rules import can_read, can_score
from ..services.assessments import reopen_assessment, save_notes, submit_assessment
from ..services.interests import declare_interests, declare_link
from .common import (
    format_total,
    names_of,
    note_the_reading,
    place_line,
    posted,
    reading_of,
    wear,
)
from .grid import grid_context, progress_line

FILES = 50  # a page
DECLARED_AT_ONCE = 40
MARKS: dict[str, ui.Badge] = {
    "": ui.Badge(label="À noter", tone="todo", icon="pencil"),
    states.IN_PROGRESS: ui.Badge(label="Notes à valider", tone="warn", icon="clock"),
    states.SUBMITTED: ui.Badge(label="Noté", tone="ok", icon="check-lg"),
    "recused": ui.BADGES["recused"],
    "over": ui.Badge(label="Sans note de vous", tone="info", icon="dash-circle"),
    "to_read": ui.Badge(label="À lire", tone="info", icon="eye"),
}


def juror_file(request: HttpRequest, uuid: str, at: datetime) -> tuple[SeatHolder, Application]:
    """The member's seat and the file of the address; 404 for whoever does not sit in its jury."""
    found = file_of_juror(request.user, uuid, at)
    if found is None:
        raise Http404
    wear(request, found[1].call)
    return found


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My juries: what to declare, the files to note, the session."""
    at = portal_now()
    holders = list(holders_of(request.user, at))
    if not holders:
        raise Http404
    wear(request, holders[0].seat.call)
    juries = [jury_block(holder, request.GET.get(page_key(holder))) for holder in holders]
    juries.sort(key=lambda jury: jury["over"])  # what is still to be done comes first
    return render(request, "juries/home.html", {"juries": juries, "now": at})


def page_key(holder: SeatHolder) -> str:
    """The word of the address that turns the pages of one jury: a member may sit in several."""
    return f"page-{holder.seat.call.slug}"


def jury_block(holder: SeatHolder, number: str | None) -> dict[str, Any]:
    """One jury on the home page, its `number`-th page of files."""
    files, call = files_for(holder), holder.seat.call
    page, waiting = Paginator(files, FILES).get_page(number), undeclared(holder).count()
    session, over = next_session(call), has_sat(call)
    noting = has_grid(call) and holder.seat.voting and not waiting and not over and noting_now(call)
    next_file = to_note(files).first() if noting else None
    names = names_of([*page, *filter(None, [next_file])])
    return {
        "holder": holder,
        "call": call,
        "session": session,
        "phase": phase_line(phases_of(call), session_day(call), day_of(portal_now())) if phases_of(call) else "",
        "over": over,
        "to_declare": waiting,
        "page": page,
        "page_key": page_key(holder),
        "rows": [row_of(file, holder, names[file.pk], over=over) for file in page],
        "graded": has_grid(call),
        "next_file": next_file,
        "next_name": names[next_file.pk] if next_file else "",
        **noted_so_far(files),
    }


def row_of(file: Any, holder: SeatHolder, name: str, *, over: bool) -> dict[str, Any]:
    """A file of the home page; the total is the member's own, once validated."""
    mine = file.my_total if file.my_state == states.SUBMITTED and not file.recusal else None
    return {
        "file": file,
        "name": name,
        "mark": mark_of(file, holder, over=over),
        "open": not file.recusal,
        "total": format_total(mine) if mine is not None else "",
    }


def mark_of(file: Any, holder: SeatHolder, *, over: bool) -> ui.Badge:
    if file.recusal:
        return MARKS["recused"]
    if over and file.my_state != states.SUBMITTED:
        return MARKS["over"]
    noting = holder.seat.voting and file.assigned and has_grid(holder.seat.call)
    return MARKS[file.my_state] if noting else MARKS["to_read"]


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, slug: str) -> HttpResponse:
    """« Ai-je un lien ? », for each file, before any of them opens."""
    at = portal_now()
    holder = get_object_or_404(holders_of(request.user, at), seat__call__slug=slug)
    wear(request, holder.seat.call)
    files = list(undeclared(holder)[:DECLARED_AT_ONCE])
    form = DeclarationForm(posted(request), files=files, names=names_of(files))
    if request.method == "POST" and form.is_valid():
        declare_interests(holder=holder, links=form.links, at=at)
        return after_declaration(request, holder)
    recused = files_for(holder).exclude(recusal="")
    context = {
        "holder": holder,
        "call": holder.seat.call,
        "form": form,
        "left": undeclared(holder).count() - len(files),
        "recused": Paginator(recused, FILES).get_page(request.GET.get("deports")),
    }
    return render(request, "juries/declare.html", context)


def after_declaration(request: HttpRequest, holder: SeatHolder) -> HttpResponse:
    """The files not declared yet, else the first file to read."""
    if left := undeclared(holder).count():
        messages.success(request, f"C’est enregistré. Il reste {format_quantity(left, 'candidature')} à déclarer.")
        return redirect("jury_declare", holder.seat.call.slug)
    messages.success(request, "Votre déclaration est enregistrée. Les dossiers sont ouverts.")
    first = files_for(holder).filter(recusal="").first()
    return redirect("jury_file", first.uuid) if first else redirect("jury_home")


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, uuid: str) -> HttpResponse:
    """The file on the left, the grid on the right. POST keeps the notes; « Valider mes notes » submits them too."""
    at = portal_now()
    holder, application = juror_file(request, uuid, at)
    require(can_read(facts_about(holder, application)))
    form = NotesForm(posted(request), call=application.call, criteria=criteria_for(application))
    if request.method == "POST":
        require(can_score(facts_about(holder, application)))
    if request.method == "POST" and form.is_valid():
        try:
            return keep(request, holder, application, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    note_the_reading(request, application, at)
    return render(request, "juries/file.html", file_context(holder, application, form))


def keep(
    request: HttpRequest, holder: SeatHolder, application: Application, form: NotesForm, at: datetime
) -> HttpResponse:
    """Save, then submit when asked to, and go to the next file to note."""
    save_notes(holder=holder, application=application, at=at, **given(form))
    if request.POST.get("act") != "submit":
        messages.success(request, "Notes enregistrées. Vous les validerez quand elles seront complètes.")
        return redirect("jury_file", uuid=application.uuid)
    submit_assessment(holder=holder, application=application, at=at)
    messages.success(request, f"Notes validées pour {names_of([application])[application.pk]}.")
    return redirect("jury_home")


def file_context(holder: SeatHolder, application: Application, form: NotesForm) -> dict[str, Any]:
    sheet = Assessment.objects.filter(application=application, seat=holder.seat).first()
    files = [found for found in files_for(holder) if not found.recusal]
    ranks = [found.pk for found in files]
    reading, technical = reading_of(application), technical_context(application)
    return {
        "holder": holder,
        "application": application,
        "call": application.call,
        "name": names_of([application])[application.pk],
        "place_line": place_line(application),
        "position": ranks.index(application.pk) + 1,
        "count": len(ranks),
        "noted": sum(found.my_state == states.SUBMITTED for found in files),
        "sheet": sheet,
        "form": form,
        "scoring": can_score(facts_about(holder, application)),
        "submit_label": "Valider mes notes" if has_points(application.call) else "Valider mes avis",
        "done": sheet is not None and sheet.state == states.SUBMITTED,
        "comment": form["comment"].value() if form.is_bound else (sheet.comment if sheet else ""),
        "saved_label": saved_label(sheet),
        "technical": technical,
        **others_context(holder, application, sheet),
        "deposit_label": deposit_label(reading["deposit"]),
        "tabs": tabs_of(reading, technical),
        **reading,
        **grid_context(application, sheet, reading["sections"]),
    }


def others_context(holder: SeatHolder, application: Application, sheet: Assessment | None) -> dict[str, Any]:
    """The notes of the other members, when the phase opens them; and whether one's own may still be taken back."""
    phase = phase_of(application.call, portal_now())
    submitted = sheet is not None and sheet.state == states.SUBMITTED
    if not reads_others(phase, submitted=submitted):
        return {"others": None, "final": is_final(phase)}
    sheets = other_sheets(holder, application, names=bool(phase and phase.names))
    return {"others": sheets, "final": is_final(phase)}


def deposit_label(deposit: Deposit | None) -> str:
    """« Déposé le 12 mars », or where and when it was received elsewhere."""
    if deposit is None:
        return ""
    return f"Reçu {deposit.outside.words}" if deposit.outside else f"Déposé le {format_day(deposit.received_at)}"


def tabs_of(reading: dict[str, Any], technical: dict[str, Any] | None) -> list[ui.Link]:
    """The parts of the page; they work as anchors."""
    links = [ui.Link(label="Le dossier", url="#dossier", current=True)]
    if reading["pieces"]:
        links.append(ui.Link(label="Pièces", url="#pieces", count=len(reading["pieces"])))
    if technical:
        links.append(ui.Link(label="Avis", url="#avis", count=1))
    return links


def technical_context(application: Application) -> dict[str, Any] | None:
    """The officer's opinion, when the call shows it to the jury and it is submitted."""
    if not has_grid(application.call) or not application.call.grid.technical_visible_to_jury:
        return None
    found = Assessment.objects.filter(
        application=application, kind=Assessment.Kind.TECHNICAL, state=states.SUBMITTED
    ).first()
    return {"sheet": found, **grid_context(application, found, [])} if found else None


def given(form: NotesForm) -> dict[str, Any]:
    """What a form of notes says, as the services take it."""
    return {"notes": form.notes, "comments": form.comments, "comment": form.cleaned_data["comment"]}


def saved_answer(sheet: Assessment) -> dict[str, Any]:
    """What the autosave is told."""
    done, count = answered(sheet)
    return {"saved_at_label": saved_label(sheet), "version": 0, "completeness": progress_line(done, count)}


def saved_label(sheet: Assessment | None) -> str:
    return f"Enregistré à{NBSP}{format_time(sheet.updated_at)}" if sheet else ""


@require_POST
def notes(request: HttpRequest, uuid: str) -> JsonResponse:
    """Autosave of the grid."""
    at = portal_now()
    holder, application = juror_file(request, uuid, at)
    form = NotesForm(request.POST, call=application.call, criteria=criteria_for(application))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    sheet = save_notes(holder=holder, application=application, at=at, **given(form))
    return JsonResponse(saved_answer(sheet))


@require_POST
def reopen(request: HttpRequest, uuid: str) -> HttpResponse:
    """Take one's notes back before the session."""
    at = portal_now()
    holder, application = juror_file(request, uuid, at)
    reopen_assessment(holder=holder, application=application, at=at)
    messages.success(request, "Vos notes sont de nouveau modifiables. Pensez à les valider.")
    return redirect("jury_file", uuid=application.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: HttpRequest, uuid: str) -> HttpResponse:
    """« Je suis lié à cette commune » : the file closes at once."""
    at = portal_now()
    holder, application = juror_file(request, uuid, at)
    require(can_read(facts_about(holder, application)))
    form = LinkForm(posted(request))
    if request.method == "POST" and form.is_valid():
        declare_link(holder=holder, application=application, at=at, **form.cleaned_data)
        messages.success(request, "Vous êtes déporté de ce dossier. Vos notes éventuelles ne comptent plus.")
        return redirect("jury_home")
    context = {"application": application, "name": names_of([application])[application.pk], "form": form}
    return render(request, "juries/recuse.html", context)
