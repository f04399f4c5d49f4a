"""Staff: exports made in the background, where each stands, what went wrong, and the download."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from calls.queries import held_in
from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.rules import Refused, require

from ..models import Application, Export, ExportPart
from ..queries.exporting import exports_of
from ..rules.staff import READING, can_export
from ..services.examination import record_reading
from ..services.exporting import ask_export
from .staff import filtered_table, seen_by, staffed_call
from .staff_file import roles_on, staff_file

PAGE = 20
READ = "dossier complet exporté"


@require_POST
def staff_file_pdf(request: HttpRequest, uuid: str) -> HttpResponse:
    """Ask for the whole file as one PDF."""
    at, file = portal_now(), staff_file(request, uuid)
    if not READING & roles_on(request, file, at):
        raise Refused("Le dossier complet s’exporte par l’équipe de l’appel.")
    ask_export(call=file.call, files=[file], kind=Export.Kind.FILE, by=request.user, at=at)
    record_reading(user=request.user, what=READ, object_key=f"application:{file.uuid}", at=at)
    messages.success(request, "Le PDF se prépare : il apparaît ici dès qu’il est prêt.")
    return redirect("exports")


@require_POST
@step_up_required
def committee_export(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the files of the table as it is filtered, in one archive."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    held = held_in(request.user, call, at)
    require(can_export(held.names))
    found = filtered_table(request, call, seen_by(held))
    # A joint file stands on the line of each of its communes: it leaves once.
    keys = dict.fromkeys(found.rows().exclude(file=None).values_list("file", flat=True))
    rows = {file.pk: file for file in Application.objects.filter(pk__in=keys, number__isnull=False)}
    files = [rows[key] for key in keys if key in rows]
    try:
        ask_export(call=call, files=files, kind=Export.Kind.COMMITTEE, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("staff_communes", slug=slug)
    for file in files:
        record_reading(user=request.user, what=READ, object_key=f"application:{file.uuid}", at=at)
    messages.success(request, "L’archive se prépare : elle apparaît ici dès qu’elle est prête.")
    return redirect("exports")


@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports, with their progress and what went wrong."""
    page = Paginator(exports_of(request.user), PAGE).get_page(request.GET.get("page"))
    shown = [row.pk for row in page]
    notes: dict[int, list[str]] = {}
    parts = ExportPart.objects.filter(export__in=shown).exclude(notes=[]).select_related("application")
    for part in parts:
        notes.setdefault(part.export_id, []).extend(f"{part.application.number} : {note}" for note in part.notes)
    rows = [{"export": row, "notes": notes.get(row.pk, [])} for row in page]
    return render(request, "applications/staff/exports.html", {"page": page, "rows": rows})


@require_safe
def export_download(request: HttpRequest, key: Any) -> HttpResponse:
    """The file of one's own export."""
    found = get_object_or_404(exports_of(request.user), uuid=key)
    if found.file is None:
        raise Http404
    return file_response(found.file)
