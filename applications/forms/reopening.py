"""Until when, why, on what proof, and who confirms."""

from datetime import datetime
from typing import Any

from django import forms

from calls.forms_life import ClockInput, DayInput, TwoPersonForm, instant_of


class ReopeningForm(TwoPersonForm):
    """One file reopened: nobody else is told of it, so the reason is the commune's."""

    evidence = forms.CharField(
        label="Preuve de la panne",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce qui l’établit : heure, message affiché, attestation du fournisseur, journal du portail.",
        error_messages={"required": "Décrivez ce qui prouve la panne : l’égalité entre les communes en dépend."},
    )
    day = forms.DateField(
        label="Rouvrir jusqu’au", widget=DayInput(), error_messages={"required": "Indiquez la date de fin."}
    )
    hour = forms.TimeField(
        label="Heure de fin",
        widget=ClockInput(),
        help_text="À la seconde, heure de Paris ; la dernière seconde est comprise.",
        error_messages={"required": "Indiquez l’heure de fin, avec ses secondes."},
    )
    field_order = ("reason", "evidence", "day", "hour", "approver")

    def __init__(self, *args: Any, after: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.after = after
        self.fields["reason"].help_text = "La commune le lit, et il est imprimé sur l’accusé de dépôt."
        self.fields["reason"].error_messages["required"] = "Écrivez le motif : il est imprimé sur l’accusé de dépôt."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "day" in cleaned and "hour" in cleaned:
            try:
                cleaned["until"] = instant_of(cleaned["day"], cleaned["hour"])
            except forms.ValidationError as error:
                self.add_error("hour", error)
                return cleaned
            if cleaned["until"] <= self.after:
                self.add_error("day", "Choisissez un instant à venir, après la limite actuelle.")
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        """What the service asks for."""
        return {name: self.cleaned_data[name] for name in ("until", "reason", "evidence", "approver")}
