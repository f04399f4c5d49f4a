"""The controls of a section: one per kind of question, read back from the page or from what is stored."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse

from ..content.answers import MOST_ROWS, NO, PLACE_KINDS, YES, Row, columns_of

FEW_CHOICES = 7
BY_KIND: dict[str, dict[str, str]] = {
    "number": {"inputmode": "decimal", "autocomplete": "off"},
    "percent": {"inputmode": "decimal", "autocomplete": "off"},
    "money": {"inputmode": "decimal", "autocomplete": "off"},
    "date": {"autocomplete": "off"},
    "email": {"inputmode": "email", "spellcheck": "false"},
    "phone": {"inputmode": "tel"},
    "organisation": {"inputmode": "numeric", "autocomplete": "off"},
}
YES_NO = [(YES, "Oui"), (NO, "Non")]


class PlaceInput(forms.TextInput):
    """A name with proposals, and the code of the one chosen in a hidden field; without script the name is looked up."""

    template_name = "applications/controls/place.html"
    KINDS = {"commune": "commune", "intercommunality": "intercommunalite"}

    def __init__(self, kind: str) -> None:
        url = reverse("place_search", query={"genre": self.KINDS[kind]})
        super().__init__({"data-combobox": True, "data-url": url, "autocomplete": "off", "maxlength": 150})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        text, code = str(data.get(name) or ""), str(data.get(f"{name}-code") or "")
        return f"{code}\t{text}" if code and text and "\t" not in text else text

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        code, tabulated, label = str(value or "").partition("\t")
        target = f"{(attrs or {}).get('id', name)}-code"
        context = super().get_context(name, label if tabulated else code, {**(attrs or {}), "data-target": target})
        context["widget"]["code"] = {"name": f"{name}-code", "id": target, "value": code if tabulated else ""}
        return context


class TableInput(forms.Widget):
    """Repeatable rows of typed cells, named `<question>-<row>-<column>`; `extra`: one more blank row is asked for.

    `faults`: the sentence to show beside a cell, by its name.
    """

    template_name = "applications/controls/table.html"
    is_group = True

    def __init__(
        self,
        question: Any,
        *,
        columns: Sequence[Any] = (),
        extra: bool = False,
        faults: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.question, self.extra, self.faults = question, extra, faults or {}
        self.columns = columns or columns_of(question)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        stored = data.get(name)
        if isinstance(stored, list):
            return stored
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,3}})-")
        numbers = sorted({int(found[1]) for found in map(pattern.match, data) if found})[:MOST_ROWS]
        return [{c.code: str(data.get(f"{name}-{n}-{c.code}") or "") for c in self.columns} for n in numbers]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = value or []
        count = min(max(len(typed) + self.extra, self.question.min_rows, 1), max(self.question.max_rows, len(typed)))
        rows = [self._row(name, n, typed[n] if n < len(typed) else {}) for n in range(count)]
        context["widget"] |= {
            "columns": self.columns,
            "rows": rows,
            "least": max(self.question.min_rows, 1),
            "most": self.question.max_rows,
            "label": self.question.label,
        }
        return context

    def _row(self, name: str, number: int, row: Mapping[str, str]) -> dict[str, Any]:
        cells = [cell_of(f"{name}-{number}-{column.code}", column, row, self.faults) for column in self.columns]
        return {"number": number + 1, "cells": cells}


def cell_of(key: str, column: Any, row: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, Any]:
    """One cell as its template draws it: name, what was typed, what may be chosen, what is wrong."""
    options = {"yes_no": YES_NO, "single": [(option["code"], option["label"]) for option in column.options]}
    return {
        "name": key,
        "id": f"id_{key}",
        "value": row.get(column.code, ""),
        "column": column,
        "unit": {"money": "€", "percent": "%", "number": column.unit}.get(column.kind, ""),
        "options": options.get(column.kind, []),
        "inputmode": BY_KIND.get(column.kind, {}).get("inputmode", "text"),
        "blank": getattr(column, "blank", "Choisissez…"),
        "error": faults.get(key, ""),
    }


class PieceRow(forms.Widget):
    """A piece inside a section: where it stands, and the button that keeps the section, then opens the piece."""

    template_name = "applications/controls/piece.html"
    is_group = True

    def __init__(self, row: Any) -> None:
        super().__init__()
        self.row = row

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["row"] = self.row
        return context


def widget_of(question: Any, *, extra: bool = False, row: Any = None) -> forms.Widget:
    """One control per kind of a line or of rows; the browser checks nothing, the server says it in French."""
    kind, options = question.kind, [(option["code"], option["label"]) for option in question.options]
    if kind in PLACE_KINDS:
        return PlaceInput(kind)
    if kind == "table":
        return TableInput(question, extra=extra)
    if kind == "file":
        return PieceRow(row)
    if kind == "undertaking":
        return forms.CheckboxInput(attrs={"value": YES})
    if kind == "multiple":
        return forms.CheckboxSelectMultiple(choices=options)
    if kind == "yes_no":
        return forms.RadioSelect(choices=YES_NO)
    if kind == "single":
        few = len(options) <= FEW_CHOICES
        return forms.RadioSelect(choices=options) if few else forms.Select(choices=[("", "Choisissez…"), *options])
    return forms.Textarea(attrs={"rows": 6}) if kind == "long_text" else forms.TextInput(attrs=BY_KIND.get(kind, {}))
