"""Changes to one part of a call document: set, insert, remove, move. Pure; the whole document is validated after each.

A part is named by its address, « sections/projet/questions/etat »: names of fields, and codes of items of lists. A
change is a function from the present document to plain data: it is replayed on what is there when it is written.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from calls.definition.consistency import inconsistencies
from calls.definition.messages import french
from calls.definition.reading import keys_at
from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem
from calls.definition.values import Part

Raw = dict[str, Any]
Change = Callable[[CallDocument], Raw]
Values = Mapping[tuple[str, ...], Any]
ABSENT = object()
SEPARATOR = "/"


class NoSuchPart(LookupError):
    """The address names nothing in the document as it is now."""


class BadEdit(Exception):
    """The document would not make a call; `problems` bear the paths where it stands."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message for problem in self.problems))


class Conflict(Exception):
    """The part is no longer what the person had before their eyes."""


@dataclass(frozen=True)
class Seen:
    """What a page showed of a part."""

    token: str
    fields: Sequence[tuple[str, ...]]


# --- addresses ---------------------------------------------------------------------------------------------------


def path_of(document: CallDocument, address: str) -> Path:
    """The path of an address. Raises `NoSuchPart`."""
    here: Any = document
    path: list[str | int] = []
    for step in address.split(SEPARATOR):
        if isinstance(here, tuple):
            rank = next((n for n, item in enumerate(here) if getattr(item, "code", None) == step), None)
            if rank is None:
                raise NoSuchPart(address)
            here = here[rank]
            path.append(rank)
        elif isinstance(here, Part) and step in type(here).model_fields:
            here = getattr(here, step)
            path.append(step)
        else:
            raise NoSuchPart(address)
    return tuple(path)


def part_at(document: CallDocument, path: Path) -> Any:
    """What stands at a path."""
    here: Any = document
    for step in path:
        here = here[step] if isinstance(step, int) else getattr(here, step)
    return here


# --- changes -----------------------------------------------------------------------------------------------------


def put(address: str, values: Values, *, seen: Seen | None = None) -> Change:
    """Set some fields of a part (of the document itself when the address is empty); `ABSENT` gives back the default.

    `seen`: the fields that the person read, and their token then; another one now raises `Conflict`.
    """
    return partial(_put, address, values, seen)


def _put(address: str, values: Values, seen: Seen | None, document: CallDocument) -> Raw:
    path = path_of(document, address) if address else ()
    if seen and seen.token != token(part_at(document, path), seen.fields):
        raise Conflict
    raw = plain_data(document)
    assign(_at(raw, path), values)
    return raw


def insert(address: str, item: Raw) -> Change:
    """Add an item at the end of a list."""
    return partial(_insert, address, item)


def _insert(address: str, item: Raw, document: CallDocument) -> Raw:
    path = path_of(document, address)
    raw = plain_data(document)
    _at(raw, path[:-1]).setdefault(path[-1], []).append(item)
    return raw


def remove(address: str) -> Change:
    """Take an item out of its list."""
    return partial(_remove, address)


def _remove(address: str, document: CallDocument) -> Raw:
    above, rank = _in_list(document, address)
    raw = plain_data(document)
    del _at(raw, above)[rank]
    return raw


def move(address: str, step: int) -> Change:
    """Move an item up (-1) or down (+1) its list; at an end, nothing changes."""
    return partial(_move, address, step)


def _move(address: str, step: int, document: CallDocument) -> Raw:
    above, rank = _in_list(document, address)
    raw = plain_data(document)
    items = _at(raw, above)
    if 0 <= rank + step < len(items):
        items.insert(rank + step, items.pop(rank))
    return raw


def _in_list(document: CallDocument, address: str) -> tuple[Path, int]:
    """The path of the list of an item, and its rank there."""
    *above, rank = path_of(document, address)
    if not isinstance(rank, int):
        raise NoSuchPart(address)
    return tuple(above), rank


def plain_data(document: CallDocument) -> Raw:
    """The document as data to change: lists for tuples, defaults left out."""
    return _loose(document.model_dump(exclude_defaults=True))


def _loose(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _loose(item) for key, item in value.items()}
    return [_loose(item) for item in value] if isinstance(value, list | tuple) else value


def _at(raw: Raw, path: Path) -> Any:
    here: Any = raw
    for step in path:
        here = here[step] if isinstance(step, int) else here.setdefault(step, {})
    return here


def assign(group: Raw, values: Values) -> None:
    """Set values by their path under a group; a group of which nothing is left is taken out."""
    for path, value in values.items():
        *above, name = path
        place = group
        for step in above:
            place = place.setdefault(step, {})
        if value is ABSENT:
            place.pop(name, None)
        else:
            place[name] = value
    for above in sorted({path[:n] for path in values for n in range(1, len(path))}, key=len, reverse=True):
        place = _at(group, above[:-1])
        if not place[above[-1]]:
            del place[above[-1]]


def token(part: Any, fields: Iterable[tuple[str, ...]]) -> str:
    """What tells whether some fields of a part have changed since they were read."""
    shown = {".".join(field): _field(part, field) for field in fields}
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=_json).encode()).hexdigest()[:16]


def _field(part: Any, field: tuple[str, ...]) -> Any:
    for step in field:
        part = getattr(part, step, None) if part is not None else None
    return part


def _json(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Part) else str(value)


# --- validation --------------------------------------------------------------------------------------------------


def checked(raw: Raw) -> CallDocument:
    """The document of plain data. Raises `BadEdit` with all that is wrong."""
    try:
        document = CallDocument.model_validate(raw)
    except ValidationError as error:
        raise BadEdit(_problem(item, raw) for item in error.errors()) from error
    if problems := inconsistencies(document):
        raise BadEdit(problems)
    return document


def _problem(item: Any, raw: Raw) -> Problem:
    loc = item["loc"]
    if item["type"] == "missing":
        return Problem("remplissez cette case.", _real(loc, raw))
    return Problem(french(item, partial(keys_at, loc)), _real(loc, raw))


def _real(loc: Path, raw: Raw) -> Path:
    """The path without the names of variants that pydantic adds."""
    here: Any = raw
    path: list[str | int] = []
    for rank, step in enumerate(loc):
        if isinstance(here, dict) and step not in here and rank < len(loc) - 1:
            continue
        path.append(step)
        here = here[step] if isinstance(here, dict | list) and _holds(here, step) else None
    return tuple(path)


def _holds(here: Any, step: str | int) -> bool:
    return step in here if isinstance(here, dict) else isinstance(step, int) and step < len(here)
