"""The control of the site of a project: address, communes, parcels, and an outline pasted or given as a file."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django import forms

from ..content.answers import place_name
from ..content.site import ADDRESS, GEOJSON, LIMITS, LISTS, MOST_LETTERS, read_site_answer, site_blocks
from .controls import TableInput, cell_of

HEADINGS = {"communes": "Communes", "parcels": "Parcelles cadastrales"}
HINTS = {
    "communes": "Une ligne par commune, avec son département : Étretat (76).",
    "parcels": "Section et numéro, tels qu’ils sont au cadastre : AB 112. Le préfixe ne sert qu’aux communes réunies.",
}


class SiteInput(forms.Widget):
    """Cells named `<question>-0-<column>`, rows `<question>-0-<list>-<row>-<column>`; the file, `<question>-file`.

    A file given takes the place of what was pasted. `extra`: the list to which one more row is asked for, by its name.
    """

    template_name = "applications/controls/site.html"
    is_group = True
    needs_multipart_form = True

    def __init__(self, question: Any, *, extra: str = "") -> None:
        super().__init__()
        self.question, self.extra = question, extra

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, Any]]:
        stored = data.get(name)
        if isinstance(stored, list):
            return stored
        cells = {column.code: str(data.get(f"{name}-0-{column.code}") or "") for column in (ADDRESS, GEOJSON)}
        lists = {part: rows_input(part).value_from_datadict(data, {}, f"{name}-0-{part}") for part in LISTS}
        given = text_of(files.get(f"{name}-file")) if files else ""
        return [{**cells, **({"geojson": given} if given else {}), **lists}]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = [row for row in value or [] if isinstance(row, dict)]
        found = read_site_answer(typed)
        row = typed[0] if typed else {}
        faults = {f"{name}-{place}": sentence for place, sentence in found.faults.items()}
        context["widget"] |= {
            "cells": [cell_of(f"{name}-0-{column.code}", column, row, faults) for column in (ADDRESS,)],
            "outline": cell_of(f"{name}-0-geojson", GEOJSON, row, faults),
            "lists": [self._list(f"{name}-0-{part}", part, row, faults) for part in LISTS],
            "file": f"{name}-file",
            "blocks": site_blocks(found),
        }
        return context

    def _list(self, name: str, part: str, row: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, Any]:
        widget = rows_input(part, extra=self.extra == name, faults=faults)
        rows = [{code: place_name(cell) for code, cell in cells.items()} for cells in row.get(part) or []]
        drawn = widget.get_context(name, rows, {"id": f"id_{name}"})["widget"]
        return {"heading": HEADINGS[part], "hint": HINTS[part], "widget": drawn, "error": faults.get(name, "")}


def rows_input(part: str, *, extra: bool = False, faults: Mapping[str, str] | None = None) -> TableInput:
    label = {"communes": "Une commune", "parcels": "Une parcelle"}[part]
    asked = SimpleNamespace(columns=LISTS[part], min_rows=0, max_rows=LIMITS[part], label=label, kind="table")
    return TableInput(asked, columns=LISTS[part], extra=extra, faults=faults)


def text_of(upload: Any) -> str:
    """The text of a file; of one that is too big, only what is too long to be accepted."""
    if upload is None:
        return ""
    if upload.size > 4 * MOST_LETTERS:
        return "x" * (MOST_LETTERS + 1)
    return str(upload.read().decode("utf-8-sig", errors="replace"))
