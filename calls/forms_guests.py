"""The form that puts an organisation on an invitation list."""

from django import forms

from portal.accounts.forms.people import email_field, text_field
from portal.accounts.models import Organisation
from portal.accounts.numbers import WrongNumber, checked_siren
from portal.core.ui import FieldLook

KINDS = [(kind.value, kind.label.capitalize()) for kind in Organisation.Kind if kind != Organisation.Kind.COMMUNE]


class GuestForm(forms.Form):
    """An organisation that is no commune, and where to write to it."""

    siren = forms.CharField(
        label="SIREN",
        help_text="Neuf chiffres.",
        max_length=20,
        error_messages={"required": "Écrivez le SIREN de l’organisme, neuf chiffres."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    siren.look = FieldLook(width="short")  # type: ignore[attr-defined]
    name = text_field("Nom de l’organisme", error="Écrivez le nom de l’organisme.", max_length=150)
    kind = forms.ChoiceField(
        label="Nature",
        choices=[("", ""), *KINDS],
        error_messages={"required": "Choisissez la nature de l’organisme."},
    )
    kind.look = FieldLook(width="medium")  # type: ignore[attr-defined]
    contact = email_field(
        "Adresse de contact", "Celle de l’organisme, ou de la personne qui signe pour lui : le lien y est envoyé."
    )

    def clean_siren(self) -> str:
        try:
            return checked_siren(str(self.cleaned_data["siren"]))
        except WrongNumber as error:
            raise forms.ValidationError(str(error)) from error
