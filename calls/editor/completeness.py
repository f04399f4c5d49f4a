"""What is missing from a call in preparation, room by room: advice, texts to complete, what is empty."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from calls.definition.editing import part_at, path_of
from calls.definition.lint import lint
from calls.definition.plain_words import for_people
from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem

from .places import place_of, words_of
from .rooms import ROOMS, Room

PLACEHOLDER = "texte d’attente"


@dataclass(frozen=True)
class Advice:
    """One sentence, and the field that it bears on."""

    place: str
    text: str
    url: str
    blocking: bool


@dataclass(frozen=True)
class RoomState:
    """A line of the list of rooms: « complete », « begun », « to_correct » or « todo », and why in two words."""

    room: Room
    state: str
    words: str
    advice: tuple[Advice, ...] = ()

    @property
    def number(self) -> int:
        return len(self.advice)


def rooms_state(
    document: CallDocument, slug: str, kept: Collection[str] = (), unknown: Iterable[Problem] = ()
) -> list[RoomState]:
    """The rooms that the call uses, each with what remains to do.

    `kept`: the documents whose bytes are here; `unknown`: what the call names, and no file of territories gave.
    """
    found: dict[str, list[Advice]] = {}
    for problem in [*lint(document), *_missing_bytes(document, kept), *unknown]:
        place = place_of(document, problem.path)
        found.setdefault(place.room.code, []).append(_advice(problem, document, slug))
    return [_state(room, document, found.get(room.code, [])) for room in ROOMS if room.used(document)]


def unused_rooms(document: CallDocument) -> list[Room]:
    """The rooms that the call may still open."""
    return [room for room in ROOMS if not room.used(document)]


def _missing_bytes(document: CallDocument, kept: Collection[str]) -> Iterable[Problem]:
    for rank, download in enumerate(document.documents):
        if download.code not in kept:
            yield Problem("le fichier n’est pas encore déposé.", ("documents", rank))


def _advice(problem: Problem, document: CallDocument, slug: str) -> Advice:
    place = place_of(document, problem.path)
    item = part_at(document, path_of(document, place.address)) if place.address else document
    text = for_people(problem, type(item))
    blocking = PLACEHOLDER in problem.message
    return Advice(_place_words(problem.path, document), text, place.url(slug, document), blocking)


def _place_words(path: Path, document: CallDocument) -> str:
    room, _, rest = words_of(path, document).partition(", ")
    return rest or room


def _state(room: Room, document: CallDocument, advice: list[Advice]) -> RoomState:
    waiting = sum(one.blocking for one in advice)
    if waiting:
        return RoomState(room, "to_correct", f"{waiting} à compléter", tuple(advice))
    if advice:
        return RoomState(room, "begun", f"{len(advice)} à relire", tuple(advice))
    if is_empty(room, document):
        return RoomState(room, "todo", "Vide")
    return RoomState(room, "complete", "")


def is_empty(room: Room, document: CallDocument) -> bool:
    """Whether a room made of lists only holds nothing."""
    if room.fields:
        return False
    return not any(getattr(document, address) for address in room.lists)
