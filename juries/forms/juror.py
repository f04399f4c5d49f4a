"""What a member types: interests, notes, a link thought of late, a ballot."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from applications.models import Application
from applications.rankings import has_points
from calls.models import Call, Criterion

from ..levels import NO_OPINION
from ..links import KINDS, Said, found_sentence
from ..models import Vote
from ..queries import call_levels

NONE, LINKED = "aucun", "lien"
LINKS = ((NONE, "Aucun lien"), (LINKED, "J’ai un lien"))
NATURE_HINT = "En termes généraux, par exemple « étude en cours pour la commune » : le procès-verbal le reprend."
DISMISSAL_HINT = "Une phrase ; elle est gardée au registre des intérêts de l’appel."
KIND_CHOICES = [("", "À choisir"), *KINDS.items()]


class AskedLater(forms.Field):
    """Asked according to another answer, which `DeclarationForm.clean` knows; not « facultatif » on screen."""

    def validate(self, value: Any) -> None:
        return None


class TextAskedLater(AskedLater, forms.CharField):
    pass


class KindField(AskedLater, forms.ChoiceField):
    pass


class DeclarationForm(forms.Form):
    """One answer per file, none of them chosen beforehand. The nature of a link is shown once a link is declared."""

    use_required_attribute = False

    def __init__(self, *args: Any, files: Iterable[Any], names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applications = list(files)
        for file in self.applications:
            self.fields[f"lien_{file.pk}"] = forms.ChoiceField(
                label=names[file.pk],
                choices=LINKS,
                widget=forms.RadioSelect,
                error_messages={"required": "Dites si vous avez un lien avec cette candidature."},
            )
            self.fields[f"genre_{file.pk}"] = KindField(label="Quel genre de lien ?", choices=KIND_CHOICES)
            self.fields[f"nature_{file.pk}"] = TextAskedLater(
                label="Quel lien ?", max_length=200, help_text=NATURE_HINT
            )
            if file.found:
                self.fields[f"ecarte_{file.pk}"] = TextAskedLater(
                    label="Pourquoi n’est-ce pas un lien d’intérêt ?", max_length=300, help_text=DISMISSAL_HINT
                )

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "file": file,
                "found": found_sentence(file.found),
                "link": self[f"lien_{file.pk}"],
                "kind": self[f"genre_{file.pk}"],
                "nature": self[f"nature_{file.pk}"],
                "dismissal": self[f"ecarte_{file.pk}"] if file.found else None,
            }
            for file in self.applications
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for file in self.applications:
            answer = data.get(f"lien_{file.pk}")
            if answer == LINKED:
                self._ask(f"genre_{file.pk}", "Choisissez le genre de ce lien.")
                self._ask(f"nature_{file.pk}", "Écrivez quel est ce lien, en termes généraux.")
            elif answer == NONE and file.found:
                self._ask(f"ecarte_{file.pk}", "Dites pourquoi ce n’est pas un lien d’intérêt, ou déclarez-le.")
        return data

    def _ask(self, name: str, sentence: str) -> None:
        if name not in self.errors and not (self.cleaned_data.get(name) or "").strip():
            self.add_error(name, sentence)

    @property
    def links(self) -> dict[Application, Said]:
        """What is said of each file."""
        return {file: self._said(file.pk) for file in self.applications}

    def _said(self, pk: int) -> Said:
        data = self.cleaned_data
        if data[f"lien_{pk}"] == LINKED:
            return Said(kind=data[f"genre_{pk}"], nature=data[f"nature_{pk}"])
        return Said(dismissal=data.get(f"ecarte_{pk}") or "")


class NoteField(forms.DecimalField):
    """A note of the scale, or « sans avis » where the grid has it."""

    def __init__(self, *, abstention: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.abstention = abstention

    def clean(self, value: Any) -> Any:
        return NO_OPINION if self.abstention and value == NO_OPINION else super().clean(value)


class NotesForm(forms.Form):
    """Radio squares drawn by `{% criterion_row %}`: one optional note (or level) a criterion, a comment where the grid
    asks for one, and a general comment."""

    comment = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Pour vous et pour la séance ; aucun autre membre ne le lit avant.",
    )

    def __init__(self, *args: Any, call: Call, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.codes = [criterion.code for criterion in criteria]
        self.labels = {criterion.code: criterion.label for criterion in criteria}
        self.commented = [criterion.code for criterion in criteria if criterion.comment_required]
        for code in self.codes:
            self.fields[f"note_{code}"] = self.note_field(code)
        for code in self.commented:
            self.fields[f"comment_{code}"] = forms.CharField(
                label=f"Commentaire, {self.labels[code]}", required=False, max_length=600
            )

    def note_field(self, code: str) -> forms.Field:
        abstention, grid = self.call.grid.abstention, self.call.grid
        if has_points(self.call):
            return NoteField(
                label=self.labels[code],
                abstention=abstention,
                required=False,
                min_value=0,
                max_value=grid.scale_max,
                decimal_places=1,
            )
        none = [(NO_OPINION, "Sans avis")] if abstention else []
        return forms.ChoiceField(
            label=self.labels[code], required=False, choices=[*call_levels(self.call).items(), *none]
        )

    @property
    def comments(self) -> dict[str, str]:
        """What is written under the criteria that ask for it; a field that was not sent says nothing."""
        return {code: self.cleaned_data[f"comment_{code}"] for code in self.commented if f"comment_{code}" in self.data}

    @property
    def notes(self) -> dict[str, Decimal | str]:
        """The notes or the levels given, by code of criterion."""
        found = {code: self.cleaned_data[f"note_{code}"] for code in self.codes}
        return {code: note for code, note in found.items() if note not in (None, "")}


class LinkForm(forms.Form):
    kind = forms.ChoiceField(
        label="Quel genre de lien ?",
        choices=KIND_CHOICES,
        error_messages={"required": "Choisissez le genre de ce lien."},
    )
    nature = forms.CharField(
        label="Quel est ce lien ?",
        max_length=200,
        help_text=NATURE_HINT,
        error_messages={"required": "Écrivez quel est ce lien, en termes généraux."},
    )


class VoteForm(forms.Form):
    choice = forms.ChoiceField(
        label="Votre vote",
        choices=[(value, label.capitalize()) for value, label in Vote.Choice.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez pour, contre ou abstention."},
    )
