"""What the pages of the back office show, as plain data for the templates."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from calls.definition.choices import QUESTIONS, RULES, choices
from calls.definition.editing import BadEdit, NoSuchPart, part_at, path_of
from calls.definition.grid_modes import MODES, WITHOUT
from calls.definition.library import MODELS
from calls.definition.plain_words import for_people
from calls.definition.schema import CallDocument
from calls.definition.selection import Grid
from calls.definition.values import Part
from calls.definition.words import words
from calls.models import Call
from calls.queries_known import not_known

from .completeness import Advice, RoomState, rooms_state, unused_rooms
from .entries import LISTED, item_model, kinds_of
from .locks import OPEN, Locks
from .places import above, anchor, back_to, names_of, room_named, words_of
from .rooms import Room
from .summaries import ListWords, line_of, list_words, title_of


@dataclass(frozen=True)
class Item:
    """One row of a list: its name, a line, its address; whether it may go up or down; why it may not be taken out."""

    title: str
    line: str
    address: str
    first: bool
    last: bool
    kept: str = ""


@dataclass(frozen=True)
class Listing:
    """A list in its page; `shut`: why nothing is added to it, `still`: why its order stays."""

    words: ListWords
    address: str
    anchor: str
    items: list[Item]
    library: bool
    shut: str = ""
    still: str = ""


def listing(document: CallDocument, address: str, locks: Locks = OPEN) -> Listing:
    items = part_at(document, path_of(document, address))
    still = locks.on_moving(address)
    rows = [
        Item(
            title_of(item),
            line_of(item, document),
            f"{address}/{item.code}",
            n == 0,
            n == len(items) - 1,
            locks.on_removing(f"{address}/{item.code}"),
        )
        for n, item in enumerate(items)
    ]
    words_, name = list_words(address), anchor(names_of(address))
    return Listing(words_, address, name, rows, address in MODELS, locks.on_adding(address), still)


def lists_of(document: CallDocument, room: Room, locks: Locks = OPEN) -> list[Listing]:
    return [listing(document, address, locks) for address in room.lists]


def lists_in(document: CallDocument, item: Part, address: str, locks: Locks = OPEN) -> list[Listing]:
    """The lists of an item: the questions of a section."""
    names = [name for model, name in LISTED if isinstance(item, model)]
    return [listing(document, f"{address}/{name}", locks) for name in names]


# --- pages -------------------------------------------------------------------------------------------------------


def kept_of(call: Call, locks: Locks = OPEN) -> Collection[str]:
    """The documents to download whose bytes are here, those that wait with the correction too."""
    return set(call.downloads.values_list("code", flat=True)) | waiting_of(locks)


def waiting_of(locks: Locks) -> set[str]:
    """The documents whose bytes wait with the correction."""
    return set(locks.correction.files.values_list("code", flat=True)) if locks.correction else set()


def states_of(call: Call, document: CallDocument, locks: Locks) -> list[RoomState]:
    return rooms_state(document, call.slug, kept_of(call, locks), not_known(document))


def rooms_page(call: Call, document: CallDocument, locks: Locks = OPEN) -> dict[str, Any]:
    states = states_of(call, document, locks)
    done = sum(not state.number for state in states)
    unused = [] if locks.correction else unused_rooms(document)
    shut = {state.room.code: locks.on_room(state.room) for state in states}
    rows = [(state, shut[state.room.code]) for state in states]
    return {
        "rooms": states, "rows": rows, "unused": unused, "done": done, "total": len(states), "locks": locks,
    }  # fmt: skip


def room_page(call: Call, document: CallDocument, room: Room, locks: Locks = OPEN, mode: str = "") -> dict[str, Any]:
    """What stands around the form of a room; `mode`: that of the grid, in its room."""
    states = states_of(call, document, locks)
    here = next(n for n, state in enumerate(states) if state.room is room)
    following = states[here + 1].room if here + 1 < len(states) else None
    return {
        "call": call,
        "room": room,
        "number": here + 1,
        "total": len(states),
        "following": following,
        "lists": [one for one in lists_of(document, room, locks) if one.address not in WITHOUT.get(mode, ())],
        "kinds": mode_links(mode) if mode and not locks.correction else [],
        "advice": states[here].advice,
        "locks": locks,
    }


def part_page(call: Call, document: CallDocument, item: Part, address: str, locks: Locks = OPEN) -> dict[str, Any]:
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
        "lists": lists_in(document, item, address, locks),
        "locks": locks,
        "advice": [one for one in advice_of(call, document, room, locks) if one.url.partition("#")[0].startswith(page)],
        "kinds": [] if locks.on_kind(address) else kind_links(names, getattr(item, "kind", "")),
        "download": download_of(call, item, locks) if names == "documents" else None,
    }


def download_of(call: Call, item: Any, locks: Locks) -> dict[str, Any]:
    """The bytes behind a document to download; `waiting`: they come with the correction."""
    waiting = item.code in waiting_of(locks)
    return {"code": item.code, "name": item.file, "kept": item.code in kept_of(call, locks), "waiting": waiting}


def add_page(call: Call, document: CallDocument, address: str, locks: Locks = OPEN) -> dict[str, Any]:
    names = names_of(address)
    return {
        "locks": locks,
        "call": call,
        "room": room_named(names),
        "title": list_words(address).add,
        "noun": list_words(address).title,
        "address": address,
        "back": back_to(document, call.slug, address),
        "holder": holder_of(document, address),
        "kinds": kind_links(names, ""),
    }


def advice_of(call: Call, document: CallDocument, room: Room, locks: Locks = OPEN) -> Iterable[Advice]:
    states = states_of(call, document, locks)
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


def mode_links(current: str) -> list[Kind]:
    """How files may be judged, once they are."""
    said = choices(Grid, "mode")
    return [Kind(mode, said[mode], mode == current) for mode in MODES]


@dataclass(frozen=True)
class Usual:
    """One item of the library."""

    code: str
    title: str
    line: str
    here: bool


def library_page(
    call: Call, document: CallDocument, name: str, items: Iterable[Any], locks: Locks = OPEN
) -> dict[str, Any]:
    known = {title_of(item) for item in getattr(document, name)}
    rows = [Usual(item.code, title_of(item), line_of(item, document), title_of(item) in known) for item in items]
    return {
        "call": call,
        "name": name,
        "room": room_named(name),
        "noun": words(CallDocument, name).label,
        "back": back_to(document, call.slug, name),
        "items": rows,
        "locks": locks,
    }


def removal(call: Call, document: CallDocument, item: Any, address: str, locks: Locks = OPEN) -> dict[str, Any]:
    """What is about to go, in words."""
    inside = sum(len(found.items) for found in lists_in(document, item, address))
    noun = list_words(address).title
    return {"call": call, "title": title_of(item), "noun": noun, "inside": inside, "locks": locks}


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
