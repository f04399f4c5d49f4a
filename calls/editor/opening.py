"""The form that opens a call from nothing: its name, its edition, when one may deposit."""

from datetime import datetime
from typing import Any

from django import forms
from pydantic_core import PydanticCustomError

from calls.definition.moments import read_instant
from portal.core.ui import FieldLook

from . import widgets


class InstantField(forms.CharField):
    """A day and an hour with its seconds, Paris time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=widgets.Moment(optional_hour=False), **options)

    def clean(self, value: Any) -> datetime:
        text = super().clean(value)
        try:
            return read_instant(text)
        except PydanticCustomError as error:
            raise forms.ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}") from error


class OpenForm(forms.Form):
    """Then the rooms: all the rest is written there."""

    use_required_attribute = False

    title = forms.CharField(
        label="Titre de l’appel", max_length=150, error_messages={"required": "Écrivez le titre de l’appel."}
    )
    edition = forms.CharField(
        label="Édition",
        max_length=20,
        help_text="Le plus souvent une année.",
        error_messages={"required": "Écrivez l’édition, par exemple 2027."},
    )
    opens_at = InstantField(
        label="Ouverture des candidatures",
        help_text="Heure de Paris.",
        error_messages={"required": "Écrivez le jour et l’heure de l’ouverture."},
    )
    closes_at = InstantField(
        label="Clôture des candidatures",
        help_text="Heure de Paris, dernière seconde comprise : 23:59:59 pour la fin du jour.",
        initial=" 23:59:59",
        error_messages={"required": "Écrivez le jour et l’heure de la clôture."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", **kwargs)
        self.fields["opens_at"].initial = " 09:00:00"
        self.fields["edition"].look = FieldLook(width="short")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "La clôture doit venir après l’ouverture.")
        return cleaned

    def opening(self) -> dict[str, Any]:
        """What `open_call` takes."""
        return {name: self.cleaned_data[name] for name in ("title", "edition", "opens_at", "closes_at")}
