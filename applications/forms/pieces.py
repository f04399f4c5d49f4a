"""Attach a file, or promise a piece. The limits shown are those of the code: both read the row of the call."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from portal.core.photos import EXTENSIONS as PHOTO_EXTENSIONS
from portal.core.photos import MOST_PHOTOS, photos_as_pdf
from portal.core.typography import format_date, format_quantity, typeset
from portal.core.ui import FieldLook
from portal.core.uploads import UploadRefused

from ..content.answers import AnswerFault, read
from ..services.drafting import MEGABYTE, accepted_extensions

FORMATS = {"geojson": "GeoJSON", "jpg": "JPEG"}


def accepted_sentence(piece: Any) -> str:
    """« PDF ou JPEG, 10 Mo au plus par fichier, de 3 à 10 fichiers »."""
    names = list(dict.fromkeys(FORMATS.get(extension, extension.upper()) for extension in piece.accepted))
    formats = " ou ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    size = f"{piece.max_megabytes} Mo au plus"
    if piece.max_count == 1:
        return typeset(f"{formats}, {size}")
    least = max(1, piece.min_count)
    count = format_quantity(least, "fichier") if least == piece.max_count else f"{least} à {piece.max_count} fichiers"
    return typeset(f"{formats}, {size} par fichier, {count}")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, in the order in which the person chose them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in chosen]


class PieceForm(forms.Form):
    """One file for one piece; where a PDF is accepted, photos of its sheets make one."""

    use_required_attribute = False
    file = forms.FileField(label="Fichier", allow_empty_file=True, required=False)
    photos = FilesField(
        label="Ou des photos, une par page",
        required=False,
        help_text=f"JPEG, HEIC ou PNG, {MOST_PHOTOS} au plus, dans l’ordre des pages : elles forment un seul PDF.",
    )

    def __init__(self, piece: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.piece = piece
        if "pdf" in piece.accepted:
            accepted = ",".join(["image/*", *(f".{extension}" for extension in PHOTO_EXTENSIONS)])
            self.fields["photos"].widget.attrs = {"accept": accepted}
        else:
            del self.fields["photos"]
        field = self.fields["file"]
        field.help_text = f"{accepted_sentence(piece)}."
        field.widget.attrs = {
            "accept": ",".join(f".{extension}" for extension in accepted_extensions(piece)),
            "data-max-bytes": str(piece.max_megabytes * MEGABYTE),
        }

    def clean(self) -> dict[str, Any]:
        """One file, or photos: `file` holds what is to be attached."""
        data = super().clean() or {}
        file, photos = data.get("file"), data.get("photos") or []
        if file and photos:
            self.add_error("photos", "Choisissez un fichier ou des photos, pas les deux.")
        elif photos:
            data["file"] = self.as_pdf(photos)
        elif not file and not self.errors:
            self.add_error("file", "Choisissez un fichier sur votre poste.")
        return data

    def as_pdf(self, photos: list[UploadedFile]) -> UploadedFile | None:
        try:
            return photos_as_pdf(photos, name=self.piece.label)
        except UploadRefused as refusal:
            self.add_error("photos", str(refusal))
            return None


class PromiseForm(forms.Form):
    """The day by which the piece will be handed in."""

    use_required_attribute = False
    due_on = forms.CharField(label="Je la transmettrai au plus tard le")

    def __init__(self, piece: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["due_on"]
        field.initial = f"{piece.promised_until:%d/%m/%Y}"
        field.help_text = f"Jour/mois/année, au plus tard le {format_date(piece.promised_until)}."
        field.look = FieldLook(width="short")  # type: ignore[attr-defined]
        field.error_messages["required"] = "Écrivez une date."

    def clean_due_on(self) -> date:
        return day_typed(self.cleaned_data["due_on"])


def day_typed(typed: str) -> date:
    """A day as people write it. Raises `ValidationError`."""
    try:
        return date.fromisoformat(read(_DATE, typed))
    except AnswerFault as fault:
        raise forms.ValidationError(str(fault)) from fault


class _DateQuestion:
    kind = "date"


_DATE = _DateQuestion()
