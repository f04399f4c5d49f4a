"""What differs between two documents, path by path, in words. Items of a list are named by their code, never by rank.

A path is dotted: `sections.projet.questions.titre.label`. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from calls.definition.keys import KEYS
from calls.definition.schema import CallDocument
from calls.definition.timetable import MILESTONES
from calls.definition.values import read_day
from portal.core.typography import format_date, format_number, typeset

Kind = Literal["added", "removed", "changed", "moved"]
KINDS: Mapping[Kind, str] = {
    "added": "Ajout",
    "removed": "Retrait",
    "changed": "Modification",
    "moved": "Ordre modifié",
}
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
        return show(self.before)

    @property
    def new(self) -> str:
        return show(self.after)

    def within(self, *roots: str) -> bool:
        """Whether it lies in one of these parts of the document."""
        return any(self.path == root or self.path.startswith(f"{root}.") for root in roots)


def diff(before: CallDocument, after: CallDocument) -> tuple[Change, ...]:
    """The differences, in the order of the document."""
    return tuple(_compared(plain_of(before), plain_of(after), (), ()))


def plain_of(document: CallDocument) -> dict[str, Any]:
    """The document as plain data, dates as text; defaults are there, so that a code left out still names its item."""
    return document.model_dump()


def show(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict):
        return str(name_of(value) or ", ".join(f"{key} : {show(item)}" for key, item in value.items()))
    if isinstance(value, list | tuple):
        return "\n".join(show(item) for item in value)
    return _scalar(value)


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
    place: Any = plain_of(document)
    for step in path:
        if isinstance(step, int) and isinstance(place, list | tuple) and step < len(place):
            place = place[step]
            names.append((name_of(place) if isinstance(place, dict) else "") or f"n° {step + 1}")
        else:
            place = place.get(step) if isinstance(place, dict) else None
            names.append(KEYS.get(str(step), str(step)))
    return " › ".join(names)


# --- the walk ----------------------------------------------------------------------------------------------------


def _compared(before: Any, after: Any, path: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _groups(before, after, path, names)
    elif _coded(before) and _coded(after):
        yield from _lists(before, after, path, names)
    else:
        kind: Kind = "added" if before is None else "removed" if after is None else "changed"
        yield Change(".".join(path), kind, before, after, " › ".join(names))


def _coded(value: Any) -> bool:
    """A list of named items; an absent list has none."""
    if value is None:
        return True
    return isinstance(value, list | tuple) and all(isinstance(item, dict) and "code" in item for item in value)


def _groups(
    before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Change]:
    for key in dict.fromkeys([*after, *before]):
        yield from _compared(before.get(key), after.get(key), (*path, str(key)), (*names, KEYS.get(key, str(key))))


def _lists(
    before: Sequence[dict[str, Any]] | None,
    after: Sequence[dict[str, Any]] | None,
    path: tuple[str, ...],
    names: tuple[str, ...],
) -> Iterator[Change]:
    old = {item["code"]: item for item in before or ()}
    new = {item["code"]: item for item in after or ()}
    for code, item in new.items():
        place = (*names, name_of(old.get(code, item)))
        if code in old:
            yield from _compared(old[code], item, (*path, code), place)
        else:
            yield Change(".".join((*path, code)), "added", None, item, " › ".join(place))
    for code, item in old.items():
        if code not in new:
            yield Change(".".join((*path, code)), "removed", item, None, " › ".join((*names, name_of(item))))
    kept_before, kept_after = ([code for code in one if code in other] for one, other in ((old, new), (new, old)))
    if kept_before != kept_after:
        yield Change(".".join(path), "moved", list(old.values()), list(new.values()), " › ".join(names))
