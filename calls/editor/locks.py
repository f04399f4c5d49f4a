"""What a correction of a published call may not change, place by place, and why: the rooms show it shut."""

from collections.abc import Sequence
from dataclasses import dataclass

from calls.definition.diff import Kind
from calls.definition.editing import NoSuchPart, part_at, path_of
from calls.definition.freeze import lock_of
from calls.definition.schema import CallDocument
from calls.definition.words import words
from calls.models import StagedDocument

from .entries import Entry
from .rooms import Room
from .summaries import read_value

CODE = "l’appel publié, les brouillons et les dépôts le portent."


@dataclass(frozen=True)
class Shut:
    """A field that stays as it is published: its words, its value, why."""

    label: str
    value: str
    why: str


@dataclass(frozen=True)
class Locks:
    """`published`: the document in force, None while the call is in preparation: then nothing is locked."""

    published: CallDocument | None = None
    closed: bool = False
    correction: StagedDocument | None = None

    def on_field(self, address: str, entry: Entry) -> str:
        """Why this field of an item (of the document when the address is empty) keeps still; empty when it does not."""
        if self.published is None or not self.was_there(address):
            return ""
        if entry.path == ("code",) and address:
            return CODE
        return self._lock([*address.split("/"), *entry.path] if address else list(entry.path), "changed")

    def on_kind(self, address: str) -> str:
        """Why an item cannot become of another kind."""
        shut = self.published is not None and self.was_there(address)
        return self._lock([*address.split("/"), "kind"], "changed") if shut else ""

    def on_adding(self, address: str) -> str:
        """Why nothing is added to a list."""
        return self._lock([*address.split("/"), "x"], "added")

    def on_moving(self, address: str) -> str:
        """Why the order of a list stays."""
        return self._lock(address.split("/"), "moved")

    def on_removing(self, address: str) -> str:
        """Why an item stays in its list; what the correction itself has added may go."""
        return self._lock(address.split("/"), "removed") if self.was_there(address) else ""

    def on_room(self, room: Room) -> str:
        """Why a whole room is read only; empty when one of its fields or lists may change."""
        if self.published is None:
            return ""
        lists = [self._lock([*name.split("/"), "x", "x"], "changed") for name in room.lists]
        reasons = [self._lock(list(field), "changed") for field in room.fields] + lists
        reasons += [self.on_adding(name) for name in room.lists]
        return reasons[0] if all(reasons) else ""

    def was_there(self, address: str) -> bool:
        """Whether the published call has this item."""
        if self.published is None or not address:
            return True
        try:
            path_of(self.published, address)
        except NoSuchPart:
            return False
        return True

    def _lock(self, steps: Sequence[str], kind: Kind) -> str:
        return lock_of(".".join(steps), kind, closed=self.closed) if self.published is not None else ""


OPEN = Locks()


def free(entries: Sequence[Entry], locks: Locks, address: str = "") -> list[Entry]:
    """The fields that the form may show."""
    return [entry for entry in entries if not locks.on_field(address, entry)]


def shut(entries: Sequence[Entry], locks: Locks, document: CallDocument, address: str = "") -> list[Shut]:
    """The others, to be read: those that one reason keeps still stand together."""
    part = part_at(document, path_of(document, address)) if address else document
    rows = []
    for entry in entries:
        why = locks.on_field(address, entry)
        if why:
            here = part
            for step in entry.path:
                here = getattr(here, step, None)
            rows.append(Shut(words(entry.model, entry.name).label, read_value(here, entry.model, entry.name), why))
    reasons = list(dict.fromkeys(row.why for row in rows))
    return sorted(rows, key=lambda row: reasons.index(row.why))
