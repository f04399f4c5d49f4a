"""Form fields that read what French people type."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from .typography import format_number, format_plain


class FrenchDecimalField(forms.DecimalField):
    """A number typed the French way: « 86 400,50 », any space between thousands, comma or point."""

    default_error_messages = {"invalid": "Écrivez un nombre, par exemple 1 250,50."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = re.sub(r"[\s\u00a0\u202f]", "", value).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A stored number is shown as it is written in French: « 86 400,50 »; what was typed stays as typed."""
        if not isinstance(value, Decimal):
            return value
        return format_plain(value) if value == value.to_integral_value() else format_number(value)
