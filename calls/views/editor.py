"""The back office: the rooms of a call in preparation, the form of each part, its lists. Works without any script."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.core.clock import portal_now
from portal.core.rules import require
from portal.core.uploads import UploadRefused

from .. import rules, rules_life
from ..definition.dump import dump
from ..definition.editing import BadEdit, Change, Conflict, NoSuchPart, Values, part_at, path_of, put
from ..definition.grid_modes import MODES, in_mode
from ..definition.schema import CallDocument
from ..editor import screens
from ..editor.entries import GRID_MODE, RULES, entries_at, entries_of, for_mode, kinds_of
from ..editor.forms import PartForm, UploadForm, completed
from ..editor.locks import OPEN, Locks, Shut, free, shut
from ..editor.places import back_to, is_list
from ..editor.rooms import BY_CODE, GRID_ROOM, Room
from ..models import Call
from ..queries import open_correction_of
from ..services import by_hand, writing
from ..services.correction import caught_up
from .staff import staffed_call

GONE = "Quelqu’un vient de supprimer cette ligne : copiez vos textes avant de quitter la page."


def edited_call(request: HttpRequest, slug: str) -> tuple[Call, CallDocument, Locks]:
    """The call, what the rooms write of it (its document, or its correction), and what keeps still there."""
    call, at = staffed_call(request, slug), portal_now()
    correction = open_correction_of(call)
    if correction is None:
        require(rules.can_edit(request.user, call, at))
        return call, dump(call), OPEN
    require(rules_life.can_correct(request.user, call, at))
    published = dump(call)
    return call, caught_up(correction, published), Locks(published, published.closes_at < at, correction)


def posted(request: HttpRequest) -> Any:
    """What the form sent; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def room_at(code: str, document: CallDocument) -> Room:
    room = BY_CODE.get(code)
    if room is None or not room.used(document):
        raise Http404
    return room


def part_or_404(document: CallDocument, address: str) -> Any:
    """What stands at an address now."""
    try:
        return part_at(document, path_of(document, address))
    except NoSuchPart as error:
        raise Http404 from error


def locked_when_posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A save locks the call before it is read: the document is dumped once, and nobody changes it in between."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, slug, **more)
        with transaction.atomic():
            list(Call.objects.select_for_update().filter(slug=slug).values_list("pk"))
            return view(request, slug, **more)

    return inner


def attempt(form: PartForm, call: Call, change: Change, read: CallDocument | None = None) -> CallDocument | None:
    """The document once changed; else the form tells why not, and keeps all that was typed.

    `read`: the document, in a view that is `locked_when_posted`.
    """
    try:
        return by_hand.edit(call=call, change=change, at=portal_now(), read=read)
    except BadEdit as error:
        form.refuse(error.problems, form.path)
    except Conflict:
        correction = open_correction_of(call)
        form.renew(caught_up(correction, dump(call)) if correction else dump(call))
    except NoSuchPart:
        form.add_error(None, GONE)
    return None


# --- rooms -------------------------------------------------------------------------------------------------------


@require_safe
def call_rooms(request: HttpRequest, slug: str) -> HttpResponse:
    """All rooms, to tick off."""
    call, document, locks = edited_call(request, slug)
    return render(request, "calls/editor/rooms.html", {"call": call, **screens.rooms_page(call, document, locks)})


@locked_when_posted
def call_room(request: HttpRequest, slug: str, room: str) -> HttpResponse:
    """One room: its fields, then its lists."""
    call, document, locks = edited_call(request, slug)
    here = room_at(room, document)
    mode = mode_of(request, document, locks) if here.code == GRID_ROOM else ""
    entries = for_mode(entries_at(here.fields), mode)
    shown = [one for one in entries if one.path != GRID_MODE]
    form = PartForm(free(shown, locks), document, document, data=posted(request))
    if request.method == "POST" and form.entries and form.is_valid():
        change = put("", form.values(), seen=form.seen)
        after = attempt(form, call, in_mode(change, mode) if mode else change, document)
        if after:
            messages.success(request, f"« {here.title} » : c’est enregistré.")
            return redirect("call_room", after.slug, room)
    context = {"form": form, "kind": mode, "shut": shut(entries, locks, document)}
    page = screens.room_page(call, document, here, locks, mode)
    return render(request, "calls/editor/room.html", {**context, **page})


def mode_of(request: HttpRequest, document: CallDocument, locks: Locks) -> str:
    """How files are judged: as the call says, or as the person asks to see."""
    asked = request.GET.get("nature", "")
    return asked if asked in MODES and not locks.correction else document.grid.mode


