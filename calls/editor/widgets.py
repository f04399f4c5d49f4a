"""Controls that hold several values at once: an instant, a few paragraphs, the rows of a small table, a condition."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

SPARE_ROWS = 3
MOST_ROWS = 200


class Group(forms.Widget):
    """A control made of several: it is drawn in a `fieldset`, and each of its inputs bears its own name."""

    is_group = True
    template = ""

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0" if id_ else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        css = (attrs or {}).get("class", "")
        described = (attrs or {}).get("aria-describedby", "")
        shown = {"name": name, "id": (attrs or {}).get("id", name), "invalid": "is-invalid" in css}
        return render_to_string(self.template, {**shown, "described": described, **self.context(name, value)})

    def context(self, name: str, value: Any) -> dict[str, Any]:
        raise NotImplementedError

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class Moment(Group):
    """A day, and an hour beside it; `value` is « 2027-03-31 23:59:59 »."""

    template = "calls/editor/_moment.html"

    def __init__(self, *, optional_hour: bool) -> None:
        super().__init__()
        self.optional_hour = optional_hour

    def context(self, name: str, value: Any) -> dict[str, Any]:
        day, _, hour = str(value or "").partition(" ")
        return {"day": day, "hour": hour, "optional_hour": self.optional_hour}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        hour = data.get(f"{name}-1", "").strip().replace("h", ":").replace(" ", "")
        return f"{data.get(f'{name}-0', '').strip()} {hour}".strip()


class Texts(Group):
    """Several paragraphs, each in its box; two spare ones."""

    template = "calls/editor/_texts.html"

    def context(self, name: str, value: Any) -> dict[str, Any]:
        return {"texts": [*(value or ()), "", ""]}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [text for text in data.getlist(name) if text.strip()]


class Ranked(Group):
    """Choices in their order, one list of choices per rank."""

    template = "calls/editor/_ranked.html"

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.pairs = pairs

    def context(self, name: str, value: Any) -> dict[str, Any]:
        chosen = list(value or ())
        ranks = min(len(self.pairs), len(chosen) + 2)
        return {"ranks": [*chosen, *[""] * (ranks - len(chosen))], "pairs": self.pairs}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [code for code in data.getlist(name) if code]


class Rows(Group):
    """A small table: one row per item, a few spare ones; a row left empty is no item."""

    template = "calls/editor/_rows.html"

    def __init__(self, columns: Mapping[str, forms.Field]) -> None:
        super().__init__()
        self.columns = columns

    def context(self, name: str, value: Any) -> dict[str, Any]:
        typed = [row for row in value or () if self.holds(row)] + [self.empty() for _ in range(SPARE_ROWS)]
        return {
            "heads": [field.label for field in self.columns.values()],
            "rows": [self._cells(f"{name}-{n}", n, row) for n, row in enumerate(typed)],
        }

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row says something: a spare one comes back with its boxes and choices only."""
        free = (name for name, field in self.columns.items() if not isinstance(field.widget, forms.Select))
        return any(isinstance(row.get(name), str) and row[name].strip() for name in free)

    def empty(self) -> dict[str, Any]:
        return {column: field.initial for column, field in self.columns.items()}

    def _cells(self, prefix: str, n: int, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        cells = []
        for column, field in self.columns.items():
            css = _css(field.widget)
            attrs = {"aria-label": f"{field.label}, ligne {n + 1}", "class": css, "id": f"id_{prefix}-{column}"}
            control = field.widget.render(f"{prefix}-{column}", row.get(column), attrs)
            size = "wide" if column in ("label", "text", "rule") else "narrow" if column in ("code", "unit") else ""
            cells.append({"head": field.label, "control": control, "size": size, "box": css == "form-check-input"})
        return cells

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{next(iter(self.columns))}" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        rows = []
        for n in range(MOST_ROWS):
            if not any(key.startswith(f"{name}-{n}-") for key in data):
                break
            rows.append(
                {
                    column: field.widget.value_from_datadict(data, files, f"{name}-{n}-{column}")
                    for column, field in self.columns.items()
                }
            )
        return rows


class ConditionRows(Group):
    """A condition as rows; one that they cannot say is a sentence, and may only be taken away."""

    template = "calls/editor/_condition.html"

    def __init__(self, groups: Any, comparisons: Mapping[str, str], joins: Mapping[str, str], most: int) -> None:
        super().__init__()
        self.groups, self.comparisons, self.joins, self.most = groups, comparisons, joins, most

    def context(self, name: str, value: Any) -> dict[str, Any]:
        value = value or {"join": "all", "rows": []}
        said = [row for row in value.get("rows", ()) if row[0] or row[2]]
        rows = [*said, *[("", "is", "", "")] * 2][: self.most]
        shared = {"groups": self.groups, "comparisons": self.comparisons, "joins": self.joins}
        return {**shared, "join": value.get("join"), "rows": rows, "kept": value.get("kept", "")}

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-what" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        rows = [
            tuple(data.get(f"{name}-{n}-{part}", "") for part in ("what", "how", "value", "year"))
            for n in range(self.most)
        ]
        kept = {"kept": data[f"{name}-kept"]} if data.get(f"{name}-kept") else {}
        return {"join": data.get(f"{name}-join", "all"), "rows": rows, "drop": f"{name}-drop" in data, **kept}


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
