"""An organisation takes the place of others: which, from when, by which act; then a second look before the act."""

from django import forms

from portal.core.ui import FieldLook

from ..models import Organisation
from ..numbers import WrongNumber, checked_siren
from .institution import lines_field
from .people import text_field

SURE = "J’ai lu ce qui passe et ce qui reste. Je sais que cette reprise ne se défait pas."


class TakeoverForm(forms.Form):
    """`predecessors` are organisations once cleaned."""

    predecessors = lines_field("Organismes repris", "Le SIREN de chacun, un par ligne.")
    on = forms.DateField(
        label="Date d’effet",
        help_text="Celle que l’acte fixe.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Donnez la date d’effet.", "invalid": "Écrivez la date ainsi : 01/01/2027."},
    )
    on.look = FieldLook(width="short")
    reason = text_field(
        "Acte qui les réunit",
        "Par exemple : arrêté préfectoral du 3 décembre 2026.",
        error="Donnez l’acte qui réunit les organismes.",
        max_length=300,
    )

    def clean_predecessors(self) -> list[Organisation]:
        found = [
            self.organisation(line.strip()) for line in self.cleaned_data["predecessors"].splitlines() if line.strip()
        ]
        if not found:
            raise forms.ValidationError("Écrivez le SIREN d’au moins un organisme.")
        return list({row.pk: row for row in found}.values())

    def organisation(self, typed: str) -> Organisation:
        try:
            siren = str(checked_siren(typed))
        except WrongNumber as error:
            raise forms.ValidationError(f"« {typed} » : {error}") from error
        found = Organisation.objects.filter(siren=siren).first()
        if found is None:
            raise forms.ValidationError(f"Aucun organisme ne porte le SIREN {typed}.")
        return found


class SecondLookForm(forms.Form):
    """Under the preview, never ticked beforehand."""

    sure = forms.BooleanField(
        label=SURE, error_messages={"required": "Cochez cette case après avoir lu, ou abandonnez la reprise."}
    )
