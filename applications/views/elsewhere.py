"""Staff: files received elsewhere, entered by hand or by a table."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calls.models import Call
from calls.queries import held_in, roles_over
from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.models import StoredFile
from portal.core.rules import Refused, no, require
from portal.core.scanning import may_open
from portal.core.typography import format_quantity
from portal.core.uploads import UploadRefused, store_upload

from ..exports import csv_lines
from ..forms.elsewhere import ACCEPTED_PROOF, PROOF_BYTES, OutsideForm, TableForm
from ..models import Channel, Deposit, EntryBatch, OutsideReceipt
from ..queries.elsewhere import batches_of, lines_of_batch, outside_files
from ..queries.partners import found_applicants, organisation_chosen
from ..rules.elsewhere import can_enter
from ..services.drafting import MEGABYTE, accepted_extensions
from ..services.elsewhere import Told, copied_questions, may_enter, record_outside
from ..services.entry_batches import HEAD, apply_batch, stage_batch
from ..services.examination import record_reading
from .staff import staffed_call
from .staff_file import staff_file

PAGE = 50
PROOF_READ = "preuve de réception lue"


@require_safe
def outside(request: HttpRequest, slug: str) -> HttpResponse:
    """Those entered, and the tables."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    held = held_in(request.user, call, at)
    require(can_enter(held.names))
    whole = bool(can_enter(held.over()))
    page = Paginator(outside_files(call, None if whole else held.scope()), PAGE).get_page(request.GET.get("page"))
    batches = Paginator(batches_of(call), 10).get_page(request.GET.get("tableaux")) if whole else None
    context = {"call": call, "page": page, "batches": batches, "whole": whole}
    return render(request, "applications/staff/outside.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def outside_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Search the applicant, then say what was received, how and when."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    require(can_enter(held_in(request.user, call, at).names))
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    text = (request.POST if sent else request.GET).get("q", "")
    form = OutsideForm(found_applicants(text), call, *sent)
    if sent and form.is_valid():
        deposit = entered(request, call, form, at)
        if deposit is not None:
            number = deposit.application.number
            messages.success(request, f"Candidature {number} enregistrée, reçue {deposit.reception}.")
            return redirect("staff_application", deposit.application.uuid)
    return render(request, "applications/staff/outside_new.html", {"call": call, "form": form, "q": text})


def entered(request: HttpRequest, call: Call, form: OutsideForm, at: datetime) -> Deposit | None:
    """Judge before keeping any file; a refusal goes to the form."""
    organisation = organisation_chosen(form.cleaned_data["who"])
    try:
        require(can_enter(roles_over(request.user, call, at, organisation.commune_id)))
        told = form.told(organisation)
        require(may_enter(call, told, at))
        return record_outside(call=call, told=with_files(request, call, form, told, at), by=request.user, at=at)
    except (Refused, UploadRefused) as refusal:
        form.add_error(None, str(refusal))
        return None


def with_files(request: HttpRequest, call: Call, form: OutsideForm, told: Told, at: datetime) -> Told:
    """The proof and the pieces kept. Raises `UploadRefused`."""
    pieces: dict[str, list[StoredFile]] = {}
    for piece in call.piece_types.all():
        if upload := form.cleaned_data.get(f"p_{piece.code}"):
            limit = piece.max_megabytes * MEGABYTE
            kept = store_upload(upload, accepted=accepted_extensions(piece), max_bytes=limit, by=request.user, at=at)
            pieces[piece.code] = [kept]
    proof = keep(request, form.cleaned_data["proof"], ACCEPTED_PROOF, at)
    return Told(**{**vars(told), "proof": proof, "pieces": pieces})


def keep(request: HttpRequest, upload: UploadedFile, accepted: list[str], at: datetime) -> StoredFile:
    return store_upload(upload, accepted=accepted, max_bytes=PROOF_BYTES, by=request.user, at=at)


# --- tables ------------------------------------------------------------------------------------------------------


def whole_call(request: HttpRequest, slug: str, at: datetime) -> Call:
    """The call, for whoever examines all of it: a table may hold any commune."""
    call = staffed_call(request, slug, at)
    held = held_in(request.user, call, at)
    require(can_enter(held.names))
    if not can_enter(held.over()):
        require(no("Votre rôle est limité à certaines communes : enregistrez leurs dossiers un par un."))
    return call


@require_http_methods(["GET", "HEAD", "POST"])
def outside_table(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a table and the files that it names; the report comes next, nothing is entered."""
    at = portal_now()
    call = whole_call(request, slug, at)
    form = TableForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    if form.is_bound and form.is_valid():
        batch = staged(request, call, form, at)
        if batch is not None:
            return redirect("outside_batch", call.slug, batch.uuid)
    context = {"call": call, "form": form, "columns": columns_of(call)}
    return render(request, "applications/staff/outside_table.html", context)


def staged(request: HttpRequest, call: Call, form: TableForm, at: datetime) -> EntryBatch | None:
    accepted = sorted({*ACCEPTED_PROOF, *(e for p in call.piece_types.all() for e in accepted_extensions(p))})
    try:
        files = {f.name or "": keep(request, f, accepted, at) for f in form.cleaned_data["proofs"]}
    except UploadRefused as refusal:
        form.add_error("proofs", str(refusal))
        return None
    name = request.FILES["table"].name or "tableau.csv"
    return stage_batch(call=call, name=name, lines=form.cleaned_data["table"], files=files, by=request.user, at=at)


def columns_of(call: Call) -> list[tuple[str, str]]:
    """(column, what it holds) of the answers and pieces that a table may bring."""
    questions = [(q.code, q.label) for q in copied_questions(call, Channel.PAPER)]
    return [*questions, *((p.code, f"{p.label} : nom du fichier") for p in call.piece_types.all())]


@require_safe
def outside_model(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty table with the columns of this call."""
    call = whole_call(request, slug, portal_now())
    head = ["insee", "siren", *HEAD[1:], *(code for code, _ in columns_of(call))]
    response = HttpResponse(csv_lines(head, []), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="recues-ailleurs-{call.slug}.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def outside_batch(request: HttpRequest, slug: str, uuid: Any) -> HttpResponse:
    """The report of a table; POST has its right lines entered; then how far it is."""
    at = portal_now()
    call = whole_call(request, slug, at)
    batch = get_object_or_404(batches_of(call), uuid=uuid)
    if request.method == "POST":
        return applied(request, lambda: apply_batch(batch=batch, by=request.user, at=at), call, batch)
    page = Paginator(lines_of_batch(batch), PAGE).get_page(request.GET.get("page"))
    done = batch.entered + batch.failed  # type: ignore[attr-defined]  # see batches_of
    context = {"call": call, "batch": batch, "page": page, "done": done}
    return render(request, "applications/staff/outside_batch.html", context)


def applied(request: HttpRequest, act: Callable[[], int], call: Call, batch: EntryBatch) -> HttpResponse:
    try:
        n = act()
        messages.success(request, f"{format_quantity(n, 'dossier')} en cours d’enregistrement. Actualisez pour suivre.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("outside_batch", call.slug, batch.uuid)


@require_safe
def outside_proof(request: HttpRequest, uuid: str) -> HttpResponse:
    """The proof of the day of receipt; the reading goes to the access journal."""
    file = staff_file(request, uuid)
    receipt = get_object_or_404(OutsideReceipt.objects.select_related("proof"), application=file)
    require(may_open(receipt.proof, own=False))
    record_reading(user=request.user, what=PROOF_READ, object_key=f"application:{file.uuid}", at=portal_now())
    return file_response(receipt.proof)
