"""Fields that hold several values: the items of a small list, the shares of the money, a condition."""

from collections.abc import Sequence
from typing import Any

from django import forms

from calls.condition_rows import COMPARISONS, JOINS, MOST, BadRow, Row, condition_of, rows_of, subjects
from calls.condition_words import say
from calls.definition import money
from calls.definition.blank import code_of, unlike
from calls.definition.editing import ABSENT
from calls.definition.schema import CallDocument
from calls.definition.values import Part

from . import widgets
from .fields import EMPTY, Answers, Typed

Columns = dict[str, forms.Field]


class RowsField(Typed):
    """The items of a small list, in one table."""

    def __init__(self, columns: Columns, **options: Any) -> None:
        self.columns = columns
        super().__init__(widget=widgets.Rows(columns), **options)

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

    def __init__(self, columns: Columns, document: CallDocument, **options: Any) -> None:
        super().__init__(columns, **options)
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
