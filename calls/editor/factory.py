"""The form field of each entry of the document, with its words, its choices and its look."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from calls.definition import money, timetable
from calls.definition.choices import choices
from calls.definition.schema import CallDocument
from calls.definition.words import words
from portal.core.ui import FieldLook

from . import widgets
from .compound import Columns, ConditionField, RowsField, SharesField
from .entries import Entry, entry, row_entries
from .fields import Answers, Clock, Figure, Flag, Lines, Scale, Several, Typed
from .references import ORDERED, REFERENCES

Factory = Callable[[Entry, CallDocument], Typed]


def _options(entry: Entry) -> dict[str, Any]:
    said = words(entry.model, entry.name)
    return {"label": said.label, "help_text": said.hint, "required": entry.required}


def _line(entry: Entry, document: CallDocument) -> Typed:
    if (entry.model, entry.name) in REFERENCES:
        return _select(entry, REFERENCES[entry.model, entry.name](document))
    field = Typed(widget=forms.TextInput(), **_options(entry))
    field.look = FieldLook(width="medium" if entry.name in ("code", "phone", "mail", "unit") else "full")
    return field


def _prose(entry: Entry, document: CallDocument) -> Typed:
    short = entry.longest is not None and entry.longest <= 400
    field = Typed(widget=forms.Textarea(attrs={"rows": 3 if short else 7}), **_options(entry))
    field.look = FieldLook(counter=entry.longest if short else None)
    return field


def _number(entry: Entry, document: CallDocument) -> Typed:
    field = Figure(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **_options(entry))
    suffix = {"rate": "%", "total": "€", "amount": "€", "ceiling": "€", "floor": "€"}
    money = entry.model.__module__.endswith(".money")
    field.look = FieldLook(width="short", suffix=suffix.get(entry.name, "") if money else "")
    return field


def _select(entry: Entry, pairs: Sequence[tuple[str, str]]) -> Typed:
    optional = not entry.required and entry.model.model_fields[entry.name].default is None
    blank = [("", _blank(entry))] if optional or entry.required else []
    field = Typed(widget=forms.Select(choices=[*blank, *pairs]), **_options(entry))
    if not blank:  # always one of them: « facultatif » would say nothing
        field.required = field.has_default = True
    field.look = FieldLook(width="medium")
    return field


def _blank(entry: Entry) -> str:
    if (entry.model, entry.name) == (timetable.Milestone, "code"):
        return "Une autre étape, à nommer ci-dessous"
    return "Choisissez…" if entry.required else "Aucun"


def _choice(entry: Entry, document: CallDocument) -> Typed:
    return _select(entry, list(choices(entry.model, entry.name).items()))


def _several(entry: Entry, document: CallDocument) -> Typed:
    key = (entry.model, entry.name)
    pairs = REFERENCES[key](document) if key in REFERENCES else list(choices(*key).items())
    if key in ORDERED:
        return Several(widget=widgets.Ranked(pairs), **_options(entry))
    return Several(widget=forms.CheckboxSelectMultiple(choices=pairs), **_options(entry))


def _lines(entry: Entry, document: CallDocument) -> Typed:
    if (entry.model, entry.name) in REFERENCES:
        return _several(entry, document)
    return Lines(widget=forms.Textarea(attrs={"rows": 4}), **_options(entry))


def _clock(entry: Entry, document: CallDocument) -> Typed:
    if entry.shape in ("instant", "when"):
        return Clock(widget=widgets.Moment(optional_hour=entry.shape == "when"), **_options(entry))
    attrs = {"type": "date"} if entry.shape == "day" else {}
    field = Clock(widget=forms.TextInput(attrs=attrs), **_options(entry))
    field.look = FieldLook(width="short")
    return field


FACTORIES: dict[str, Factory] = {
    "line": _line,
    "prose": _prose,
    "number": _number,
    "flag": lambda entry, document: Flag(widget=forms.CheckboxInput(), **_options(entry)),
    "day": _clock,
    "hour": _clock,
    "instant": _clock,
    "when": _clock,
    "choice": _choice,
    "choices": _several,
    "lines": _lines,
    "proses": lambda entry, document: Several(widget=widgets.Texts(), **_options(entry)),
    "rows": lambda entry, document: RowsField(_columns(entry, document), **_options(entry)),
    "shares": lambda entry, document: SharesField(_share_columns(document), document, **_options(entry)),
    "scale": lambda entry, document: Scale(widget=forms.Textarea(attrs={"rows": 5}), **_options(entry)),
}


def field_of(entry: Entry, document: CallDocument) -> Typed:
    """The form field of an entry."""
    return FACTORIES[entry.shape](entry, document)


def _cell(column: Entry, document: CallDocument) -> Typed:
    """A field of a small table: the first text is what a row cannot do without."""
    if column.shape == "rows":
        field: Typed = Answers(widget=forms.TextInput(), **_options(column))
    elif column.shape == "prose":
        field = Typed(widget=forms.Textarea(attrs={"rows": 2}), **_options(column))
    else:
        field = field_of(column, document)
    if column.name == "code" and column.shape != "choice":
        field.required = False
    default = column.model.model_fields[column.name].default
    field.initial = default if isinstance(default, bool | str) else None
    return field


def _columns(rows: Entry, document: CallDocument) -> Columns:
    assert rows.item is not None
    return {column.name: _cell(column, document) for column in row_entries(rows.item)}


def _share_columns(document: CallDocument) -> Columns:
    axis = _cell(entry(money.Cut, "axis"), document)
    return {"axis": axis, **{column.name: _cell(column, document) for column in row_entries(money.Share)}}


def condition_field(found: Entry, document: CallDocument, questions: Sequence[Any]) -> ConditionField:
    """The field of a condition, which may bear on these questions."""
    return ConditionField(document, questions, **_options(found))
