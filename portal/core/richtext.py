"""Text that staff write for a letter: paragraphs, sub-headings, points, bold, italic, and merge fields. Pure.

There is no markup to escape: what comes out is plain data, that templates print under their own autoescape. A blank
line parts paragraphs; a line that begins with « # » is a sub-heading, with « - » a point; `**gras**`, `*italique*`. A
field stands between braces; a paragraph that is only a field may become several paragraphs, or points.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_RUNS = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*")
_FIELD = re.compile(r"\{([^{}]*)\}")
_ALONE = re.compile(r"\{([^{}]*)\}")


class FieldMissing(Exception):
    """A text names a field that is not in the list; the message is its name."""


@dataclass(frozen=True)
class Points:
    """A value that becomes a list of points; empty, its paragraph is left out."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Paragraphs:
    """A value that becomes as many paragraphs as it has; empty, its paragraph is left out."""

    texts: tuple[str, ...]


Value = str | Points | Paragraphs
Block = dict[str, Any]


def fields_of(text: str) -> tuple[str, ...]:
    """The names between braces, in order."""
    return tuple(_FIELD.findall(text))


def has_stray_brace(text: str) -> bool:
    return bool(re.search(r"[{}]", _FIELD.sub("", text)))


def blocks_of(text: str, values: Mapping[str, Value]) -> list[Block]:
    """[{kind: p | h2 | ul, items: [[{text, bold, italic}]]}]. Fields are filled once the markup is read: a value is
    never markup. A paragraph whose every field is empty is left out. Raises `FieldMissing`."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if lines:
            found += part_blocks(lines, values)
    return found


def part_blocks(lines: Sequence[str], values: Mapping[str, Value]) -> list[Block]:
    alone = _ALONE.fullmatch(lines[0]) if len(lines) == 1 else None
    if alone:
        return value_blocks(value(values, alone[1]))
    if is_hollow(lines, values):
        return []
    found: list[Block] = []
    for line in lines:
        kind, said = kind_of(line)
        items = found[-1]["items"] if found and found[-1]["kind"] == kind != "h2" else None
        filled_runs = runs(said, values)
        if items is not None and kind == "ul":
            items.append(filled_runs)
        elif items is not None:
            items[0].extend([{"text": " ", "bold": False, "italic": False}, *filled_runs])
        else:
            found.append({"kind": kind, "items": [filled_runs]})
    return found


def kind_of(line: str) -> tuple[str, str]:
    if line.startswith("#"):
        return "h2", line.lstrip("# ")
    return ("ul", line[2:].strip()) if line.startswith("- ") else ("p", line)


def is_hollow(lines: Iterable[str], values: Mapping[str, Value]) -> bool:
    """Whether a part only says fields that are empty here: the sentence around them would have no object."""
    names = [name for line in lines for name in fields_of(line)]
    return bool(names) and all(value(values, name) == "" for name in names)


def value_blocks(told: Value) -> list[Block]:
    if isinstance(told, Points):
        return [{"kind": "ul", "items": [[plain(line)] for line in told.lines]}] if told.lines else []
    texts = told.texts if isinstance(told, Paragraphs) else (told,)
    return [{"kind": "p", "items": [[plain(text)]]} for text in texts if text]


def plain(text: str, *, bold: bool = False, italic: bool = False) -> dict[str, Any]:
    return {"text": text, "bold": bold, "italic": italic}


def runs(text: str, values: Mapping[str, Value]) -> list[dict[str, Any]]:
    """The pieces of a line, marked bold or italic, their fields filled."""
    found, here = [], 0
    for match in _RUNS.finditer(text):
        found.append(plain(text[here : match.start()]))
        found.append(plain(match[1] or match[2], bold=bool(match[1]), italic=bool(match[2])))
        here = match.end()
    found.append(plain(text[here:]))
    return [{**run, "text": filled(run["text"], values)} for run in found if run["text"]]


def filled(text: str, values: Mapping[str, Value]) -> str:
    return _FIELD.sub(lambda match: inline(value(values, match[1])), text)


def inline(told: Value) -> str:
    """A list inside a sentence is told with semicolons."""
    if isinstance(told, Points):
        return " ; ".join(told.lines)
    return " ".join(told.texts) if isinstance(told, Paragraphs) else told


def value(values: Mapping[str, Value], name: str) -> Value:
    if name not in values:
        raise FieldMissing(name)
    return values[name]
