"""The form that opens a call: what it starts from, its name, its edition, when one may deposit."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms
from pydantic_core import PydanticCustomError

from calls.definition.moments import read_instant
from calls.definition.reading import BadDocument, decode, read
from calls.definition.schema import CallDocument
from portal.core.ui import FieldLook

from . import widgets

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"
BLANK, FILE = "vide", "fichier"
MAX_DOCUMENT = 1_000_000


@lru_cache
def catalogue() -> dict[str, CallDocument]:
    """The programmes of the catalogue, by the name of their file."""
    return {path.stem: read(path.read_text(encoding="utf-8")) for path in sorted(CATALOGUE.glob("*.yaml"))}


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

    source = forms.ChoiceField(
        label="À partir de quoi",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez de quoi partir."},
    )
    file = forms.FileField(
        label="Fichier d’un autre appel",
        required=False,
        help_text="Le fichier YAML reçu d’un autre territoire, ou celui d’une édition passée.",
    )
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
        models = [(name, f"Un programme du catalogue : {document.title}") for name, document in catalogue().items()]
        self.fields["source"].choices = [(BLANK, "Un appel vide"), *models, (FILE, "Le fichier d’un autre appel")]
        self.fields["opens_at"].initial = " 09:00:00"
        self.fields["edition"].look = FieldLook(width="short")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "La clôture doit venir après l’ouverture.")
        if cleaned.get("source") == FILE:
            cleaned["model"] = self._read(cleaned.get("file"))
        else:
            cleaned["model"] = catalogue().get(cleaned.get("source", ""))
        return cleaned

    def _read(self, upload: Any) -> CallDocument | None:
        """The call of the file; its errors stand beside the field."""
        if not upload:
            self.add_error("file", "Choisissez le fichier.")
            return None
        if upload.size > MAX_DOCUMENT:
            self.add_error("file", "Ce fichier est trop gros pour être un appel (1 Mo au plus).")
            return None
        try:
            return read(decode(upload.read()))
        except BadDocument as error:
            self.add_error("file", [str(problem) for problem in error.problems])
            return None

    def opening(self) -> dict[str, Any]:
        """What `open_call` takes."""
        return {name: self.cleaned_data[name] for name in ("title", "edition", "opens_at", "closes_at", "model")}
