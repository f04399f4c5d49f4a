"""What a person typed, read as an answer: the value, or the French sentence that says what to write. Pure.

A stored answer is what was typed (text, list of codes, list of rows), kept as it is even when it is wrong. A *value* is
its canonical form, plain JSON: numbers as decimal text (« 31.4 »), dates in ISO, choices as codes, « oui » / « non ».
A place is stored as `place_text` writes it, once looked up: its code, a tabulation that nobody can type, its name.
`question` is any object with the columns of `calls.models.Question`.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import Any

from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from portal.core.typography import format_amount, format_date, format_number, format_siren, typeset

from .expectations import NUMBER_KINDS, bounds, said, what_to_write

Row = dict[str, Any]
Typed = str | list[str] | list[Row]
YES, NO = "oui", "non"
PLACE_KINDS = frozenset({"commune", "intercommunality"})
ROW_KINDS = frozenset({"table", "operations", "site"})
MOST_ROWS = 100
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_NUMBER = re.compile(r"[-−]?\d{1,12}(?:[.,]\d{1,4})?")
_DATE = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?\d{8,15}")


class AnswerFault(ValueError):
    """The typed text is no answer; the message says what to write."""

    def __init__(self, message: str) -> None:
        super().__init__(typeset(message))


def tidy(raw: Any, kind: str) -> Typed:
    """What is stored of what was typed: line ends made one, no NUL; several choices as a list."""
    if kind == "multiple":
        items = raw if isinstance(raw, list | tuple) else [raw] if raw else []
        return [str(item).replace("\x00", "") for item in items]
    if kind in ROW_KINDS:
        return _tidy_rows(raw)
    if kind == "undertaking":
        return YES if raw in (True, YES, "on", [YES], ["on"]) else ""
    if isinstance(raw, list | tuple):
        raw = raw[-1] if raw else ""
    text = str(raw if raw is not None else "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text if kind == "long_text" else text.replace("\n", " ")


def tidy_text(raw: Any) -> str:
    return str(tidy(raw, "text"))


def _tidy_rows(raw: Any) -> list[Row]:
    """The rows of a table up to the last one that holds something; a cell may itself be a list of rows."""
    rows = [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, list | tuple) else []
    while rows and not holds_something(rows[-1]):
        rows = rows[:-1]
    return [
        {str(code): _tidy_rows(cell) if isinstance(cell, list) else tidy_text(cell) for code, cell in row.items()}
        for row in rows[:MOST_ROWS]
    ]


def holds_something(typed: Any) -> bool:
    """Whether anything was written, in a text, in a row or in rows of rows."""
    if isinstance(typed, Mapping):
        return any(holds_something(cell) for cell in typed.values())
    if isinstance(typed, list):
        return any(holds_something(row) for row in typed)
    return bool(str(typed or "").strip())


def is_blank(typed: Typed | None) -> bool:
    return not typed if isinstance(typed, list) else not (typed or "").strip()


def place_text(code: str, name: str) -> str:
    """How a place that was found is stored."""
    return f"{code}\t{name}"


def place_name(typed: Typed) -> str:
    """What one reads of a stored place: its name, or what was typed when it is none."""
    return typed.partition("\t")[2] or typed if isinstance(typed, str) else ""


def read(question: Any, typed: Typed | None) -> Any:
    """The value of a typed answer, None when blank. Raises `AnswerFault`."""
    if typed is None or is_blank(typed):
        return None
    if question.kind == "multiple":
        return _read_choices(question, typed if isinstance(typed, list) else [typed])
    if question.kind == "table":
        return _read_table(question, [row for row in typed if isinstance(row, dict)])
    text = typed if isinstance(typed, str) else " ".join(str(part) for part in typed)
    return _READERS[question.kind](question, text)


def _read_text(question: Any, text: str) -> str:
    if question.max_length and len(text) > question.max_length:
        raise AnswerFault(
            f"Réduisez ce texte à {format_number(question.max_length)} caractères : "
            f"il en compte {format_number(len(text))}."
        )
    return text.strip()


def _read_number(question: Any, text: str) -> str:
    bare = _SPACES.sub("", text).rstrip("%€")
    if question.unit:
        bare = bare.removesuffix(_SPACES.sub("", question.unit))
    if not _NUMBER.fullmatch(bare):
        raise AnswerFault(what_to_write(question))
    try:
        number = Decimal(bare.replace(",", ".").replace("−", "-"))
    except InvalidOperation as error:  # pragma: no cover - the pattern lets none through
        raise AnswerFault(what_to_write(question)) from error
    low, high = bounds(question)
    if (low is not None and number < low) or (high is not None and number > high):
        raise AnswerFault(what_to_write(question))
    return f"{number:f}"


def _read_date(question: Any, text: str) -> str:
    bare = text.strip()
    if found := _DATE.fullmatch(bare):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DATE.fullmatch(bare):
        year, month, day = (int(part) for part in found.groups())
    else:
        raise AnswerFault(what_to_write(question))
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise AnswerFault(f"Le {bare} n’existe pas. {what_to_write(question)}") from error


def _read_choice(question: Any, text: str) -> str:
    if text not in {option["code"] for option in question.options}:
        raise AnswerFault(what_to_write(question))
    return text


def _read_yes_no(question: Any, text: str) -> str:
    if text not in {YES, NO}:
        raise AnswerFault(what_to_write(question))
    return text


def _read_choices(question: Any, codes: list[Any]) -> list[str]:
    known = {option["code"]: option for option in question.options}
    if set(codes) - known.keys():
        raise AnswerFault(what_to_write(question))
    exclusive = [code for code in codes if known[code].get("exclusive")]
    if exclusive and len(set(codes)) > 1:
        raise AnswerFault(f"« {known[exclusive[0]]['label']} » ne peut pas être coché avec une autre réponse.")
    return [code for code in known if code in codes]


def _read_email(question: Any, text: str) -> str:
    if len(text) > 254 or not _MAIL.fullmatch(text.strip()):
        raise AnswerFault(what_to_write(question))
    return text.strip()


def _read_phone(question: Any, text: str) -> str:
    if not _PHONE.fullmatch(re.sub(r"[\s\u00a0\u202f.()/-]", "", text)):
        raise AnswerFault(what_to_write(question))
    return text.strip()


def _read_place(question: Any, text: str) -> str:
    code, found, _name = text.partition("\t")
    if not found:
        raise AnswerFault(what_to_write(question))
    return code


def _read_organisation(question: Any, text: str) -> str:
    digits = re.sub(r"[\s\u00a0\u202f.-]", "", text)
    if not (siren_number.is_valid(digits) or siret_number.is_valid(digits)):
        raise AnswerFault(what_to_write(question))
    return digits


def _read_undertaking(question: Any, text: str) -> str:
    return YES


# --- tables ------------------------------------------------------------------------------------------------------


def columns_of(question: Any) -> list[Any]:
    """The columns of a table, each read as a question of its own."""
    unbounded: dict[str, Any] = dict.fromkeys(("minimum", "maximum", "max_length"))
    blank = {**unbounded, "kind": "text", "unit": "", "options": [], "required": True}
    return [SimpleNamespace(**{**blank, **column}) for column in question.columns]


def _read_table(question: Any, rows: list[Row]) -> list[Row] | None:
    """The rows that hold something, cell by cell. The fault names the row and the column as the page shows them."""
    found = [_read_row(question, n, row) for n, row in enumerate(rows, 1) if any(cell.strip() for cell in row.values())]
    if len(found) > question.max_rows:
        most = _lines(question.max_rows)
        raise AnswerFault(f"Gardez {most} au plus : il y en a {len(found)}.")
    if found and len(found) < question.min_rows:
        raise AnswerFault(f"Remplissez au moins {_lines(question.min_rows)} : il y en a {len(found)}.")
    return found or None


def _lines(count: int) -> str:
    return f"{count} ligne{'s' if count > 1 else ''}"


def _read_row(question: Any, number: int, row: Row) -> Row:
    values = {}
    for column in columns_of(question):
        cell = row.get(column.code, "")
        try:
            value = read(column, cell)
        except AnswerFault as fault:
            advice = str(fault)
            raise AnswerFault(f"Ligne {number}, « {column.label} » : {advice[:1].lower()}{advice[1:]}") from fault
        if value is None and column.required:
            raise AnswerFault(f"Ligne {number} : remplissez « {column.label} ».")
        values[column.code] = value or ""
    return values


_READERS = {
    "text": _read_text,
    "long_text": _read_text,
    "number": _read_number,
    "percent": _read_number,
    "money": _read_number,
    "date": _read_date,
    "single": _read_choice,
    "yes_no": _read_yes_no,
    "email": _read_email,
    "phone": _read_phone,
    "commune": _read_place,
    "intercommunality": _read_place,
    "organisation": _read_organisation,
    "undertaking": _read_undertaking,
}


def wording(question: Any, value: Any) -> str:
    """A value as one reads it: « 31,4 % », « 1 250,50 € », « 1er juin 2027 », the words of the choices."""
    if value is None:
        return ""
    labels = {option["code"]: option["label"] for option in question.options}
    if question.kind == "multiple":
        return "\n".join(labels.get(code, code) for code in value)
    if question.kind in NUMBER_KINDS:
        return _number_wording(question, Decimal(value))
    if question.kind == "date":
        return format_date(date.fromisoformat(value))
    if question.kind == "yes_no":
        return value.capitalize()
    if question.kind == "organisation":
        return format_siren(value)
    if question.kind == "undertaking":
        return "Engagement pris"
    if question.kind == "table":
        columns = columns_of(question)
        return "\n".join(_row_wording(columns, cells) for cells in table_cells(question, value))
    return labels.get(value, value)


def table_cells(question: Any, value: list[Row]) -> list[list[str]]:
    """The cells of a table in words, row by row."""
    columns = columns_of(question)
    return [[wording(column, row.get(column.code) or None) for column in columns] for row in value]


def _row_wording(columns: list[Any], cells: list[str]) -> str:
    return typeset(" ; ".join(f"{column.label} : {cell}" for column, cell in zip(columns, cells, strict=True) if cell))


def _number_wording(question: Any, number: Decimal) -> str:
    if question.kind == "money":
        return format_amount(number)
    unit = "%" if question.kind == "percent" else question.unit
    return f"{format_number(number)}\u00a0{unit}" if unit else said(question, number)


def fact_columns(question: Any, value: Any) -> list[dict[str, Any]]:
    """The typed columns of an answer that the call flags: one row, or one per choice ticked."""
    if value is None:
        return []
    if question.kind == "multiple":
        return [{"text": code} for code in value]
    if question.kind in NUMBER_KINDS:
        return [{"number": Decimal(value)}]
    if question.kind == "date":
        return [{"date": date.fromisoformat(value)}]
    if question.kind in {"yes_no", "undertaking"}:
        return [{"yes": value == YES}]
    if question.kind in {"table", "operations", "site", "file"}:  # rows and pieces are counted where they are kept
        return []
    return [{"text": str(value)[:300]}]
