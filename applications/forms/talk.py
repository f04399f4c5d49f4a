"""Forms of what is said around a file."""

from datetime import date
from typing import Any

from django import forms

from calls.forms_life import DayInput

from ..models import ContactEntry
from ..services.talk import LONGEST, MOST_FILES
from .pieces import FilesField

TOO_LONG = "Réduisez ce texte à 8 000 caractères."


def text_field(label: str, required: str, *, rows: int = 5, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required, "max_length": TOO_LONG},
    )


class MessageForm(forms.Form):
    """A message, with a few files."""

    use_required_attribute = False
    text = text_field("Votre message", "Écrivez votre message.")
    attachments = FilesField(
        label="Fichiers joints",
        required=False,
        help_text=f"{MOST_FILES} au plus : PDF, Word, OpenDocument, tableur ou image, 10 Mo au plus chacun.",
    )

    def clean_attachments(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["attachments"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"{MOST_FILES} fichiers au plus par message.")
        return files


class NoteForm(forms.Form):
    """A note of the service."""

    use_required_attribute = False
    text = text_field(
        "Nouvelle note",
        "Écrivez votre note.",
        hint="Lue par l’équipe de l’appel seulement. Elle ne se modifie ni ne s’efface.",
    )


class UpdateForm(forms.Form):
    """The « point d’étape »."""

    use_required_attribute = False
    text = text_field(
        "Message",
        "Écrivez le message que liront les communes.",
        rows=8,
        hint="Où en est l’instruction, quand la décision est attendue. Le même pour toutes.",
    )


class ContactForm(forms.Form):
    """A contact that took place."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label="Nature",
        choices=[(code, label[:1].upper() + label[1:]) for code, label in ContactEntry.Kind.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la nature du contact."},
    )
    happened_on = forms.DateField(
        label="Date",
        widget=DayInput(),
        error_messages={"required": "Indiquez la date.", "invalid": "Écrivez une date, par exemple 31/03/2027."},
    )
    text = text_field("Ce qui s’est dit", "Écrivez ce qui s’est dit, en une phrase ou deux.", rows=4)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["happened_on"].initial = today

    def clean_happened_on(self) -> date:
        day: date = self.cleaned_data["happened_on"]
        if day > self.today:
            raise forms.ValidationError("La date est à venir : notez un contact une fois qu’il a eu lieu.")
        return day
