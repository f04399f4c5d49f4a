"""A form field for each shape of value. They only turn what is typed into plain data: the models say what is wrong.

`prepare_value` shows a value of the document; what a person has typed is shown again as it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms

from calls.condition_rows import COMPARISONS, JOINS, MOST, BadRow, Row, condition_of, rows_of, subjects
from calls.condition_words import say
from calls.definition import money, timetable
from calls.definition.blank import code_of, unlike
from calls.definition.choices import choices
from calls.definition.editing import ABSENT
from calls.definition.moments import Moment, write_instant, write_moment
from calls.definition.schema import CallDocument
from calls.definition.values import Part
from calls.definition.words import words
from portal.core.ui import FieldLook

from . import entries, widgets
from .entries import Entry, row_entries
from .references import ORDERED, REFERENCES

Factory = Callable[["Entry", CallDocument], forms.Field]
EMPTY = "Remplissez cette case."


class Typed(forms.Field):
    """A text to read later; empty, the value of the document is absent."""

    default_error_messages = {"required": EMPTY}

    def clean(self, value: Any) -> Any:
        value = value.strip() if isinstance(value, str) else value
        if value in (None, "", [], ()):
            if self.required:
                raise forms.ValidationError(self.error_messages["required"])
            return ABSENT
        return self.read(value)

    def read(self, value: Any) -> Any:
        return value

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else value

    def same(self, shown: Any, typed: Any) -> bool:
        """Whether what is written now is what was typed."""
        return str(shown).splitlines() == str(typed).splitlines()


class Figure(Typed):
    """A number typed the French way."""

    def read(self, value: str) -> str:
        return "".join(value.split()).replace(",", ".")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else super().prepare_value(value)


class Clock(Typed):
    """A day, an hour, an instant: text of the document, read as it is written there."""

    def read(self, value: str) -> str:
        parts = value.split("/")
        return "-".join(reversed(parts)) if len(parts) == 3 else value

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Moment):
            return write_moment(value)
        if isinstance(value, datetime):
            return write_instant(value)
        if isinstance(value, time):
            return value.strftime("%H:%M")
        return value.isoformat() if isinstance(value, date) else super().prepare_value(value)


class Lines(Typed):
    """One value per line."""

    def read(self, value: str) -> list[str]:
        return [line.strip() for line in value.splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else super().prepare_value(value)


class Several(Typed):
    """Values of a list of choices; those already there keep their order."""

    def prepare_value(self, value: Any) -> list[str]:
        return list(value or ())

    def clean(self, value: Any) -> Any:
        read = super().clean(value)
        known = list(self.initial or ())
        return known if read is not ABSENT and set(read) == set(known) else read


class Flag(Typed):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "required": False})

    def clean(self, value: Any) -> bool:
        return bool(value)


class Scale(Lines):
    """« 0 : non traité », one step per line."""

    def read(self, value: str) -> dict[str, str]:
        steps = [line.partition(":") for line in super().read(value)]
        if any(not colon for _, colon, _ in steps):
            raise forms.ValidationError("Écrivez une note par ligne, par exemple « 0 : non traité ».")
        return {step.strip(): label.strip() for step, _, label in steps}

    def prepare_value(self, value: Any) -> Any:
        lines = [f"{step} : {label}" for step, label in value.items()] if isinstance(value, dict) else value
        return super().prepare_value(lines)


class Answers(Typed):
    """The answers of a column, between « ; »; a known answer keeps its code."""

    def prepare_value(self, value: Any) -> Any:
        return " ; ".join(option.label for option in value) if isinstance(value, tuple) else value

    def read(self, value: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for label in (part.strip() for part in value.split(";")):
            if label:
                found.append({"code": unlike(code_of(label), [o["code"] for o in found]), "label": label})
        return found


class RowsField(Typed):
    """The items of a small list, in one table."""

    def __init__(self, entry: Entry, document: CallDocument, **options: Any) -> None:
        assert entry.item is not None
        self.entry = entry
        self.columns = {column.name: _cell(column, document) for column in row_entries(entry.item)}
        super().__init__(widget=widgets.Rows(self.columns), **options)

    def prepare_value(self, value: Any) -> Any:
        return [self._shown(item) for item in value or ()]

    def _shown(self, item: Any) -> dict[str, Any]:
        if not isinstance(item, Part):
            return dict(item)
        return {name: field.prepare_value(getattr(item, name)) for name, field in self.columns.items()}

    def same(self, shown: list[dict[str, Any]], typed: list[dict[str, Any]]) -> bool:
        return self._texts(shown) == self._texts(typed)

    def _texts(self, rows: list[dict[str, Any]]) -> list[dict[str, str]]:
        kept = [row for row in rows if self.widget.holds(row)]
        return [{name: str(value or "") for name, value in row.items()} for row in kept]

    def read(self, value: list[dict[str, Any]]) -> Any:
        rows = [self._row(row) for row in value if self.widget.holds(row)]
        return self._coded(rows) if rows else ABSENT

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        read = {name: field.clean(row.get(name)) for name, field in self.columns.items()}
        return {name: value for name, value in read.items() if value is not ABSENT}

    def _coded(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if "code" not in self.columns or isinstance(self.columns["code"].widget, forms.Select):
            return rows
        taken = [row["code"] for row in rows if "code" in row]
        for row in rows:
            if "code" not in row:
                row["code"] = unlike(code_of(row.get("label", "x")), taken)
                taken.append(row["code"])
        return rows

    def clean(self, value: Any) -> Any:
        read = super().clean(value)
        if read is ABSENT and self.required:
            raise forms.ValidationError(EMPTY)
        return self._kept(read)

    def _kept(self, read: Any) -> Any:
        """What the table does not show of an item stays: the answers of a column keep their codes."""
        if read is ABSENT:
            return read
        known = {item.code: item for item in self.initial or () if hasattr(item, "code")}
        for row in read:
            old = known.get(row.get("code", ""))
            if old is not None and isinstance(self.columns.get("options"), Answers) and "options" in row:
                row["options"] = _with_codes(row["options"], old.options)
        return read


def _with_codes(options: list[dict[str, str]], old: Sequence[Any]) -> list[dict[str, Any]]:
    by_label = {option.label: option.model_dump(exclude_defaults=True) for option in old}
    return [by_label.get(option["label"], option) for option in options]


class ConditionField(Typed):
    """A condition by rows; one too complex for them is kept as it is, unless it is taken away."""

    def __init__(self, document: CallDocument, questions: Sequence[Any], **options: Any) -> None:
        self.document = document
        groups = subjects(document, questions)
        super().__init__(widget=widgets.ConditionRows(groups, COMPARISONS, JOINS, MOST), **options)

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, dict):
            return value
        said = rows_of(value, self.document)
        if said is None:
            return {"kept": say(value, self.document), "rows": []}
        join, rows = said
        return {"join": join, "rows": [(row.subject, row.comparison, row.value, row.year) for row in rows]}

    def same(self, shown: Any, typed: Any) -> bool:
        return self._rows(shown) == self._rows(typed)

    def _rows(self, value: Any) -> Any:
        value = value or {}
        return value.get("kept", ""), [tuple(row) for row in value.get("rows", ()) if row[0]]

    def clean(self, value: dict[str, Any]) -> Any:
        if value.get("kept") and not value["drop"]:
            return self.initial.model_dump() if self.initial is not None else ABSENT
        rows = [Row(*typed) for typed in value["rows"] if typed[0] or typed[2].strip()]
        try:
            found = condition_of(value["join"] if value["join"] in JOINS else "all", rows, self.document)
        except BadRow as error:
            raise forms.ValidationError(str(error)) from error
        if found is None and self.required:
            raise forms.ValidationError("Dites quand : choisissez ce qui est comparé, comment, et la valeur.")
        return ABSENT if found is None else found


class SharesField(RowsField):
    """The total of the money, cut along several axes: one row per share, gathered by axis."""

    def __init__(self, entry: Entry, document: CallDocument, **options: Any) -> None:
        super().__init__(replace(entry, item=money.Share), document, **options)
        axis = _cell(entries.entry(money.Cut, "axis"), document)
        self.columns = {"axis": axis, **self.columns}
        self.widget = widgets.Rows(self.columns)
        self.named = {
            "funder": {partner.name: partner.code for partner in document.partners},
            "stratum": {stratum.label: stratum.code for stratum in document.strata},
            "track": {track.label: track.code for track in document.tracks},
        }

    def prepare_value(self, value: Any) -> Any:
        if all(isinstance(item, dict) for item in value or ()):
            return super().prepare_value(value)
        return [{**self._shown_share(share), "axis": cut.axis} for cut in value for share in cut.shares]

    def _shown_share(self, share: money.Share) -> dict[str, Any]:
        return {name: self.columns[name].prepare_value(getattr(share, name)) for name in ("label", "amount", "code")}

    def _coded(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        cuts: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            axis, label = row.pop("axis"), row.get("label", "")
            row.setdefault("code", self.named.get(axis, {}).get(label) or code_of(label))
            cuts.setdefault(axis, []).append(row)
        return [{"axis": axis, "shares": shares} for axis, shares in cuts.items()]

    def _kept(self, read: Any) -> Any:
        return read


# --- the factory -------------------------------------------------------------------------------------------------


def _options(entry: Entry) -> dict[str, Any]:
    said = words(entry.model, entry.name)
    return {"label": said.label, "help_text": said.hint, "required": entry.required}


def _line(entry: Entry, document: CallDocument) -> forms.Field:
    if (entry.model, entry.name) in REFERENCES:
        return _select(entry, REFERENCES[entry.model, entry.name](document))
    field = Typed(widget=forms.TextInput(), **_options(entry))
    field.look = FieldLook(width="medium" if entry.name in ("code", "phone", "mail", "unit") else "full")
    return field


def _prose(entry: Entry, document: CallDocument) -> forms.Field:
    short = entry.longest is not None and entry.longest <= 400
    field = Typed(widget=forms.Textarea(attrs={"rows": 3 if short else 7}), **_options(entry))
    field.look = FieldLook(counter=entry.longest if short else None)
    return field


def _number(entry: Entry, document: CallDocument) -> forms.Field:
    field = Figure(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **_options(entry))
    suffix = {"rate": "%", "total": "€", "amount": "€", "ceiling": "€", "floor": "€"}
    money = entry.model.__module__.endswith(".money")
    field.look = FieldLook(width="short", suffix=suffix.get(entry.name, "") if money else "")
    return field


def _select(entry: Entry, pairs: Sequence[tuple[str, str]]) -> forms.Field:
    optional = not entry.required and entry.model.model_fields[entry.name].default is None
    blank = [("", _blank(entry))] if optional or entry.required else []
    field = Typed(widget=forms.Select(choices=[*blank, *pairs]), **_options(entry))
    field.look = FieldLook(width="medium")
    return field


def _blank(entry: Entry) -> str:
    if (entry.model, entry.name) == (timetable.Milestone, "code"):
        return "Une autre étape, à nommer ci-dessous"
    return "Choisissez…" if entry.required else "Aucun"


def _choice(entry: Entry, document: CallDocument) -> forms.Field:
    return _select(entry, list(choices(entry.model, entry.name).items()))


def _several(entry: Entry, document: CallDocument) -> forms.Field:
    key = (entry.model, entry.name)
    pairs = REFERENCES[key](document) if key in REFERENCES else list(choices(*key).items())
    if key in ORDERED:
        return Several(widget=widgets.Ranked(pairs), **_options(entry))
    return Several(widget=forms.CheckboxSelectMultiple(choices=pairs), **_options(entry))


def _lines(entry: Entry, document: CallDocument) -> forms.Field:
    if (entry.model, entry.name) in REFERENCES:
        return _several(entry, document)
    return Lines(widget=forms.Textarea(attrs={"rows": 4}), **_options(entry))


def _clock(entry: Entry, document: CallDocument) -> forms.Field:
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
    "rows": lambda entry, document: RowsField(entry, document, **_options(entry)),
    "shares": lambda entry, document: SharesField(entry, document, **_options(entry)),
    "scale": lambda entry, document: Scale(widget=forms.Textarea(attrs={"rows": 5}), **_options(entry)),
}


def field_of(entry: Entry, document: CallDocument) -> forms.Field:
    """The form field of an entry."""
    return FACTORIES[entry.shape](entry, document)


def _cell(column: Entry, document: CallDocument) -> forms.Field:
    """A field of a small table: the first text is what a row cannot do without."""
    if column.shape == "rows":
        field: forms.Field = Answers(widget=forms.TextInput(), **_options(column))
    elif column.shape == "prose":
        field = Typed(widget=forms.Textarea(attrs={"rows": 2}), **_options(column))
    else:
        field = field_of(column, document)
    if column.name == "code" and column.shape != "choice":
        field.required = False
    default = column.model.model_fields[column.name].default
    field.initial = default if isinstance(default, bool | str) else None
    return field
