"""Where a file stands: what is answered, what is wrong, what is missing, section by section and piece by piece. Pure.

`Plan` is the form of the call as rows, `Stored` what the file holds; `look` puts them together, as of a day. A section,
a question or a piece whose condition does not hold counts for nothing; its text is kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from portal.core.typography import format_date

from ..funding.verdicts import Frame
from .answers import PLACE_KINDS, ROW_KINDS, AnswerFault, Row, Typed, is_blank, place_name, read, wording
from .blocks import Block
from .expectations import missing_sentence
from .operations import fault_sentence, read_operations
from .operations_blocks import blocks_of, in_words
from .site import read_site_answer, site_blocks, site_fault, site_words

INFECTED = "infected"  # StoredFile.Scan
LIST_KINDS = frozenset({"multiple"}) | ROW_KINDS
SectionState = Literal["todo", "begun", "complete", "to_correct"]
PieceState = Literal["missing", "here", "promised"]


@dataclass(frozen=True)
class AnswerState:
    """One question that applies: what was typed, its value or its fault; `piece`: where the one it shows stands.

    `blocks`: what one reads of an answer of several parts, even at fault; `frame`: what bears on its plans.
    """

    question: Any
    typed: Typed
    value: Any = None
    fault: str = ""
    required: bool = True
    piece: "PieceProgress | None" = None
    blocks: tuple[Block, ...] = ()
    frame: Frame | None = None

    @property
    def missing(self) -> bool:
        return self.required and self.value is None and not self.fault

    @property
    def text(self) -> str:
        """What one reads: the value in words, or what was typed when it is wrong."""
        if self.piece is not None:
            return self.piece.words
        if self.question.kind == "operations":
            return in_words(self.blocks)
        if self.question.kind == "site" and not self.fault:
            return site_words(self.value[0]) if self.value else ""
        if self.question.kind in PLACE_KINDS:
            return place_name(self.typed)
        return typed_words(self.typed) if self.fault else wording(self.question, self.value)


def typed_words(typed: Typed) -> str:
    """What was typed, on one or several lines; rows within a row follow it."""
    if isinstance(typed, str):
        return typed
    return "\n".join(line for row in typed for line in (_row_words(row) if isinstance(row, dict) else [row]))


def _row_words(row: Row) -> list[str]:
    here = " ; ".join(cell for cell in row.values() if isinstance(cell, str))
    return [here, *(line for cell in row.values() if isinstance(cell, list) for line in map(" ; ".join, _texts(cell)))]


def _texts(rows: list[Row]) -> list[list[str]]:
    return [[str(cell) for cell in row.values()] for row in rows]


@dataclass(frozen=True)
class SectionProgress:
    """One section: `answered` of `awaited` required questions; `conditional`: some of its questions hang on answers."""

    section: Any
    number: int
    answers: tuple[AnswerState, ...]
    version: int = 0
    updated_at: datetime | None = None
    updated_by: Any = None
    conditional: bool = False

    @cached_property
    def awaited(self) -> int:
        return sum(answer.required for answer in self.answers)

    @cached_property
    def answered(self) -> int:
        return sum(answer.required and answer.value is not None for answer in self.answers)

    @cached_property
    def faults(self) -> list[AnswerState]:
        return [answer for answer in self.answers if answer.fault]

    @cached_property
    def missing(self) -> list[AnswerState]:
        return [answer for answer in self.answers if answer.missing]

    @cached_property
    def state(self) -> SectionState:
        if self.faults:
            return "to_correct"
        if not self.missing and (self.awaited or self.version):
            return "complete"
        begun = any(answer.value is not None or not is_blank(answer.typed) for answer in self.answers)
        return "begun" if begun else "todo"

    @property
    def part(self) -> Decimal:
        return Decimal(self.answered) / self.awaited if self.awaited else Decimal(0)


@dataclass(frozen=True)
class PieceProgress:
    """One document asked for: the files attached, or the promise; `isolated` (by the antivirus) count for nothing."""

    piece: Any
    files: tuple[Any, ...] = ()
    promised_for: date | None = None
    isolated: tuple[Any, ...] = ()

    @property
    def needed(self) -> bool:
        return self.piece.need != "optional"

    @property
    def state(self) -> PieceState:
        if len(self.files) >= max(1, self.piece.min_count):
            return "here"
        return "promised" if self.promised_for else "missing"

    @property
    def missing(self) -> bool:
        return self.needed and self.state == "missing"

    @property
    def words(self) -> str:
        """The names of the files, or the day of the promise."""
        if self.files:
            return "\n".join(attachment.file.name for attachment in self.files)
        return f"Promise pour le {format_date(self.promised_for)}" if self.promised_for else ""


@dataclass(frozen=True)
class FileProgress:
    """The whole file."""

    sections: tuple[SectionProgress, ...]
    pieces: tuple[PieceProgress, ...]

    @cached_property
    def complete_sections(self) -> int:
        return sum(section.state == "complete" for section in self.sections)

    @cached_property
    def sections_to_finish(self) -> list[SectionProgress]:
        """Sections that hold up the deposit: an answer is wrong or missing."""
        return [section for section in self.sections if section.faults or section.missing]

    @cached_property
    def complete(self) -> bool:
        return not self.sections_to_finish and not self.missing_pieces

    @cached_property
    def missing_pieces(self) -> list[PieceProgress]:
        return [piece for piece in self.pieces if piece.missing]

    @cached_property
    def missing_apart(self) -> list[PieceProgress]:
        """The missing pieces that no section shows."""
        shown = {answer.question.piece_code for section in self.sections for answer in section.answers if answer.piece}
        return [piece for piece in self.missing_pieces if piece.piece.code not in shown]

    @cached_property
    def promised_pieces(self) -> list[PieceProgress]:
        return [piece for piece in self.pieces if piece.state == "promised"]

    @cached_property
    def pieces_here(self) -> int:
        return sum(piece.state == "here" for piece in self.pieces)

    @cached_property
    def title(self) -> str:
        """The title of the project, from the answer that the call names so."""
        answers = (answer for section in self.sections for answer in section.answers)
        return next((answer.text for answer in answers if answer.question.is_project_title), "")

    @cached_property
    def values(self) -> dict[str, Any]:
        """Canonical answers by question code."""
        answers = (answer for section in self.sections for answer in section.answers)
        return {answer.question.code: answer.value for answer in answers if answer.value is not None}

    def section(self, code: str) -> SectionProgress | None:
        return next((section for section in self.sections if section.section.code == code), None)

    def piece(self, code: str) -> PieceProgress | None:
        return next((piece for piece in self.pieces if piece.piece.code == code), None)


@dataclass(frozen=True)
class Plan:
    """The form of a call: sections in order with their questions, and pieces; `moves`: some dates hang on answers."""

    sections: Sequence[tuple[Any, Sequence[Any]]]
    pieces: Sequence[Any]
    moves: bool = False

    def questions(self, code: str) -> Sequence[Any] | None:
        """Those of a section, whether they apply or not; None when the call has no such section at this stage."""
        return next((questions for section, questions in self.sections if section.code == code), None)


@dataclass(frozen=True)
class Stored:
    """What the file holds: rows of answers by section code, files and promises by piece code."""

    sections: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    promises: Mapping[str, date] = field(default_factory=dict)


Applies = Callable[[Any, Mapping[str, Any]], bool]
"""(condition, answers by code) → whether it holds; no condition always holds."""


Framing = Callable[[Mapping[str, Any]], Frame]
"""answers by code → what bears on the financing plans of the file."""


def unframed(values: Mapping[str, Any]) -> Frame:
    """The law alone."""
    return Frame()


def answer_state(question: Any, typed: Typed | None, on: date, frame: Frame | None = None) -> AnswerState:
    """What was typed, read; `on` is the day that tells whether the answer may still be left out."""
    kept: Typed = typed if typed is not None else ([] if question.kind in LIST_KINDS else "")
    required = required_on(question, on)
    if question.kind == "operations":
        return _operations(question, kept, required, frame or Frame())
    if question.kind == "site":
        return _site(question, kept, required)
    try:
        return AnswerState(question, kept, value=read(question, kept), required=required)
    except AnswerFault as fault:
        return AnswerState(question, kept, fault=str(fault), required=required)


def _operations(question: Any, typed: Typed, required: bool, frame: Frame) -> AnswerState:
    found = read_operations(question, typed if isinstance(typed, list) else [], frame)  # type: ignore[arg-type]
    blocks, fault = blocks_of(found.operations, frame), ""
    if found.faults:
        fault = fault_sentence(found.faults)
    elif frame.strict:
        broken = [f"{block.title} : {n.text}" for block in blocks for n in block.notes if n.state == "no"]
        fault = broken[0] if broken else ""
    value = None if fault else found.value
    return AnswerState(question, typed, value, fault, required, blocks=blocks, frame=frame)


def _site(question: Any, typed: Typed, required: bool) -> AnswerState:
    found = read_site_answer(typed if isinstance(typed, list) else [])  # type: ignore[arg-type]
    fault = site_fault(found.faults) if found.faults else ""
    value = None if fault or not found.value else [found.value]
    return AnswerState(question, typed, value, fault, required, blocks=site_blocks(found))


def required_on(question: Any, day: date) -> bool:
    """An undertaking always is; another question when the call says so, and its day of grace is past."""
    if question.optional_until is not None and day <= question.optional_until:
        return False
    return question.required or question.kind == "undertaking"


def file_state(question: Any, piece: PieceProgress | None, on: date) -> AnswerState:
    """A question that shows a piece: the piece is the answer."""
    if piece is None:  # a piece that is not asked of this applicant
        return AnswerState(question, "", required=False)
    value = piece.words.split("\n") if piece.state != "missing" else None
    return AnswerState(question, "", value=value, required=required_on(question, on) and piece.needed, piece=piece)


def fault_or_missing(state: AnswerState) -> str:
    """The sentence to show beside the field when the person says that the section is done."""
    return state.fault or (missing_sentence(state.question) if state.missing else "")


def look(plan: Plan, stored: Stored, applies: Applies, on: date, framing: Framing = unframed) -> FileProgress:
    """The state of the whole file on a day. A condition reads the answers to the questions asked before."""
    typed = {code: value for row in stored.sections.values() for code, value in row.values.items()}
    values: dict[str, Any] = {}
    asked: list[tuple[Any, list[AnswerState]]] = []
    for section, questions in plan.sections:
        if applies(section.condition, values):
            asked.append((section, list(_asked(questions, typed, values, applies, on, framing))))
    pieces = tuple(
        _piece(piece, stored.files.get(piece.code, ()), stored.promises.get(piece.code))
        for piece in plan.pieces
        if applies(piece.condition, values)
    )
    by_code = {item.piece.code: item for item in pieces}
    conditional = [section for section, questions in plan.sections if any(q.condition for q in questions)]
    sections = tuple(
        _section(section, number, [_with_piece(state, by_code, on) for state in states], stored, section in conditional)
        for number, (section, states) in enumerate(asked, start=1)
    )
    return FileProgress(sections, pieces)


def _piece(piece: Any, attached: Sequence[Any], promised_for: date | None) -> PieceProgress:
    isolated = tuple(row for row in attached if row.file.scan == INFECTED)
    return PieceProgress(piece, tuple(row for row in attached if row not in isolated), promised_for, isolated)


def _asked(
    questions: Sequence[Any],
    typed: Mapping[str, Typed],
    values: dict[str, Any],
    applies: Applies,
    on: date,
    framing: Framing,
) -> Iterator[AnswerState]:
    """The questions that apply, in order; each answer joins `values`, for the conditions of the next ones."""
    for question in questions:
        if applies(question.condition, values):
            given = None if question.kind == "file" else typed.get(question.code)
            state = answer_state(question, given, on, framing(values) if question.kind == "operations" else None)
            if state.value is not None:
                values[question.code] = state.value
            yield state


def _with_piece(state: AnswerState, pieces: Mapping[str, PieceProgress], on: date) -> AnswerState:
    if state.question.kind != "file":
        return state
    return file_state(state.question, pieces.get(state.question.piece_code), on)


def _section(
    section: Any, number: int, answers: list[AnswerState], stored: Stored, conditional: bool
) -> SectionProgress:
    row = stored.sections.get(section.code)
    if row is None:
        return SectionProgress(section, number, tuple(answers), conditional=conditional)
    return SectionProgress(
        section, number, tuple(answers), row.version, row.updated_at, row.updated_by, conditional=conditional
    )
