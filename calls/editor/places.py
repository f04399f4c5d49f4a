"""Where a path of the document is edited: the address of its page, the field that bears it, its room."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from calls.definition.editing import part_at, path_of
from calls.definition.schema import CallDocument
from calls.definition.tree import Path
from calls.definition.words import words

from .entries import LISTED, Entry, entries_at, entries_of, item_model
from .rooms import Room, room_of


@dataclass(frozen=True)
class Place:
    """`address`: of the item that has a page, empty for the form of a room; `field`: the path under it."""

    room: Room
    address: str
    field: Path

    def url(self, slug: str, document: CallDocument) -> str:
        page = (
            reverse("call_part", args=[slug, self.address])
            if self.address
            else reverse("call_room", args=[slug, self.room.code])
        )
        found = entry_for(self.entries(document), self.field)
        return f"{page}#div_id_{found.key}" if found else page

    def entries(self, document: CallDocument) -> Sequence[Entry]:
        if not self.address:
            return entries_at(self.room.fields)
        return entries_for(document, self.address)


def place_of(document: CallDocument, path: Path) -> Place:
    """The page and the field of a path."""
    here: Any = document
    steps: list[str] = []
    address, under, listed = "", 0, False
    for n, step in enumerate(path):
        if isinstance(step, int):
            if not isinstance(here, tuple) or step >= len(here) or not listed:
                break
            here = here[step]
            steps.append(here.code)
            address, under = "/".join(steps), n + 1
        else:
            listed = is_listed(type(here), step)
            here = getattr(here, step, None)
            steps.append(step)
    return Place(room_of(path), address, path[under:])


def is_listed(model: type, name: str) -> bool:
    return any((base, name) in LISTED for base in model.__mro__)


def entry_for(entries: Sequence[Entry], field: Path) -> Entry | None:
    """The entry that bears a path: the longest one that begins it."""
    fitting = [entry for entry in entries if field[: len(entry.path)] == entry.path]
    return max(fitting, key=lambda entry: len(entry.path), default=None)


def names_of(address: str) -> str:
    """An address without its codes: « sections/projet/questions/etat » gives « sections/questions »."""
    here: type = CallDocument
    names: list[str] = []
    of_item = False
    for step in address.split("/"):
        if of_item:
            of_item = False
            continue
        of_item = is_listed(here, step)
        names.append(step)
        here = item_model("/".join(names))
    return "/".join(names)


def entries_for(document: CallDocument, address: str) -> Sequence[Entry]:
    """The fields of the page of an item."""
    item = part_at(document, path_of(document, address))
    return entries_of(type(item), getattr(item, "kind", ""))


def words_of(path: Path, document: CallDocument) -> str:
    """« Grille et classements, Seuil »: the place of a path, in words."""
    place = place_of(document, path)
    found = entry_for(place.entries(document), place.field)
    label = words(found.model, found.name).label if found else ""
    item = part_at(document, path_of(document, place.address)) if place.address else None
    return ", ".join(part for part in (place.room.title, name_of(item), label) if part)


def name_of(item: Any) -> str:
    """What people call an item, its code when it has no name; nothing without an item."""
    if item is None:
        return ""
    return next((name for key in ("label", "title", "name") if (name := getattr(item, key, None))), item.code)


def above(document: CallDocument, address: str) -> str:
    """The address of the item that holds this list or this item; empty when it stands in a room."""
    steps = address.split("/")
    for cut in range(len(steps) - 1, 1, -1):
        held = "/".join(steps[:cut])
        place = place_of(document, path_of(document, held))
        if place.address == held:
            return held
    return ""


def back_to(document: CallDocument, slug: str, address: str) -> str:
    """The page where a list or an item stands, at that list."""
    held = above(document, address)
    names = names_of(address)
    page = (
        reverse("call_part", args=[slug, held]) if held else reverse("call_room", args=[slug, room_named(names).code])
    )
    return f"{page}#{anchor(names)}"


def anchor(names: str) -> str:
    """The id of a list in its page."""
    return f"liste-{names.replace('/', '-')}"


def room_named(names: str) -> Room:
    """The room of a list."""
    return room_of(tuple(names.split("/")))


def is_list(document: CallDocument, address: str) -> bool:
    """Whether an address is that of a list whose items have their page."""
    *holder, name = address.split("/")
    held = part_at(document, path_of(document, "/".join(holder))) if holder else document
    return is_listed(type(held), name)
