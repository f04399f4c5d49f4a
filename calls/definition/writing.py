"""The canonical text of a call: always the same bytes for the same call, readable by a person and by any YAML reader.

Keys stand in the order of the schema, defaults are left out, long texts are folded at `WIDTH` columns.
"""

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

from calls.definition.schema import CallDocument

WIDTH = 100
AIRY = 6  # when one item of a list has more lines, its items are parted by an empty line
FIRST_KEYS = ("format", "code", "kind")
# A text that may stand without quotes: no reader of YAML 1.1 or 1.2 takes it for anything else than a text.
_BARE = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœ][^:#\[\]{}\"\x00-\x1f]*")
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def canonical(document: CallDocument) -> str:
    """The one way to write this call. Reading it back gives the same call, and writing that the same text."""
    lines: list[str] = []
    long_before = False
    for key, value in _items(document.model_dump(exclude_defaults=True)):
        entry = _entry(key, value, 0)
        if lines and (long_before or len(entry) > 1):
            lines.append("")
        lines += entry
        long_before = len(entry) > 1
    return "\n".join(lines) + "\n"


def fingerprint(document: CallDocument) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def _items(group: dict[Any, Any]) -> list[tuple[Any, Any]]:
    """What names a thing comes first; the other keys keep the order of the schema."""
    first = [(key, group[key]) for key in FIRST_KEYS if key in group]
    return first + [(key, value) for key, value in group.items() if key not in FIRST_KEYS]


def _entry(key: Any, value: Any, depth: int) -> list[str]:
    margin = "  " * depth
    if isinstance(value, dict):
        return [f"{margin}{key}:", *_group(value, depth + 1)]
    if isinstance(value, list | tuple):
        return [f"{margin}{key}:", *_list(value, depth + 1)]
    head, *rest = _scalar(value, depth + 1, len(margin) + len(str(key)) + 2)
    return [f"{margin}{key}: {head}", *rest]


def _group(group: dict[Any, Any], depth: int) -> list[str]:
    return [line for key, value in _items(group) for line in _entry(key, value, depth)]


def _list(values: list[Any] | tuple[Any, ...], depth: int) -> list[str]:
    items = [_item(value, depth) for value in values]
    airy = depth == 1 and any(len(item) > AIRY for item in items)
    lines: list[str] = []
    for item in items:
        if lines and airy:
            lines.append("")
        lines += item
    return lines


def _item(value: Any, depth: int) -> list[str]:
    margin = "  " * depth
    if isinstance(value, dict):
        first, *rest = _group(value, depth + 1)
        return [f"{margin}- {first.lstrip(' ')}", *rest]
    head, *rest = _scalar(value, depth + 1, len(margin) + 2)
    return [f"{margin}- {head}", *rest]


def _scalar(value: Any, depth: int, column: int) -> list[str]:
    """A value, and the lines that follow when it is a long text."""
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, int):
        return [str(value)]
    if isinstance(value, Decimal):
        return [f"{value:f}"]
    if "\n" not in value and column + len(value) <= WIDTH:
        return [value if _bare(value) else json.dumps(value, ensure_ascii=False)]
    margin = "  " * depth
    folded = [line for part in value.split("\n") for line in _fold(part, WIDTH - len(margin))]
    return ["|-" if "\n" in value else ">-", *(f"{margin}{line}" if line else "" for line in folded)]


def _bare(text: str) -> bool:
    return bool(_BARE.fullmatch(text)) and text.lower() not in _WORDS_OF_YAML and not text.endswith((" ", "\u00a0"))


def _fold(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters, broken at spaces; a dash alone never begins a line (it would be a list)."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        if current and word != "-" and len(current) + 1 + len(word) > width:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    return [*lines, current]
