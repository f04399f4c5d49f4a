"""Form of a meeting of the club."""

from datetime import datetime

from django import forms

from .models import ClubEvent


class ClubEventForm(forms.ModelForm):
    held_at = forms.DateTimeField(
        label="Date et heure",
        help_text="Heure de Paris",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages={
            "required": "Indiquez la date et l’heure.",
            "invalid": "Cette heure n’existe pas ou est mal écrite.",
        },
    )

    class Meta:
        model = ClubEvent
        fields = ("title", "held_at", "place", "text")
        labels = {"title": "Titre", "place": "Lieu", "text": "Programme"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, now: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_held_at(self) -> datetime:
        held_at = self.cleaned_data["held_at"]
        if held_at <= self.now:
            raise forms.ValidationError("Choisissez une date à venir.")
        return held_at
