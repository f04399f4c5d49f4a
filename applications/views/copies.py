"""The applicant's own PDF of its file: the project for the council, then the deposited version."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.models import FrozenDocument

from .. import states
from ..documents.copy import deposited_number, draft_number, latest_copy, request_deposited, request_draft
from ..models import Application, Deposit
from ..queries.files import latest_deposit
from ..rules.life import file_accepts
from .shared import deposit_words, file_context, own_application


@dataclass(frozen=True)
class Copy:
    """One PDF that may be had: `document` is the last one made, which may be older than what is written now."""

    code: str
    title: str
    line: str
    document: FrozenDocument | None


def draft_copy(application: Application) -> Copy:
    line = "Telle qu’elle est écrite maintenant, à soumettre au conseil ou à relire. Chaque page dit « non déposé »."
    return Copy("projet", "La candidature en projet", line, latest_copy(draft_number(application)))


def deposited_copy(deposit: Deposit) -> Copy:
    line = f"Version {deposit.n}, {deposit_words(deposit)}. La preuve du dépôt est l’accusé de dépôt, à part."
    return Copy("depose", "Le dossier déposé", line, latest_copy(deposited_number(deposit)))


def copies_of(application: Application, deposit: Deposit | None, *, writable: bool) -> list[Copy]:
    """The project while nothing is deposited or while one may still write, and the version that counts."""
    drafted = application.state == states.DRAFT or (application.state == states.SUBMITTED and writable)
    return [
        *([deposited_copy(deposit)] if deposit else []),
        *([draft_copy(application)] if drafted else []),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def application_pdf(request: HttpRequest, uuid: Any) -> HttpResponse:
    """What may be had as a PDF, and where it stands; POST asks for one."""
    application, now = own_application(request, uuid), portal_now()
    deposit = latest_deposit(application)
    copies = copies_of(application, deposit, writable=file_accepts(application, now).allowed)
    if request.method == "POST":
        wanted = next((copy for copy in copies if copy.code == request.POST.get("copie")), None)
        if wanted is None:
            raise Http404
        drafted = wanted.code == "projet" or deposit is None
        made = request_draft(application, now) if drafted else request_deposited(deposit, now)
        if made.state == FrozenDocument.State.READY:
            return redirect("application_pdf_download", application.uuid, wanted.code)
        messages.success(request, "Le PDF se prépare : quelques secondes suffisent.")
        return redirect("application_pdf", application.uuid)
    context = {**file_context(request, application, now), "deposit": deposit, "copies": copies}
    return render(request, "applications/copies.html", context)


@require_safe
def application_pdf_download(request: HttpRequest, uuid: Any, code: str) -> HttpResponse:
    """The frozen bytes of the last one made."""
    application = own_application(request, uuid)
    copies = copies_of(application, latest_deposit(application), writable=True)
    return document_response(next((copy.document for copy in copies if copy.code == code), None))
