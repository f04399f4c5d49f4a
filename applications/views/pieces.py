"""Pieces: the list, one piece, its files, its promise, and the download."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from calls.models import PieceType
from portal.core.clock import portal_now
from portal.core.downloads import short_address
from portal.core.models import AccessRecord
from portal.core.rules import Refused, require
from portal.core.scanning import may_open
from portal.core.typography import format_date
from portal.core.uploads import StorageFailed, UploadRefused

from ..content.progress import PieceProgress
from ..forms.pieces import PieceForm, PromiseForm, accepted_sentence
from ..forms.resolutions import ResolutionForm
from ..models import Application
from ..queries.files import file_reading, progress_of
from ..queries.life import limit_of
from ..queries.resolutions import acts_told
from ..rules.files import MOST_MEGABYTES, can_change_piece, is_own, readable_file
from ..services.drafting import attach, promise, remove_attachment
from ..services.resolutions import tell_resolution
from .shared import own_application, piece_row, writing_context

ISOLATED = (
    "L’antivirus y a trouvé un programme malveillant : personne ne peut plus l’ouvrir. Retirez-le, faites vérifier le "
    "poste d’où il vient, puis joignez un autre fichier."
)


def pieces(request: HttpRequest, uuid: Any) -> HttpResponse:
    """All the documents asked for, and where each stands."""
    application, now = own_application(request, uuid), portal_now()
    progress = progress_of(application)
    rows = [
        piece_row(
            application,
            item,
            accepted_sentence(item.piece),
            editable=bool(can_change_piece(request.user, application, item.piece, now)),
        )
        for item in progress.pieces
    ]
    context = {
        **writing_context(request, application, progress, now, "pieces"),
        "rows": rows,
        "most_megabytes": MOST_MEGABYTES,
    }
    return render(request, "applications/pieces.html", context)


def piece(request: HttpRequest, uuid: Any, code: str) -> HttpResponse:
    """One piece: attach a file; the promise and the removals have their own addresses."""
    application = own_application(request, uuid)
    kind = piece_or_404(application, code)
    form = PieceForm(kind, *([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        try:
            attach(
                application=application, piece=kind, upload=form.cleaned_data["file"], by=request.user, at=portal_now()
            )
        except StorageFailed as failure:
            form.add_error("file", str(failure))
            return show_piece(request, application, kind, form=form, status=503)
        except (UploadRefused, Refused) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"{kind.label} : fichier joint.")
            return after_attaching(request, application, kind)
    return show_piece(request, application, kind, form=form)


def after_attaching(request: HttpRequest, application: Application, kind: PieceType) -> HttpResponse:
    """Back to the section that showed the piece, to the list; to the piece itself when it asks for more."""
    if kind.max_count > 1 or kind.resolution:
        return redirect(request.get_full_path())
    back = application.call.sections.filter(code=request.GET.get("section", "")).first()
    return redirect("section", application.uuid, back.code) if back else redirect("pieces", application.uuid)


@require_POST
def piece_promise(request: HttpRequest, uuid: Any, code: str) -> HttpResponse:
    application = own_application(request, uuid)
    kind = piece_or_404(application, code)
    if kind.promised_until is None:
        raise Http404
    form = PromiseForm(kind, request.POST)
    if form.is_valid():
        try:
            kept = promise(
                application=application,
                piece=kind,
                due_on=form.cleaned_data["due_on"],
                by=request.user,
                at=portal_now(),
            )
        except Refused as refusal:
            form.add_error("due_on", str(refusal))
        else:
            messages.success(request, f"{kind.label} : promise pour le {format_date(kept.due_on)}.")
            return redirect("pieces", application.uuid)
    return show_piece(request, application, kind, form=PieceForm(kind), promise_form=form)


@require_POST
def piece_resolution(request: HttpRequest, uuid: Any, code: str) -> HttpResponse:
    """What the council decided: assembly, day, number, transmission."""
    application = own_application(request, uuid)
    kind = piece_or_404(application, code)
    if not kind.resolution:
        raise Http404
    form = ResolutionForm(application, acts_told(application, kind), request.POST)
    if form.is_valid():
        try:
            told = tell_resolution(application=application, piece=kind, act=form.act, by=request.user, at=portal_now())
        except Refused as refusal:
            form.add_error("adopted_on", str(refusal))
        else:
            messages.success(request, f"{told.words}.")
            return redirect("pieces", application.uuid)
    return show_piece(request, application, kind, form=PieceForm(kind), resolution_form=form)


@require_POST
def piece_remove(request: HttpRequest, uuid: Any, code: str, pk: int) -> HttpResponse:
    """Take one file out; a deposit that holds it keeps it."""
    application = own_application(request, uuid)
    kind = piece_or_404(application, code)
    attachment = get_object_or_404(application.attachments.filter(removed_at=None, piece_code=code), pk=pk)
    remove_attachment(attachment=attachment, piece=kind, by=request.user, at=portal_now())
    messages.success(request, f"{attachment.file.name} : fichier retiré.")
    return redirect("piece", application.uuid, code)


def piece_or_404(application: Application, code: str) -> PieceType:
    return get_object_or_404(application.call.piece_types, code=code, stage__in=("both", application.stage))


def show_piece(
    request: HttpRequest,
    application: Application,
    kind: PieceType,
    *,
    form: PieceForm,
    promise_form: PromiseForm | None = None,
    resolution_form: ResolutionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now, progress = portal_now(), progress_of(application)
    item = progress.piece(kind.code) or PieceProgress(kind)
    may_change = can_change_piece(request.user, application, kind, now)
    promisable = kind.promised_until is not None and not item.files and now <= limit_of(application)
    acts = acts_told(application, kind) if kind.resolution else []
    tellable = kind.resolution and item.files
    context = {
        **writing_context(request, application, progress, now, "pieces"),
        "item": item,
        "form": form,
        "files": [{"attachment": a, "file": file_reading(application, a.file)} for a in item.files],
        "may_change": may_change,
        "isolated_sentence": ISOLATED,
        "full": 1 < kind.max_count <= len(item.files),
        "promise_form": promise_form or (PromiseForm(kind) if promisable else None),
        "acts": acts,
        "resolution_form": resolution_form or (ResolutionForm(application, acts) if tellable else None),
        "back": application.call.sections.filter(code=request.GET.get("section", "")).first(),
    }
    return render(request, "applications/piece.html", context, status=status)


def piece_download(request: HttpRequest, uuid: Any, pk: Any) -> HttpResponse:
    """The way to a file: the right is checked, then an address for this person opens for a minute.

    Whoever is not of the commune leaves a line in the access journal.
    """
    application = get_object_or_404(Application.objects.select_related("call"), uuid=uuid)
    file = readable_file(request.user, application, pk)
    if file is None:
        raise Http404
    own = is_own(request.user, application)
    require(may_open(file, own=own))
    if not own:
        AccessRecord.objects.create(
            user=request.user, what="pièce", object_key=f"application:{application.uuid}", at=portal_now()
        )
    return redirect(short_address(file, request.user))
