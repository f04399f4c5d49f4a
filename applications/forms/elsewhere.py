"""A file received elsewhere, by hand or by a table: what is told of it, and the proof of its day."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django import forms

from calls.forms_life import DayInput
from calls.models import Call, Question
from portal.accounts.forms.csv_invitations import decoded, delimiter_of
from portal.accounts.models import Organisation
from portal.core.ui import FieldLook

from ..models import Channel
from ..services.elsewhere import Told, copied_questions
from ..services.entry_batches import HEAD, MAX_LINES, plain_column
from .pieces import FilesField

ACCEPTED_PROOF = ["pdf", "jpg", "jpeg", "png"]
PROOF_BYTES = 20_000_000


class OutsideForm(forms.Form):
    """Which applicant, by which way, on what day, and what can be copied of the file."""

    use_required_attribute = False
    who = forms.ChoiceField(
        label="Candidat", widget=forms.RadioSelect, error_messages={"required": "Choisissez le candidat."}
    )
    channel = forms.ChoiceField(
        label="Reçue comment",
        widget=forms.RadioSelect,
        choices=[(value, label.capitalize()) for value, label in Channel.choices],
        error_messages={"required": "Choisissez par quelle voie le dossier est arrivé."},
    )
    received_on = forms.DateField(
        label="Jour de réception",
        widget=DayInput(),
        help_text="Celui que porte la preuve : la limite de l’appel se juge sur ce jour.",
        error_messages={"required": "Indiquez le jour de réception."},
    )
    received_time = forms.TimeField(
        label="Heure de réception",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Heure de Paris. Demandée seulement si la preuve porte le jour de la clôture.",
        error_messages={"invalid": "Écrivez une heure, par exemple 16:30."},
    )
    reference = forms.CharField(
        label="Référence", required=False, max_length=100, help_text="Numéro du registre du courrier, ou du dossier."
    )
    proof = forms.FileField(
        label="Preuve de la date de réception",
        help_text="Enveloppe, registre, message ou dossier tamponné. PDF, JPEG ou PNG, 20 Mo au plus.",
        error_messages={"required": "Joignez la preuve de la date de réception."},
    )

    def __init__(self, found: Sequence[tuple[str, str]], call: Call, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.fields["who"].choices = list(found)  # type: ignore[attr-defined]
        tracks = [(track.code, track.label) for track in call.tracks.all()]
        if tracks:
            missing = {"required": "Choisissez le volet de l’appel."}
            self.fields["track"] = forms.ChoiceField(label="Volet", choices=tracks, error_messages=missing)
        self.copied = copied_questions(call, Channel.PAPER)
        for question in self.copied:
            self.fields[f"q_{question.code}"] = answer_field(question)
        for piece in call.piece_types.all():
            hint = f"{', '.join(e.upper() for e in piece.accepted)}, {piece.max_megabytes} Mo au plus."
            self.fields[f"p_{piece.code}"] = forms.FileField(label=piece.label, required=False, help_text=hint)
        for name in ("received_on", "received_time", "reference"):
            self.fields[name].look = FieldLook(width="short")  # type: ignore[attr-defined]

    @property
    def answer_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("q_")]

    @property
    def piece_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("p_")]

    def told(self, organisation: Organisation) -> Told:
        """What is said, its files not kept yet."""
        values = self.cleaned_data
        return Told(
            organisation=organisation,
            channel=values["channel"],
            received_on=values["received_on"],
            received_time=values["received_time"],
            reference=values["reference"],
            proof=None,
            track=self.call.tracks.filter(code=values.get("track", "")).first(),
            answers={question.code: values[f"q_{question.code}"] for question in self.copied},
        )


def answer_field(question: Question) -> forms.Field:
    """One answer to copy, never required: the paper is the original."""
    if question.kind in ("single", "yes_no"):
        options = [(o["code"], o["label"]) for o in question.options] or [("oui", "Oui"), ("non", "Non")]
        return forms.ChoiceField(label=question.label, required=False, choices=[("", "Sans réponse"), *options])
    widget = forms.Textarea(attrs={"rows": 3}) if question.kind == "long_text" else forms.TextInput()
    return forms.CharField(label=question.label, required=False, widget=widget)


class TableForm(forms.Form):
    """A CSV table, and the files that its lines name."""

    table = forms.FileField(
        label="Tableau CSV",
        help_text=f"{MAX_LINES} lignes et 1 Mo au plus ; la première ligne porte les colonnes du modèle.",
        error_messages={"required": "Choisissez un fichier CSV.", "empty": "Ce fichier est vide."},
    )
    proofs = FilesField(
        label="Preuves et pièces",
        required=False,
        help_text="Les fichiers que le tableau nomme, tous ensemble. PDF, JPEG ou PNG, 20 Mo au plus chacun.",
    )

    def clean_table(self) -> list[tuple[int, dict[str, str]]]:
        """The lines, by plain column name."""
        file = self.cleaned_data["table"]
        if file.size > 1_000_000:
            raise forms.ValidationError("Ce fichier dépasse 1 Mo. Coupez-le en plusieurs.")
        return read_table(file.read())


def read_table(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """(number, cells by plain column name) of every line but empty ones."""
    reader = csv.reader(io.StringIO(decoded(content)), delimiter=delimiter_of(content))
    head = [plain_column(cell) for cell in next(reader, [])]
    missing = [column for column in ("voie", "recue le", "preuve") if column not in head]
    if missing or not {"insee", "siren"} & set(head):
        raise forms.ValidationError(f"La première ligne doit porter les colonnes : {', '.join(HEAD)}.")
    rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    lines = [(number, dict(zip(head, row, strict=False))) for number, row in rows if any(row)]
    if not lines:
        raise forms.ValidationError("Ce tableau n’a aucune ligne sous ses colonnes.")
    if len(lines) > MAX_LINES:
        raise forms.ValidationError(f"Ce tableau compte {len(lines)} lignes. La limite est de {MAX_LINES}.")
    return lines
