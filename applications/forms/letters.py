"""Forms of the letters: their text by outcome, the day on which the decision becomes public."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from applications.letter_texts import fault_of
from portal.core.calendar import wall_clock

COPY_LINE = "Écrivez « Monsieur le Préfet <adresse@exemple.fr> », ou le nom seul pour une copie papier."


class LetterTextForm(forms.Form):
    """The text of the letters of one outcome, and who has a copy."""

    body = forms.CharField(
        label="Texte de la lettre",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text="Vide : le texte du portail. L’objet, la formule, la signature et les recours s’ajoutent seuls.",
    )
    copies = forms.CharField(
        label="Copies",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une par ligne. Avec une adresse, la copie part par courriel à l’envoi des lettres.",
    )

    def __init__(self, *args: Any, outcome: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome = outcome

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].strip()
        fault = fault_of(body, self.outcome)
        if fault:
            raise ValidationError(fault)
        return body

    def clean_copies(self) -> str:
        for line in filter(str.strip, self.cleaned_data["copies"].splitlines()):
            name, opened, address = line.partition("<")
            try:
                if opened:
                    validate_email(address.rstrip("> ").strip())
            except ValidationError as error:
                raise ValidationError(COPY_LINE) from error
            if not name.strip():
                raise ValidationError(COPY_LINE)
        return self.cleaned_data["copies"]


class EmbargoForm(forms.Form):
    """The instant before which nothing is public; nothing: as soon as the letters leave."""

    on = forms.DateField(
        label="Publique à partir du",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Rien : dès l’envoi des lettres.",
        error_messages={"invalid": "Écrivez une date, par exemple 03/06/2027."},
    )
    hour = forms.TimeField(
        label="À",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="9 h 00 sinon.",
    )

    def clean(self) -> Mapping[str, Any]:
        told = super().clean() or {}
        if told.get("hour") and not told.get("on"):
            self.add_error("on", "Indiquez aussi le jour.")
        return told

    def until(self) -> datetime | None:
        """The instant of the Paris clock, or None."""
        on, hour = self.cleaned_data.get("on"), self.cleaned_data.get("hour")
        return wall_clock(on, hour or time(9)) if on else None
