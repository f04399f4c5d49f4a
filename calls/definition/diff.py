"""What differs between two documents, path by path, in words. Items of a list are named by their code, never by rank.

A path is dotted: `sections.projet.questions.titre.label`. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from calls.definition.choices import CHOICES
from calls.definition.schema import CallDocument
from calls.definition.timetable import MILESTONES
from calls.definition.values import Part, read_day
from calls.definition.words import words
from portal.core.typography import format_date, format_number, typeset

Kind = Literal["added", "removed", "changed", "moved"]
KINDS: Mapping[Kind, str] = {
    "added": "Ajout",
    "removed": "Retrait",
    "changed": "Modification",
    "moved": "Ordre modifié",
}
NO_CHOICE: Mapping[str, str] = {}
LONGEST = 80  # characters of a value that a one-line sentence still quotes
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}):(\d{2}):(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Change:
    """One difference. `place` names it for a person: « Formulaire › Le projet › Surface › aide »."""

    path: str
    kind: Kind
    before: Any
    after: Any
    place: str
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """« Modification : Contact › téléphone, « 02 35… » devient « 02 36… ». »"""
        head = f"{KINDS[self.kind]} : {self.place}"
        old, new = self.old, self.new
        if self.kind == "changed" and max(len(old), len(new)) <= LONGEST and "\n" not in old + new:
            return typeset(f"{head}, « {old} » devient « {new} ».")
        return typeset(f"{head}.")

    @property
    def title(self) -> str:
        return KINDS[self.kind]

    @property
    def old(self) -> str:
        return show(self.before, self.choices)

    @property
    def new(self) -> str:
        return show(self.after, self.choices)

    def within(self, *roots: str) -> bool:
        """Whether it lies in one of these parts of the document."""
        return any(self.path == root or self.path.startswith(f"{root}.") for root in roots)


def diff(before: CallDocument, after: CallDocument) -> tuple[Change, ...]:
    """The differences, in the order of the document."""
    return tuple(_compared(plain_of(before), plain_of(after), before, after, _Place(after)))


def plain_of(document: CallDocument) -> dict[str, Any]:
    """The document as plain data, dates as text; defaults are there, so that a code left out still names its item."""
    plain: dict[str, Any] = document.model_dump(mode="json")
    return plain


def show(value: Any, choices: Mapping[str, str] = NO_CHOICE) -> str:
    """A value as a person reads it; `choices`: the words of the values of its field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict):
        return str(name_of(value) or ", ".join(f"{key} : {show(item)}" for key, item in value.items()))
    if isinstance(value, list | tuple):
        return "\n".join(show(item, choices) for item in value)
    return choices.get(value, "") or _scalar(value)


def _scalar(value: Any) -> str:
    text = str(value)
    if match := _INSTANT.fullmatch(text):
        seconds = f" min {match[4]} s" if match[4] != "00" else ""
        return f"{format_date(read_day(match[1]), weekday=True)} à {int(match[2])} h {match[3]}{seconds}"
    if _DAY.fullmatch(text):
        return format_date(read_day(text), weekday=True)
    return format_number(value) if isinstance(value, int) else text


def name_of(item: Mapping[str, Any]) -> str:
    """The words that name an item of a list."""
    code = item.get("code", "")
    return str(item.get("label") or item.get("title") or item.get("name") or MILESTONES.get(code, code))


def place_of(document: CallDocument, path: Sequence[str | int]) -> str:
    """The words of a path of the schema, where items are known by their rank: « Périodes de dépôt › W1 › clôture »."""
    names: list[str] = []
    part: Any = document
    for step in path:
        if isinstance(step, int):
            part = part[step] if isinstance(part, tuple) and step < len(part) else None
            names.append((name_of(part.model_dump()) if isinstance(part, Part) else "") or f"n° {step + 1}")
        else:
            names.append(label_of(part, step))
            part = _field(part, step)
    return " › ".join(names)


def place_named(document: CallDocument, path: str) -> str:
    """The words of a path of `diff`, where items are known by their code; what is gone keeps its code."""
    names: list[str] = []
    part: Any = document
    for step in path.split("."):
        if isinstance(part, tuple):
            part = next((item for item in part if getattr(item, "code", None) == step), None)
            names.append(name_of(part.model_dump()) if isinstance(part, Part) else step)
        else:
            names.append(label_of(part, step))
            part = _field(part, step)
    return " › ".join(names)


# --- the walk ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where the walk stands: its path, its words, and a piece of either document, which knows its own words."""

    part: Any
    path: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)

    def field_at(self, name: str, *parts: Any) -> "_Place":
        """The place of a field; `parts`: both sides of it, one of which may be absent."""
        part = next((one for one in parts if one is not None), None)
        names = (*self.names, label_of(self.part, name))
        return _Place(part, (*self.path, name), names, choices_of(self.part, name))

    def item(self, code: str, part: Any, name: str) -> "_Place":
        return _Place(part, (*self.path, code), (*self.names, name))

    def change(self, kind: Kind, before: Any, after: Any) -> Change:
        return Change(".".join(self.path), kind, before, after, " › ".join(self.names), self.choices)


def label_of(part: Any, name: str) -> str:
    """The words of a field, as they stand inside a sentence."""
    label = words(type(part), name).label if isinstance(part, Part) and name in type(part).model_fields else name
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def choices_of(part: Any, name: str) -> Mapping[str, str]:
    """The words of the values that a field may take; none when it takes any."""
    bases = type(part).__mro__ if isinstance(part, Part) else ()
    return next((CHOICES[base, name] for base in bases if (base, name) in CHOICES), NO_CHOICE)


def _compared(before: Any, after: Any, old: Any, new: Any, place: _Place) -> Iterator[Change]:
    """`before`, `after` as plain data; `old`, `new` the pieces of the documents that they come from."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*after, *before]):
            sides = _field(old, key), _field(new, key)
            yield from _compared(before.get(key), after.get(key), *sides, place.field_at(str(key), *reversed(sides)))
    elif _coded(before) and _coded(after):
        yield from _lists(before or [], after or [], old, new, place)
    else:
        kind: Kind = "added" if before is None else "removed" if after is None else "changed"
        yield place.change(kind, before, after)


def _field(part: Any, name: Any) -> Any:
    return getattr(part, str(name), None) if isinstance(part, Part) else None


def _coded(value: Any) -> bool:
    """A list of named items; an absent list has none."""
    if value is None:
        return True
    return isinstance(value, list) and all(isinstance(item, dict) and "code" in item for item in value)


def _lists(before: list[Any], after: list[Any], old: Any, new: Any, place: _Place) -> Iterator[Change]:
    earlier, later = _by_code(before, old), _by_code(after, new)
    for code, (item, part) in later.items():
        known, known_part = earlier.get(code, (item, part))
        there = place.item(code, part, name_of(known))
        if code in earlier:
            yield from _compared(known, item, known_part, part, there)
        else:
            yield there.change("added", None, item)
    for code, (item, part) in earlier.items():
        if code not in later:
            yield place.item(code, part, name_of(item)).change("removed", item, None)
    kept_before, kept_after = ([code for code in one if code in other] for one, other in _both_ways(earlier, later))
    if kept_before != kept_after:
        yield place.change("moved", before, after)


def _both_ways(one: Any, other: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    return (one, other), (other, one)


def _by_code(items: list[Any], parts: Any) -> dict[str, tuple[Any, Any]]:
    """Each item with its piece of the document, when there is one."""
    pieces = parts if isinstance(parts, tuple) else ()
    return {item["code"]: (item, pieces[rank] if rank < len(pieces) else None) for rank, item in enumerate(items)}
