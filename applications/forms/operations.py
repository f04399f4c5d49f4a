"""The control of the operations of a file: one form each, with its expenses, its resources, and what they add up to."""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django import forms

from ..content.answers import MOST_ROWS
from ..content.blocks import Block
from ..content.operations import COLUMNS, EXPENSE_COLUMNS, LISTS, MOST_LINES, OperationsReading, read_operations
from ..content.operations_blocks import result_block, total_block
from ..funding.verdicts import Frame
from .controls import TableInput, cell_of

HEADINGS = {"expenses": "Dépenses", "resources": "Ressources"}


class OperationsInput(forms.Widget):
    """Cells named `<question>-<operation>-<column>`, rows `<question>-<operation>-<list>-<row>-<column>`.

    `extra`: where one more blank operation or row is asked for, by that name. Each fault stands beside its cell.
    """

    template_name = "applications/controls/operations.html"
    is_group = True

    def __init__(self, question: Any, frame: Frame, *, extra: str = "") -> None:
        super().__init__()
        self.question, self.frame, self.extra = question, frame, extra

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, Any]]:
        stored = data.get(name)
        if isinstance(stored, list):
            return stored
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,3}})-")
        numbers = sorted({int(found[1]) for found in map(pattern.match, data) if found})[:MOST_ROWS]
        return [self._sent(data, f"{name}-{n}") for n in numbers]

    def _sent(self, data: Mapping[str, Any], name: str) -> dict[str, Any]:
        cells = {column.code: str(data.get(f"{name}-{column.code}") or "") for column in COLUMNS}
        lists = {part: rows_input(part).value_from_datadict(data, {}, f"{name}-{part}") for part in LISTS}
        return {**cells, **lists}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = [row for row in value or [] if isinstance(row, dict)]
        found = read_operations(self.question, typed, self.frame)
        least, most = max(self.question.min_rows, 1), self.question.max_rows
        count = min(max(len(typed) + (self.extra == name), least), max(most, len(typed)))
        context["widget"] |= {
            "operations": [self._operation(name, n, typed[n] if n < len(typed) else {}, found) for n in range(count)],
            "several": most > 1,
            "most": most,
            "full": count >= most,
            "label": self.question.label,
            "total": self.total(found),
            "total_id": f"plan_{name}",
        }
        return context

    def _operation(self, name: str, n: int, typed: Mapping[str, Any], found: OperationsReading) -> dict[str, Any]:
        at = f"{name}-{n}"
        faults = {f"{name}-{place}": sentence for place, sentence in found.faults.items()}
        return {
            "number": n + 1,
            "name": at,
            "cells": [cell_of(f"{at}-{c.code}", c, typed, faults) for c in COLUMNS],
            "lists": [self._list(f"{at}-{part}", part, typed, faults) for part in LISTS],
            "result": self.result(n, found),
            "result_id": f"plan_{at}",
        }

    def _list(self, name: str, part: str, typed: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, Any]:
        widget = rows_input(part, extra=self.extra == name, faults=faults)
        drawn = widget.get_context(name, typed.get(part) or [], {"id": f"id_{name}"})["widget"]
        return {"heading": HEADINGS[part], "widget": drawn, "error": faults.get(name, ""), "id": f"id_{name}"}

    def result(self, n: int, found: OperationsReading) -> Block | None:
        """What the n-th operation adds up to, and what the rules say of it."""
        here = next((operation for operation in found.operations if operation.rank == n), None)
        faulty = any(name.startswith(f"{n}-") and name.count("-") == 3 for name in found.faults)
        return result_block(here, self.frame, faulty=faulty) if here else None

    def total(self, found: OperationsReading) -> Block | None:
        return total_block(found.operations, self.frame) if len(found.operations) > 1 else None

    def results(self, name: str, typed: Any) -> dict[str, Block | None]:
        """What the page shows under each operation and under all, by the id of its place."""
        found = read_operations(self.question, typed, self.frame)
        each = {f"plan_{name}-{n}": self.result(n, found) for n in range(max(len(typed), 1))}
        return {**each, f"plan_{name}": self.total(found)}


def rows_input(part: str, *, extra: bool = False, faults: Mapping[str, str] | None = None) -> TableInput:
    """The rows of one side of the plan, as those of a table."""
    columns = LISTS[part]
    word = "dépense" if columns is EXPENSE_COLUMNS else "ressource"
    asked = SimpleNamespace(columns=columns, min_rows=0, max_rows=MOST_LINES, label=f"Une {word}", kind="table")
    return TableInput(asked, columns=columns, extra=extra, faults=faults)
