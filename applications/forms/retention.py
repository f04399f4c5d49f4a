"""The visa of the archives, and a file kept longer."""

from datetime import date
from typing import Any

from django import forms

from calls.forms_life import DayInput

PROOF = "Le bordereau visé. PDF, JPEG ou PNG, 20 Mo au plus."


class VisaForm(forms.Form):
    """Who gave the visa, on which list, until which term."""

    use_required_attribute = False
    given_by = forms.CharField(
        label="Nom de la personne qui a donné le visa",
        max_length=120,
        error_messages={"required": "Écrivez le nom de la personne."},
    )
    quality = forms.CharField(
        label="Sa qualité",
        max_length=150,
        help_text="Par exemple : directrice des archives départementales.",
        error_messages={"required": "Écrivez sa qualité."},
    )
    reference = forms.CharField(
        label="Référence du bordereau d’élimination",
        max_length=100,
        error_messages={"required": "Écrivez la référence du bordereau."},
    )
    given_on = forms.DateField(
        label="Date du visa", widget=DayInput(), error_messages={"required": "Indiquez la date du visa."}
    )
    due_until = forms.DateField(
        label="Vaut pour les dossiers échus jusqu’au",
        widget=DayInput(),
        help_text="Un dossier dont le terme vient après demande un autre visa.",
        error_messages={"required": "Indiquez jusqu’à quel terme vaut le visa."},
    )
    document = forms.FileField(label="Bordereau", required=False, help_text=PROOF)


class HoldForm(forms.Form):
    """Until when, and why."""

    use_required_attribute = False
    until_on = forms.DateField(
        label="Garder jusqu’au", widget=DayInput(), error_messages={"required": "Indiquez jusqu’à quel jour."}
    )
    reason = forms.CharField(
        label="Motif",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Contentieux, préavis qui ne sont pas partis… Deux préavis partiront avant le nouveau terme.",
        error_messages={"required": "Dites pourquoi ce dossier est gardé plus longtemps."},
    )

    def __init__(self, *args: Any, after: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.after = after

    def clean_until_on(self) -> date:
        chosen = self.cleaned_data["until_on"]
        if chosen <= self.after:
            raise forms.ValidationError("Choisissez un jour qui suit le terme actuel.")
        return chosen
