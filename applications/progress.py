"""Where a file stands: what is answered, what is wrong, what is missing, section by section and piece by piece. Pure.

`Plan` is the form of the call as rows, `Stored` what the file holds; `look` puts them together. A question or a piece
whose condition does not hold counts for nothing; its text is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from .answers import AnswerFault, Typed, is_blank, missing_sentence, read, wording

SectionState = Literal["todo", "begun", "complete", "to_correct"]
PieceState = Literal["missing", "here", "promised"]


@dataclass(frozen=True)
class AnswerState:
    """One question that applies, with what was typed, its value or its fault."""

    question: Any
    typed: Typed
    value: Any = None
    fault: str = ""

    @property
    def missing(self) -> bool:
        return self.question.required and self.value is None and not self.fault

    @property
    def text(self) -> str:
        """What one reads: the value in words, or what was typed when it is wrong."""
        if self.fault:
            return "\n".join(self.typed) if isinstance(self.typed, list) else self.typed
        return wording(self.question, self.value)


@dataclass(frozen=True)
class SectionProgress:
    """One section: `answered` of `awaited` required questions, `wrong` answers to correct."""

    section: Any
    number: int
    answers: tuple[AnswerState, ...]
    version: int = 0
    updated_at: datetime | None = None
    updated_by: Any = None

    @cached_property
    def awaited(self) -> int:
        return sum(answer.question.required for answer in self.answers)

    @cached_property
    def answered(self) -> int:
        return sum(answer.question.required and answer.value is not None for answer in self.answers)

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
        return "begun" if any(not is_blank(answer.typed) for answer in self.answers) else "todo"

    @property
    def part(self) -> Decimal:
        return Decimal(self.answered) / self.awaited if self.awaited else Decimal(0)


@dataclass(frozen=True)
class PieceProgress:
    """One document asked for: the files attached, or the promise."""

    piece: Any
    files: tuple[Any, ...] = ()
    promised_for: date | None = None

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
    """The form of a call: sections in order with their questions, and pieces."""

    sections: Sequence[tuple[Any, Sequence[Any]]]
    pieces: Sequence[Any]


@dataclass(frozen=True)
class Stored:
    """What the file holds: rows of answers by section code, files and promises by piece code."""

    sections: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    promises: Mapping[str, date] = field(default_factory=dict)


Applies = Callable[[Any, Mapping[str, Any]], bool]
"""(condition, answers by code) → whether it holds; no condition always holds."""


def answer_state(question: Any, typed: Typed | None) -> AnswerState:
    """What was typed, read."""
    kept: Typed = typed if typed is not None else ([] if question.kind == "multiple" else "")
    try:
        return AnswerState(question, kept, value=read(question, kept))
    except AnswerFault as fault:
        return AnswerState(question, kept, fault=str(fault))


def fault_or_missing(state: AnswerState) -> str:
    """The sentence to show beside the field when the person says that the section is done."""
    return state.fault or (missing_sentence(state.question) if state.missing else "")


def look(plan: Plan, stored: Stored, applies: Applies) -> FileProgress:
    """The state of the whole file. Conditions read all the answers given, whichever their section."""
    typed = {code: value for row in stored.sections.values() for code, value in row.values.items()}
    states = {q.code: answer_state(q, typed.get(q.code)) for _, questions in plan.sections for q in questions}
    values = {code: state.value for code, state in states.items() if state.value is not None}
    sections = [
        _section(section, number, [states[q.code] for q in questions if applies(q.condition, values)], stored)
        for number, (section, questions) in enumerate(plan.sections, start=1)
    ]
    pieces = [
        PieceProgress(piece, tuple(stored.files.get(piece.code, ())), stored.promises.get(piece.code))
        for piece in plan.pieces
        if applies(piece.condition, values)
    ]
    return FileProgress(tuple(sections), tuple(pieces))


def _section(section: Any, number: int, answers: list[AnswerState], stored: Stored) -> SectionProgress:
    row = stored.sections.get(section.code)
    if row is None:
        return SectionProgress(section, number, tuple(answers))
    return SectionProgress(section, number, tuple(answers), row.version, row.updated_at, row.updated_by)
