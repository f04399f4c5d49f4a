"""What was erased for good is written beside the files, outside the database: a restored backup is older than it.

One small file per erasure, which names rows and no applicant; `replay` erases again what came back.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

PLACE = "effacements"
FILES = "files"  # among the facts: the keys of the bytes that went, in hexadecimal
# Kind → what erases again: (key, facts, instant of the first erasure) → whether something had come back.
REPLAYS: dict[str, Callable[[UUID, dict[str, Any], datetime], bool]] = {}


@dataclass(frozen=True)
class Erased:
    """One line of the journal. `name` is that of its file."""

    kind: str
    key: UUID
    at: datetime
    facts: dict[str, Any]
    name: str


def note(kind: str, key: UUID, facts: dict[str, Any], at: datetime) -> None:
    """Once the transaction is committed, write that this is erased. Call it before `erase_bytes`: first, the proof."""
    told = {"quoi": kind, "cle": key.hex, "le": at.isoformat(), "faits": facts}
    content = json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False).encode()
    name = f"{PLACE}/{at:%Y%m%dT%H%M%S}-{key.hex}.json"
    transaction.on_commit(lambda: default_storage.save(name, ContentFile(content)))


def journal() -> Iterator[Erased]:
    """Every erasure noted, in the order of the days."""
    try:
        names = sorted(default_storage.listdir(PLACE)[1])
    except FileNotFoundError:  # nothing was ever erased
        return
    for name in names:
        with default_storage.open(f"{PLACE}/{name}") as file:
            told = json.load(file)
        yield Erased(told["quoi"], UUID(told["cle"]), datetime.fromisoformat(told["le"]), told["faits"], name)


def adopt(folder: Path) -> int:
    """Take the journal kept in a folder of this machine, when the files were lost too; returns how many were new."""
    known = {erased.name for erased in journal()}
    found = [path for path in sorted(folder.glob("*.json")) if path.name not in known]
    for path in found:
        default_storage.save(f"{PLACE}/{path.name}", ContentFile(path.read_bytes()))
    return len(found)


def erased_files() -> set[UUID]:
    """The bytes that are not to be put back."""
    return {UUID(key) for erased in journal() for key in erased.facts.get(FILES, ())}


def replay() -> int:
    """Erase again what a restored backup brought back; returns how many had come back."""
    return sum(replayed(erased) for erased in journal())


@transaction.atomic
def replayed(erased: Erased) -> bool:
    return REPLAYS[erased.kind](erased.key, erased.facts, erased.at)
