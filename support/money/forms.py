"""Form of a funding request."""

from django import forms

from portal.core.forms import FrenchDecimalField
from support.agreements.forms import DayInput

from .models import FundingRequest


class FundingForm(forms.ModelForm):
    base = FrenchDecimalField(label="Dépense, en euros hors taxes", max_digits=12, decimal_places=2)
    amount = FrenchDecimalField(label="Aide, en euros", max_digits=12, decimal_places=2)

    class Meta:
        model = FundingRequest
        fields = ("funder", "scheme", "base", "amount", "status", "status_on")
        labels = {
            "funder": "Financeur",
            "scheme": "Dispositif",
            "status": "Où en est-on ?",
            "status_on": "Depuis le",
        }
        help_texts = {"scheme": "Par exemple : Fonds vert"}
        widgets = {"status_on": DayInput()}

    def clean(self) -> dict:
        values = super().clean()
        base, amount = values.get("base"), values.get("amount")
        if base is not None and base <= 0:
            self.add_error("base", "Écrivez un montant supérieur à zéro, par exemple 86 400.")
        if amount is not None and amount < 0:
            self.add_error("amount", "Écrivez un montant positif, par exemple 25 000.")
        elif base and amount and amount > base:
            self.add_error("amount", "L’aide ne peut pas dépasser la dépense.")
        return values
