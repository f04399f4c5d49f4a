"""The commune completes its file: only what is asked, saved as one writes, then sent as a new version."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from calls.models import PieceType
from portal.core import ui
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.core.typography import format_quantity, typeset
from portal.core.uploads import UploadRefused

from ..content.answers import PLACE_KINDS
from ..content.progress import SectionProgress, answer_state
from ..forms.completion import ReplyForm, questions_given
from ..forms.pieces import PieceForm, accepted_sentence
from ..forms.section import SectionForm, typed_in, version_of, without_row
from ..models import CompletionItem, CompletionRequest
from ..queries.completion import ITEM, Given, completions_of_owner, given_so_far, piece_given, questions_of
from ..queries.files import file_reading
from ..rules.completion import can_complete, is_late
from ..services.completion import (
    CompletionConflict,
    attach_to_completion,
    remove_from_completion,
    save_completion,
    send_completion,
)
from .shared import file_context, saved_label


def own_completion(request: HttpRequest, uuid: Any, key: Any) -> CompletionRequest:
    """The request of the address, of the person's own organisations, or 404."""
    found = get_object_or_404(completions_of_owner(request.user), application__uuid=uuid, uuid=key)
    request.institution = getattr(found.application.call.owner, "profile", None)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def completion(request: HttpRequest, uuid: Any, key: Any) -> HttpResponse:
    """What is asked and where it stands. Sent, the answers are kept whatever they say; then what the button asks."""
    asked, at = own_completion(request, uuid, key), portal_now()
    if request.method != "POST":
        return show(request, asked, at)
    sending = "envoyer" in request.POST
    try:
        asked = keep(request, asked, at)
    except CompletionConflict as conflict:
        return show(request, conflict.request, at, data=request.POST, conflict=conflict)
    except Refused:
        if not sending:  # a second click finds the request answered: sending again gives the same version
            raise
    if sending:
        return send(request, asked, at)
    if "joindre" in request.POST:
        return redirect("completion_piece", uuid, key, request.POST["joindre"])
    if "ajouter" in request.POST or "retirer" in request.POST:
        return show(request, asked, at, extra=request.POST.get("ajouter", ""))
    messages.success(request, "Vos compléments sont enregistrés ; ils ne sont pas encore transmis.")
    return redirect("completion", uuid, key)


def keep(request: HttpRequest, asked: CompletionRequest, at: datetime) -> CompletionRequest:
    """Save what was sent."""
    typed = typed_in(request.POST, questions_of(asked).values())
    return save_completion(
        request=asked,
        typed=without_row(typed, request.POST.get("retirer", "")),
        reply=request.POST.get("reply", ""),
        version=version_of(request.POST),
        by=request.user,
        at=at,
    )


def send(request: HttpRequest, asked: CompletionRequest, at: datetime) -> HttpResponse:
    """A new version, or the reason why it is not one, beside what is to be corrected."""
    try:
        deposit = send_completion(
            request=asked,
            idempotency_key=key_of(request),
            by=request.user,
            web_clock_at=timezone.now(),
        )
    except Refused as refusal:
        return show(request, asked, at, demanding=True, refusal=str(refusal))
    messages.success(request, f"Vos compléments sont transmis : ils forment la version {deposit.n} de la candidature.")
    return redirect("receipt", asked.application.uuid)


def key_of(request: HttpRequest) -> UUID:
    """The key of the form shown: the same form sent twice makes one version."""
    try:
        return UUID(request.POST["cle"])
    except (KeyError, ValueError):
        return uuid4()


@require_POST
def completion_autosave(request: HttpRequest, uuid: Any, key: Any) -> JsonResponse:
    """What one types, kept every few seconds; a conflict is told, never settled by the last who writes."""
    asked = own_completion(request, uuid, key)
    try:
        kept = keep(request, asked, portal_now())
    except CompletionConflict:
        return JsonResponse(
            {"conflict": "Quelqu’un d’autre a écrit : enregistrez pour voir les deux textes."}, status=409
        )
    except Refused as refusal:
        return JsonResponse({"conflict": str(refusal)}, status=409)
    label = saved_label(kept.saved_at, portal_now())
    return JsonResponse({"saved_at_label": label, "version": kept.version, "completeness": "", "conflict": ""})


