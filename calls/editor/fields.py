"""A form field for each shape of value. They only turn what is typed into plain data: the models say what is wrong.

`prepare_value` shows a value of the document; what a person has typed is shown again as it was.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms

from calls.definition.blank import code_of, unlike
from calls.definition.editing import ABSENT
from calls.definition.moments import Moment, write_instant, write_moment
from portal.core.ui import FieldLook

EMPTY = "Remplissez cette case."


class Typed(forms.Field):
    """A text to read later; empty, the value of the document is absent."""

    default_error_messages = {"required": EMPTY}
    has_default = False
    look: FieldLook | None = None

    def clean(self, value: Any) -> Any:
        value = value.strip() if isinstance(value, str) else value
        if value in (None, "", [], ()):
            if self.required and not self.has_default:
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

    def read(self, value: str) -> Any:
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

    def read(self, value: str) -> Any:
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