@require_POST
def call_room_begin(request: HttpRequest, slug: str, room: str) -> HttpResponse:
    """« Cet appel donne de l’argent » and the like: the room opens."""
    call, document, locks = edited_call(request, slug)
    here = BY_CODE.get(room)
    if here is None or here.begin is None or here.used(document) or locks.correction:
        raise Http404
    writing.edit_call(call=call, change=here.begin(document))
    messages.success(request, f"La rubrique « {here.title} » est ouverte.")
    return redirect("call_room", slug, room)


def call_room_leave(request: HttpRequest, slug: str, room: str) -> HttpResponse:
    """The call does without this room: what it holds goes, once confirmed."""
    call, document, locks = edited_call(request, slug)
    here = room_at(room, document)
    if here.leave is None or locks.correction:
        raise Http404
    form = PartForm([], document, document, data=posted(request))
    if request.method == "POST" and form.is_valid() and attempt(form, call, here.leave(document)):
        messages.success(request, f"La rubrique « {here.title} » est retirée.")
        return redirect("call_rooms", slug)
    return render(request, "calls/editor/leave.html", {"call": call, "room": here, "form": form})


# --- parts -------------------------------------------------------------------------------------------------------


@locked_when_posted
def call_part(request: HttpRequest, slug: str, where: str) -> HttpResponse:
    """One item: its fields, then the lists that it holds."""
    call, document, locks = edited_call(request, slug)
    if request.method == "POST" and not screens.is_there(document, where):
        return gone(request, call, document, where, locks)
    item = part_or_404(document, where)
    if not hasattr(item, "code"):
        raise Http404
    form, kind, kept = item_form(request, document, item, where, locks)
    if request.method == "POST" and form.entries and form.is_valid():
        values = completed(form.values(), form.model, kind, (), item)
        after = attempt(form, call, put(where, values, seen=form.seen), document)
        if after:
            messages.success(request, "C’est enregistré.")
            return redirect(after_item(after, slug, where, values))
    context = {"form": form, "kind": kind, "shut": kept, **screens.part_page(call, document, item, where, locks)}
    return render(request, "calls/editor/part.html", context)


def gone(request: HttpRequest, call: Call, document: CallDocument, where: str, locks: Locks) -> HttpResponse:
    """Someone has removed the item meanwhile: what was typed is shown, to be taken elsewhere."""
    holder = where.rpartition("/")[0]
    part_or_404(document, holder)
    if not is_list(document, holder):
        raise Http404
    context = {"call": call, "locks": locks, "back": back_to(document, call.slug, holder)}
    return render(request, "calls/editor/gone.html", {**context, **screens.typed_words(holder, request.POST)})


def item_form(
    request: HttpRequest, document: CallDocument, item: Any, where: str, locks: Locks
) -> tuple[PartForm, str, list[Shut]]:
    """The form of an item, of the kind that it has or that is asked for; then its fields that keep still."""
    asked = "" if locks.on_kind(where) else request.GET.get("nature", "")
    kinds = kinds_of(type(item))
    kind = asked if asked in kinds else item.kind if kinds else ""
    model = RULES.get(kind, type(item)) if where.startswith("eligibility/") else type(item)
    path, entries = path_of(document, where), for_mode(entries_of(model, kind), document.grid.mode)
    form = PartForm(
        free(entries, locks, where), document, item, address=where, path=path, data=posted(request), model=model
    )
    return form, kind, shut(entries, locks, document, where)


def after_item(document: CallDocument, slug: str, where: str, values: Values) -> str:
    """Back to the list; a section stays open, since its questions are below."""
    holder, _, _ = where.rpartition("/")
    address = f"{holder}/{values[('code',)]}"
    item = part_at(document, path_of(document, address))
    if screens.lists_in(document, item, address):
        return screens.part_url(slug, address)
    return back_to(document, slug, address)


def call_document_upload(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The bytes of a document to download."""
    call, document, locks = edited_call(request, slug)
    item = part_or_404(document, f"documents/{code}")
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kept = keep(form, call, code, request)
        if kept:
            messages.success(request, f"« {item.label} » est déposé.")
            return redirect(back_to(document, slug, f"documents/{code}"))
    context = {"form": form, "call": call, "item": item, "code": code, "locks": locks}
    return render(request, "calls/editor/upload.html", context)


def keep(form: UploadForm, call: Call, code: str, request: HttpRequest) -> bool:
    """Whether the file was kept; else the form tells why not."""
    try:
        by_hand.keep_download(call=call, code=code, upload=form.cleaned_data["file"], by=request.user, at=portal_now())
    except UploadRefused as error:
        form.add_error("file", str(error))
        return False
    return True
