"""What the manager types: an invitation to a seat, a session."""

from typing import Any

from django import forms

from calls.models import Call
from calls.queries import communes_of_perimeter
from portal.territories.models import Commune


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="Courriel", help_text="L’invitation y est envoyée ; elle sert une fois, pendant sept jours."
    )
    full_name = forms.CharField(label="Prénom et nom", max_length=120, required=False)
    role_title = forms.CharField(
        label="Fonction", max_length=120, required=False, help_text="Par exemple « directrice de l’agence »."
    )
    commune = forms.ModelChoiceField(
        label="Commune représentée",
        queryset=Commune.objects.none(),
        required=False,
        empty_label="Aucune",
        help_text="Pour un élu municipal : il est déporté de plein droit du dossier de sa commune.",
    )
    substitute = forms.BooleanField(label="C’est la personne suppléante", required=False)

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = communes_of_perimeter(call)


class SessionForm(forms.Form):
    held_on = forms.DateField(
        label="Jour de la séance", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(label="Lieu", max_length=200, help_text="Par exemple « salle du conseil, 9 h 00 ».")
    secretary_title = forms.CharField(
        label="Secrétariat de séance",
        max_length=150,
        required=False,
        help_text="La fonction, telle que le procès-verbal l’écrit.",
    )
