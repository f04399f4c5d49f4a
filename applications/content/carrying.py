"""What an earlier application lets one take up in a new one: the same questions, asked again. Pure.

`earlier` and `asked` are questions (columns of `calls.models.Question`); only a blank answer is ever filled.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .answers import Row, Typed, columns_of, is_blank

NEVER = frozenset({"file", "undertaking"})


def to_carry(
    asked: Iterable[Any], mine: Mapping[str, Typed], earlier: Iterable[Any], given: Mapping[str, Typed]
) -> dict[str, Typed]:
    """{question code: what was typed}, for the blank answers that the earlier file can fill."""
    before = {question.code: question for question in earlier}
    found = {
        question.code: carried(question, before[question.code], given[question.code])
        for question in asked
        if question.code in before and question.code in given and is_blank(mine.get(question.code))
    }
    return {code: typed for code, typed in found.items() if not is_blank(typed)}


def carried(question: Any, before: Any, typed: Typed) -> Typed:
    """What of an answer still makes sense in the new question; blank when nothing does."""
    if question.kind != before.kind or question.kind in NEVER:
        return ""
    known = {option["code"] for option in question.options}
    if question.kind == "single":
        return typed if typed in known else ""
    if question.kind == "multiple":
        return [str(code) for code in typed if code in known]
    return same_columns(question, before, typed) if question.kind == "table" else typed


def same_columns(question: Any, before: Any, rows: Typed) -> list[Row]:
    """The cells of the columns that both tables have, of the same kind."""
    kinds = {column.code: column.kind for column in columns_of(before)}
    kept = {column.code for column in columns_of(question) if kinds.get(column.code) == column.kind}
    cells = [{code: cell for code, cell in row.items() if code in kept} for row in rows if isinstance(row, dict)]
    return [row for row in cells if any(cell.strip() for cell in row.values())]
