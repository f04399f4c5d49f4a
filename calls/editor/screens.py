"""What the pages of the back office show, as plain data for the templates."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from calls.definition.choices import QUESTIONS, RULES, choices
from calls.definition.editing import BadEdit, NoSuchPart, part_at, path_of
from calls.definition.library import MODELS
from calls.definition.plain_words import for_people
from calls.definition.schema import CallDocument
from calls.definition.values import Part
from calls.definition.words import words
from calls.models import Call

from .completeness import Advice, RoomState, rooms_state, unused_rooms
from .entries import LISTED, item_model, kinds_of
from .places import above, anchor, back_to, names_of, room_named, words_of
from .rooms import Room
from .summaries import ListWords, line_of, list_words, title_of


@dataclass(frozen=True)
class Item:
    """One row of a list: its name, a line, its address; whether it may go up or down."""

    title: str
    line: str
    address: str
    first: bool
    last: bool


@dataclass(frozen=True)
class Listing:
    """A list in its page."""

    words: ListWords
    address: str
    anchor: str
    items: list[Item]
    library: bool


def listing(document: CallDocument, address: str) -> Listing:
    items = part_at(document, path_of(document, address))
    rows = [
        Item(title_of(item), line_of(item, document), f"{address}/{item.code}", n == 0, n == len(items) - 1)
        for n, item in enumerate(items)
    ]
    return Listing(list_words(address), address, anchor(names_of(address)), rows, address in MODELS)


def lists_of(document: CallDocument, room: Room) -> list[Listing]:
    return [listing(document, address) for address in room.lists]


def lists_in(document: CallDocument, item: Part, address: str) -> list[Listing]:
    """The lists of an item: the questions of a section."""
    names = [name for model, name in LISTED if isinstance(item, model)]
    return [listing(document, f"{address}/{name}") for name in names]


# --- pages -------------------------------------------------------------------------------------------------------


def kept_of(call: Call) -> Collection[str]:
    """The documents to download whose bytes are here."""
    return set(call.downloads.values_list("code", flat=True))


def rooms_page(call: Call, document: CallDocument) -> dict[str, Any]:
    states = rooms_state(document, call.slug, kept_of(call))
    done = sum(not state.number for state in states)
    return {"rooms": states, "unused": unused_rooms(document), "done": done, "total": len(states)}


def room_page(call: Call, document: CallDocument, room: Room) -> dict[str, Any]:
    """What stands around the form of a room."""
    states = rooms_state(document, call.slug, kept_of(call))
    here = next(n for n, state in enumerate(states) if state.room is room)
    following = states[here + 1].room if here + 1 < len(states) else None
    return {
        "call": call,
        "room": room,
        "number": here + 1,
        "total": len(states),
        "following": following,
        "lists": lists_of(document, room),
        "advice": states[here].advice,
    }


def part_page(call: Call, document: CallDocument, item: Part, address: str) -> dict[str, Any]:
    """What stands around the form of an item."""
    names = names_of(address)
    room = room_named(names)
    page = reverse("call_part", args=[call.slug, address])
    return {
        "call": call,
        "room": room,
        "title": title_of(item),
        "noun": list_words(address).title,
        "address": address,
        "back": back_to(document, call.slug, address),
        "holder": holder_of(document, address),
        "lists": lists_in(document, item, address),
        "advice": [one for one in advice_of(call, document, room) if one.url.partition("#")[0].startswith(page)],
        "kinds": kind_links(names, getattr(item, "kind", "")),
        "download": download_of(call, item) if names == "documents" else None,
    }


def download_of(call: Call, item: Any) -> dict[str, Any]:
    """The bytes behind a document to download."""
    return {"code": item.code, "name": item.file, "kept": item.code in kept_of(call)}


def add_page(call: Call, document: CallDocument, address: str) -> dict[str, Any]:
    names = names_of(address)
    return {
        "call": call,
        "room": room_named(names),
        "title": list_words(address).add,
        "noun": list_words(address).title,
        "address": address,
        "back": back_to(document, call.slug, address),
        "holder": holder_of(document, address),
        "kinds": kind_links(names, ""),
    }


def advice_of(call: Call, document: CallDocument, room: Room) -> Iterable[Advice]:
    states: list[RoomState] = rooms_state(document, call.slug, kept_of(call))
    return next((state.advice for state in states if state.room is room), ())


def holder_of(document: CallDocument, address: str) -> str:
    """The name of the item that holds a list: the section of a question."""
    held = above(document, address)
    return title_of(part_at(document, path_of(document, held))) if held else ""


@dataclass(frozen=True)
class Kind:
    code: str
    label: str
    current: bool


def kind_links(names: str, current: str) -> list[Kind]:
    """The kinds that an item of this list may be of."""
    model = item_model(names)
    said = {"eligibility": RULES, "sections/questions": QUESTIONS}.get(names)
    if said is None:
        said = choices(model, "kind") if kinds_of(model) else {}
    return [Kind(kind, said[kind], kind == current) for kind in kinds_of(model)]


@dataclass(frozen=True)
class Usual:
    """One item of the library."""

    code: str
    title: str
    line: str
    here: bool


def library_page(call: Call, document: CallDocument, name: str, items: Iterable[Any]) -> dict[str, Any]:
    known = {title_of(item) for item in getattr(document, name)}
    rows = [Usual(item.code, title_of(item), line_of(item, document), title_of(item) in known) for item in items]
    return {
        "call": call,
        "name": name,
        "room": room_named(name),
        "noun": words(CallDocument, name).label,
        "back": back_to(document, call.slug, name),
        "items": rows,
    }


def removal(call: Call, document: CallDocument, item: Any, address: str) -> dict[str, Any]:
    """What is about to go, in words."""
    inside = sum(len(found.items) for found in lists_in(document, item, address))
    return {"call": call, "title": title_of(item), "noun": list_words(address).title, "inside": inside}


def part_url(slug: str, address: str) -> str:
    return reverse("call_part", args=[slug, address])


def told(error: BadEdit, document: CallDocument) -> str:
    """Why a change was refused, in one paragraph."""
    return " ".join(
        f"{words_of(problem.path, document)}\u00a0: {for_people(problem, CallDocument)}" for problem in error.problems
    )


def is_there(document: CallDocument, address: str) -> bool:
    try:
        path_of(document, address)
    except NoSuchPart:
        return False
    return True


def typed_words(holder: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed for an item of a list, under the words of its fields."""
    model = item_model(names_of(holder))
    texts = [(name, typed[name].strip()) for name in typed if name in model.model_fields]
    return {
        "noun": list_words(holder).title,
        "texts": [(words(model, name).label, text) for name, text in texts if text],
    }
