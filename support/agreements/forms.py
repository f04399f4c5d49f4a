"""Forms of an agreement: whom it binds, acts, signatures."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from applications.models import DecisionLine

from .models import Party


class BeneficiaryChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, line: DecisionLine) -> str:
        return f"{line.application.lead} : {line.application.title}"


class DayInput(forms.DateInput):
    """A native date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DrawUpForm(forms.Form):
    """One agreement for one or several laureates."""

    lines = BeneficiaryChoice(
        queryset=DecisionLine.objects.none(),
        label="Candidatures retenues",
        help_text="Une même convention peut lier plusieurs communes.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une candidature."},
    )
    starts_on = forms.DateField(
        label="Début de l’accompagnement",
        widget=DayInput(),
        error_messages={"required": "Indiquez la date.", "invalid": "Écrivez une date, par exemple 07/06/2027."},
    )

    def __init__(self, *args: Any, lines: QuerySet[DecisionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = lines


class ActForm(forms.ModelForm):
    """The act that authorises a party to sign."""

    class Meta:
        model = Party
        fields = ("representative_title", "act_body", "act_number", "act_on")
        labels = {
            "representative_title": "Qualité de la personne qui signe",
            "act_body": "Organe",
            "act_number": "Numéro de la délibération",
            "act_on": "Date de la délibération",
        }
        help_texts = {
            "act_body": "Par exemple : du conseil municipal",
            "representative_title": "Par exemple : Le Maire",
        }
        widgets = {"act_on": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("act_body", "act_number", "act_on"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = "Cette indication figure dans la convention : écrivez-la."


class SignatureForm(forms.Form):
    """The day on which a party signed."""

    signed_on = forms.DateField(
        label="Date de signature",
        widget=DayInput(),
        error_messages={"required": "Indiquez la date.", "invalid": "Écrivez une date, par exemple 07/06/2027."},
    )

    def clean_signed_on(self) -> date:
        return self.cleaned_data["signed_on"]
