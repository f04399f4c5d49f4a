"""Forms of the board of a rehearsal."""

from datetime import datetime
from typing import Any

from django import forms

from calls.models import Call
from portal.core.calendar import wall_clock

from .models import Rehearsal
from .rules import stages_of

MOST_FILES = 200


class StartForm(forms.Form):
    """From which stage, with how many fictitious files."""

    stage = forms.ChoiceField(
        label="Où commencer ?",
        widget=forms.RadioSelect,
        help_text="L’horloge de la répétition est réglée sur ce moment de l’appel ; vous l’avancez ensuite.",
        error_messages={"required": "Choisissez où commencer."},
    )
    files = forms.IntegerField(
        label="Nombre de dossiers fictifs",
        min_value=0,
        max_value=MOST_FILES,
        initial=12,
        help_text="200 au plus, répartis entre les volets et les strates de l’appel.",
        error_messages={
            "required": "Écrivez un nombre, 0 pour aucun dossier.",
            "invalid": "Écrivez un nombre entier.",
            "min_value": "Écrivez 0 ou plus.",
            "max_value": "Écrivez 200 au plus.",
        },
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(stage, Rehearsal.Stage(stage).label.capitalize()) for stage in stages_of(call)]
        self.fields["stage"].choices = choices  # type: ignore[attr-defined]
        self.fields["stage"].initial = choices[0][0]


class AdvanceForm(forms.Form):
    """The instant to go to, on the Paris clock."""

    day = forms.DateField(
        label="Jour",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choisissez un jour.", "invalid": "Écrivez une date, par exemple 31/03/2027."},
    )
    hour = forms.TimeField(
        label="Heure, à Paris",
        widget=forms.TimeInput(attrs={"type": "time", "step": "1"}, format="%H:%M:%S"),
        error_messages={"required": "Choisissez une heure.", "invalid": "Écrivez une heure, par exemple 09:00."},
    )

    @property
    def instant(self) -> datetime:
        """What was typed, once valid."""
        return wall_clock(self.cleaned_data["day"], self.cleaned_data["hour"])
