"""Form of a funding request."""

from typing import Any

from django import forms

from support.agreements.forms import DayInput
from support.plan.models import SupportPlan

from .forms_amounts import EuroField
from .models import FundingRequest


class FundingForm(forms.ModelForm):
    base = EuroField(label="Dépense, en euros hors taxes")
    amount = EuroField(label="Aide, en euros", zero=True)

    class Meta:
        model = FundingRequest
        fields = ("funder", "scheme", "action", "base", "amount", "deadline_on", "address", "status", "status_on")
        labels = {
            "funder": "Financeur",
            "scheme": "Dispositif",
            "action": "Action",
            "deadline_on": "À demander avant le",
            "address": "Adresse de l’appel à projets",
            "status": "Où en est-on ?",
            "status_on": "Depuis le",
        }
        help_texts = {"scheme": "Par exemple : Fonds vert"}
        widgets = {"status_on": DayInput(), "deadline_on": DayInput()}
        error_messages = {"address": {"invalid": "Écrivez une adresse entière, par exemple https://exemple.fr/appel."}}

    def __init__(self, *args: Any, plan: SupportPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].queryset = plan.actions.all()
        self.fields["action"].empty_label = "Aucune en particulier"

    def clean(self) -> dict:
        values = super().clean()
        base, amount = values.get("base"), values.get("amount")
        if base and amount and amount > base:
            self.add_error("amount", "L’aide ne peut pas dépasser la dépense.")
        return values
