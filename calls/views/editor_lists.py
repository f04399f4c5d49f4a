"""The lists of the back office: add an item (its kind first), take one from the library, move it, remove it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.core.clock import portal_now

from ..definition.blank import TO_WRITE, unlike
from ..definition.editing import BadEdit, Raw, Values, assign, insert, move, path_of, remove
from ..definition.form import Section
from ..definition.library import MODELS, copy_of, library
from ..definition.schema import CallDocument
from ..definition.values import Part
from ..editor import screens
from ..editor.entries import entries_of, for_mode, item_model, kinds_of
from ..editor.forms import PartForm, completed
from ..editor.places import back_to, is_list, names_of
from ..models import Call
from ..services import by_hand
from .editor import attempt, edited_call, part_or_404, posted

STEPS = {"haut": -1, "bas": 1}


def call_part_add(request: HttpRequest, slug: str, where: str) -> HttpResponse:
    """A new item at the end of a list; of several kinds, one is chosen first."""
    call, document, locks = edited_call(request, slug)
    form, kind = new_form(request, document, where)
    context = {"form": form, "kind": kind, **screens.add_page(call, document, where, locks)}
    if form is None:
        return render(request, "calls/editor/choose.html", context)
    if request.method == "POST" and form.is_valid():
        values = completed(form.values(), form.model, kind, codes_beside(document, where))
        after = attempt(form, call, insert(where, item_of(values, form.model, document)))
        if after:
            messages.success(request, "C’est ajouté.")
            return redirect(after_adding(after, slug, where, values))
    return render(request, "calls/editor/add.html", context)


def new_form(request: HttpRequest, document: CallDocument, where: str) -> tuple[PartForm | None, str]:
    """The empty form of an item of this list; none before its kind is chosen."""
    items = part_or_404(document, where)
    if not is_list(document, where):
        raise Http404
    names = names_of(where)
    kinds = kinds_of(item_model(names))
    kind = request.GET.get("nature", "")
    if kinds and kind not in kinds:
        return None, ""
    model = item_model(names, kind)
    path = (*path_of(document, where), len(items))
    entries = for_mode(entries_of(model, kind), document.grid.mode)
    return PartForm(entries, document, None, address=where, path=path, data=posted(request), model=model), kind


def codes_beside(document: CallDocument, where: str) -> list[str]:
    """The codes that the new item must not take: those of its list, for a question those of the whole form."""
    if where.startswith("sections/"):
        return [question.code for question in document.questions]
    return [item.code for item in part_or_404(document, where)]


def item_of(values: Values, model: type[Part], document: CallDocument) -> Raw:
    """The item as plain data; a section begins with one question, since it cannot stand without."""
    item: Raw = {}
    assign(item, values)
    if model is Section:
        code = unlike("question", (question.code for question in document.questions))
        item["questions"] = [{"code": code, "kind": "long_text", "label": f"{TO_WRITE} : première question"}]
    return item


def after_adding(document: CallDocument, slug: str, where: str, values: Values) -> str:
    """A section opens, so that one writes its questions; the others go back to their list."""
    address = f"{where}/{values[('code',)]}"
    return screens.part_url(slug, address) if where == "sections" else back_to(document, slug, address)


@require_POST
def call_part_move(request: HttpRequest, slug: str, where: str) -> HttpResponse:
    """One rank up or down."""
    call, document, _ = edited_call(request, slug)
    part_or_404(document, where)
    step = STEPS.get(request.POST.get("sens", ""))
    if step is None:
        raise Http404
    try:
        after = by_hand.edit(call=call, change=move(where, step), at=portal_now())
    except BadEdit as error:
        messages.error(request, screens.told(error, document))
        return redirect(back_to(document, slug, where))
    return redirect(back_to(after, slug, where))


def call_part_remove(request: HttpRequest, slug: str, where: str) -> HttpResponse:
    """An item goes, once confirmed; what names it elsewhere is said first."""
    call, document, locks = edited_call(request, slug)
    item: Any = part_or_404(document, where)
    if not hasattr(item, "code"):
        raise Http404
    back = back_to(document, slug, where)
    form = PartForm([], document, item, address=where, data=posted(request))
    if request.method == "POST" and form.is_valid() and attempt(form, call, remove(where)):
        messages.success(request, "C’est supprimé.")
        return redirect(back)
    context = {"form": form, "back": back, **screens.removal(call, document, item, where, locks)}
    return render(request, "calls/editor/remove.html", context)


def call_library(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The usual sections, pieces, undertakings: each is added whole, in one click."""
    call, document, locks = edited_call(request, slug)
    if name not in MODELS:
        raise Http404
    usual = library(name)
    if request.method == "POST":
        chosen = next((item for item in usual if item.code == request.POST.get("code")), None)
        if chosen is None:
            raise Http404
        take(request, call, document, name, chosen)
        return redirect("call_library", slug, name)
    return render(request, "calls/editor/library.html", screens.library_page(call, document, name, usual, locks))


def take(request: HttpRequest, call: Call, document: CallDocument, name: str, chosen: Any) -> None:
    """Add an item of the library, or say why not."""
    try:
        by_hand.edit(call=call, change=lambda now: insert(name, copy_of(chosen, now, name))(now), at=portal_now())
    except BadEdit as error:
        messages.error(request, screens.told(error, document))
    else:
        messages.success(request, f"« {screens.title_of(chosen)} » est dans l’appel.")
