"""Attach a file, or promise a piece. The limits shown are those of the code: both read the row of the call."""

from datetime import date
from typing import Any

from django import forms

from portal.core.typography import format_date, format_quantity, typeset
from portal.core.ui import FieldLook

from ..answers import AnswerFault, read
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


class PieceForm(forms.Form):
    """One file for one piece."""

    use_required_attribute = False
    file = forms.FileField(label="Fichier", allow_empty_file=True)

    def __init__(self, piece: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.help_text = f"{accepted_sentence(piece)}."
        field.error_messages["required"] = "Choisissez un fichier sur votre poste."
        field.widget.attrs = {
            "accept": ",".join(f".{extension}" for extension in accepted_extensions(piece)),
            "data-max-bytes": str(piece.max_megabytes * MEGABYTE),
        }


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
        try:
            return date.fromisoformat(read(_DATE, self.cleaned_data["due_on"]))
        except AnswerFault as fault:
            raise forms.ValidationError(str(fault)) from fault


class _DateQuestion:
    kind = "date"


_DATE = _DateQuestion()
