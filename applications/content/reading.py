"""A file as one reads it from end to end: sections with their answers in words, pieces. Pure.

`freeze` is what the deposit keeps for ever; `thaw` reads it again without the rows of the call, which may change.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .answers import columns_of, table_cells
from .blocks import Block, frozen_block, thawed_block
from .progress import AnswerState, FileProgress, SectionProgress


@dataclass(frozen=True)
class AnswerReading:
    """One question and its answer in words. `fault` and `missing` are for drafts only; `head` and `rows` for tables,
    `blocks` for answers of several parts."""

    code: str
    label: str
    kind: str
    text: str
    value: Any = None
    visible_to_jury: bool = True
    fault: str = ""
    missing: bool = False
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def items(self) -> list[str]:
        """The choices ticked, or the files, one by one."""
        return self.text.split("\n") if self.kind in {"multiple", "file"} and self.text else []


@dataclass(frozen=True)
class SectionReading:
    code: str
    number: int
    title: str
    answers: tuple[AnswerReading, ...]

    @property
    def to_finish(self) -> bool:
        return any(answer.fault or answer.missing for answer in self.answers)


@dataclass(frozen=True)
class FileReading:
    """One file of a piece; `url` downloads it, `scan` is what the antivirus says of it."""

    name: str
    format: str
    size: int
    sha256: str
    url: str
    scan: str = ""


@dataclass(frozen=True)
class PieceReading:
    """One document asked for: its files, or the day it is promised for; neither means that it is missing.

    `received_at` marks a piece handed in after the deposit; `act`: of a council’s resolution, what it says."""

    code: str
    label: str
    files: tuple[FileReading, ...] = ()
    promised_for: date | None = None
    received_at: datetime | None = None
    needed: bool = True
    act: str = ""


def sections_of(progress: FileProgress) -> list[SectionReading]:
    """A draft, as it stands."""
    return [_section(section) for section in progress.sections]


def _section(section: SectionProgress) -> SectionReading:
    answers = tuple(_answer(state) for state in section.answers)
    return SectionReading(section.section.code, section.number, section.section.title, answers)


def _answer(state: AnswerState) -> AnswerReading:
    question = state.question
    return AnswerReading(
        code=question.code,
        label=question.label,
        kind=question.kind,
        text=state.text,
        value=state.value,
        visible_to_jury=question.visible_to_jury and (state.piece is None or state.piece.piece.visible_to_jury),
        fault=state.fault,
        missing=state.missing,
        blocks=state.blocks,
        **_table(state),
    )


def _table(state: AnswerState) -> dict[str, Any]:
    """Labels and cells in words, each money or number written by itself: no total that the call does not ask for."""
    if state.question.kind != "table" or state.value is None:
        return {}
    head = tuple(column.label for column in columns_of(state.question))
    return {"head": head, "rows": tuple(tuple(cells) for cells in table_cells(state.question, state.value))}


def freeze(progress: FileProgress) -> dict[str, Any]:
    """The answers as the deposit keeps them, with their labels."""
    return {"sections": [_frozen(section) for section in sections_of(progress)]}


def _frozen(section: SectionReading) -> dict[str, Any]:
    kept = {"code": section.code, "number": section.number, "title": section.title}
    return {**kept, "answers": [_frozen_answer(answer) for answer in section.answers]}


def freeze_answer(state: AnswerState) -> dict[str, Any]:
    """One answer as a deposit keeps it."""
    return _frozen_answer(_answer(state))


def _frozen_answer(answer: AnswerReading) -> dict[str, Any]:
    names = ("code", "label", "kind", "text", "value", "visible_to_jury")
    frozen = {name: getattr(answer, name) for name in names}
    if answer.blocks:
        return {**frozen, "blocks": [frozen_block(block) for block in answer.blocks]}
    return {**frozen, "head": list(answer.head), "rows": [list(row) for row in answer.rows]} if answer.head else frozen


def thaw(frozen: Mapping[str, Any], *, for_jury: bool) -> list[SectionReading]:
    """The sections of a deposit; the jury does not see the answers that the call keeps from it."""
    sections = []
    for section in frozen["sections"]:
        answers = [_thawed(answer) for answer in section["answers"]]
        shown = tuple(answer for answer in answers if answer.visible_to_jury or not for_jury)
        if shown:
            sections.append(SectionReading(section["code"], section["number"], section["title"], shown))
    return sections


def _thawed(answer: Mapping[str, Any]) -> AnswerReading:
    return AnswerReading(**{**answer, "blocks": tuple(thawed_block(block) for block in answer.get("blocks", ()))})


def canonical_json(frozen: Mapping[str, Any]) -> str:
    """The one text of frozen answers: what is attached to the receipt and what its fingerprint is taken of."""
    return json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
