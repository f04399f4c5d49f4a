"""Amounts and rates typed the French way; what is wrong is said beside the field."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from portal.core.forms import FrenchDecimalField
from portal.core.typography import typeset

MOST_EUROS = Decimal(1_000_000_000)
AMOUNT = "Écrivez un montant en euros entre {least} et 1 000 000 000, par exemple 1 250,50."
RATE = "Écrivez un taux entre 0 et 100, par exemple 40 ou 33,333."
_CURRENCY = re.compile(r"[^\d\s\u00a0\u202f.,+\-]+")


class EuroField(FrenchDecimalField):
    """Euros, with « € » or without; another currency, a sign or a sum beyond reason is refused in words."""

    def __init__(self, *, zero: bool = False, **kwargs: Any) -> None:
        self.least = Decimal(0) if zero else Decimal("0.01")
        said = typeset(AMOUNT.format(least="0" if zero else "0,01"))
        super().__init__(**kwargs)
        self.said = said
        self.error_messages |= {"invalid": said}
        self.error_messages.setdefault("required", said)
        if self.error_messages["required"] == forms.Field.default_error_messages["required"]:
            self.error_messages["required"] = said

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = re.sub(r"(€|euros?)\s*$", "", value.strip(), flags=re.IGNORECASE)
            other = _CURRENCY.search(value)
            if other:
                currency = other.group().strip()
                raise forms.ValidationError(
                    typeset(f"Les montants s’écrivent en euros : « {currency} » n’est pas compris ici.")
                )
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        cents = value.as_tuple().exponent
        if not self.least <= value <= MOST_EUROS or (isinstance(cents, int) and cents < -2):
            raise forms.ValidationError(self.said)


class RateField(FrenchDecimalField):
    """A percent from 0 (excluded unless `zero`) to 100."""

    def __init__(self, *, zero: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.zero = zero
        self.error_messages |= {"invalid": RATE, "required": RATE}

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(value.replace("%", "") if isinstance(value, str) else value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not (0 <= value <= 100 and (value or self.zero)):
            raise forms.ValidationError(RATE)