def show(
    request: HttpRequest,
    asked: CompletionRequest,
    at: datetime,
    *,
    data: Any = None,
    demanding: bool = False,
    refusal: str = "",
    extra: str = "",
    conflict: CompletionConflict | None = None,
) -> HttpResponse:
    """The page of a request, in whatever state."""
    given, may = given_so_far(asked, at), can_complete(request.user, asked, at)
    section = SectionProgress(None, 1, tuple(questions_given(given)))
    form = SectionForm(section, data, demanding=demanding, hints=notes(asked), on=day_of(at), extra=extra)
    kinds = {answer.question.kind for answer in section.answers}
    context = {
        **file_context(request, asked.application, at),
        "banner": None,
        "asked": asked,
        "late": is_late(asked, at),
        "may": may,
        "form": form,
        "reply": ReplyForm({"reply": request.POST.get("reply", asked.reply)}),
        "pieces": [piece_line(asked, one) for one in given if one.item.kind == ITEM.PIECE],
        "key": key_of(request),
        "refusal": refusal,
        "conflict": conflict,
        "both": both_texts(section, conflict, at) if conflict else [],
        "saved": saved_label(asked.saved_at, at),
        "deposit": getattr(asked, "deposit", None),
        "scripts": [
            *(["js/combobox.js"] if kinds & PLACE_KINDS else []),
            *(["js/repeat.js"] if "table" in kinds else []),
        ],
    }
    return render(request, "applications/completion/page.html", context)


def notes(asked: CompletionRequest) -> dict[str, str]:
    """What the service says of each answer, as the hint of its field."""
    told = {item.code: item.note for item in asked.items.all() if item.kind == ITEM.QUESTION and item.note}
    return {code: typeset(f"Le service : « {note} »") for code, note in told.items()}


def both_texts(section: SectionProgress, conflict: CompletionConflict, at: datetime) -> list[dict[str, str]]:
    """For each answer that differs: its label, and the text that the other person saved."""
    return [
        {
            "code": answer.question.code,
            "label": answer.question.label,
            "stored": answer_state(answer.question, conflict.request.values.get(answer.question.code), day_of(at)).text,
        }
        for answer in section.answers
        if answer.question.code in conflict.codes
    ]


# --- pieces ------------------------------------------------------------------------------------------------------


def piece_line(asked: CompletionRequest, one: Given) -> dict[str, Any]:
    """A piece asked, as a row: its state in words and what the service says of it."""
    state = "refused" if one.isolated else "missing" if one.missing else "here"
    names = ", ".join(row.file.name for row in one.files)
    lacking = max(0, (one.piece.min_count if one.piece else 1) - len(one.files))
    if one.isolated:
        line = "Ce fichier est isolé par l’antivirus : joignez-en un autre."
    elif names:
        line = f"{names}. Il manque {format_quantity(lacking, 'fichier')}." if lacking else names
    else:
        line = f"{accepted_sentence(one.piece)}." if one.piece else "Cette pièce n’est plus demandée par l’appel."
    url = reverse("completion_piece", args=[asked.application.uuid, asked.uuid, one.item.code])
    row = ui.Piece(title=one.item.label, state=state, line=typeset(line), url=url, verb="")
    return {"row": row, "item": one.item, "files": one.files}


@require_http_methods(["GET", "HEAD", "POST"])
def completion_piece(request: HttpRequest, uuid: Any, key: Any, code: str) -> HttpResponse:
    """One piece asked: attach a file, see those attached."""
    asked, at = own_completion(request, uuid, key), portal_now()
    item, kind = item_or_404(asked, code)
    form = PieceForm(kind, *([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        try:
            attach_to_completion(item=item, piece=kind, upload=form.cleaned_data["file"], by=request.user, at=at)
        except (Refused, UploadRefused) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"{kind.label} : fichier joint. Il n’est pas encore transmis.")
            return redirect("completion", uuid, key)
    rows = item.files.filter(removed_at=None).select_related("file")
    one = piece_given(item, kind, rows)
    context = {
        **file_context(request, asked.application, at),
        "banner": None,
        "asked": asked,
        "item": item,
        "kind": kind,
        "form": form,
        "may": can_complete(request.user, asked, at),
        "files": [{"row": row, "file": file_reading(asked.application, row.file)} for row in one.files],
        "isolated": one.isolated,
        "full": 1 < kind.max_count <= len(one.files),
    }
    return render(request, "applications/completion/piece.html", context)


def item_or_404(asked: CompletionRequest, code: str) -> tuple[CompletionItem, PieceType]:
    item = next((row for row in asked.items.all() if row.kind == ITEM.PIECE and row.code == code), None)
    if item is None:
        raise Http404
    item.request = asked
    return item, get_object_or_404(asked.application.call.piece_types, code=code)


@require_POST
def completion_piece_remove(request: HttpRequest, uuid: Any, key: Any, code: str, pk: int) -> HttpResponse:
    """Take one file out of the answer."""
    asked = own_completion(request, uuid, key)
    item, _kind = item_or_404(asked, code)
    row = get_object_or_404(item.files.filter(removed_at=None).select_related("file"), pk=pk)
    row.item = item
    remove_from_completion(row=row, by=request.user, at=portal_now())
    messages.success(request, f"{row.file.name} : fichier retiré.")
    return redirect("completion_piece", uuid, key, code)
