"""Forms of the requests of completion: what to ask and until when, more time, the answer of the commune."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms

from calls.forms_life import DayInput
from portal.core.ui import FieldLook

from ..queries.completion import Askable, Given
from ..services.completion import Wanted
from .examination import words

NOTE = "Ce qui est à corriger"
NOTE_LENGTH = 400


def day_field(label: str, hint: str, first: date) -> forms.DateField:
    """A day to come."""
    return forms.DateField(
        label=label,
        help_text=hint,
        initial=first,
        widget=DayInput(),
        error_messages={"required": "Choisissez un jour.", "invalid": "Écrivez une date, par exemple 31/03/2027."},
    )


class CompletionAskForm(forms.Form):
    """What is asked, thing by thing, with what is wrong; the words to the commune; the day."""

    use_required_attribute = False
    message = words(
        "Message à la commune",
        required="Écrivez ce qui est attendu de la commune.",
        hint="Elle le lit par courriel et sur la page où elle répond.",
    )

    def __init__(self, things: Sequence[Askable], *args: Any, today: date, days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things, self.today = things, today
        hint = f"Fin de journée, heure de Paris. Le délai proposé est celui de l’appel : {days}\u00a0jours."
        self.fields["due_on"] = day_field("À transmettre au plus tard le", hint, today + timedelta(days=days))
        self.fields["due_on"].look = FieldLook(width="short")  # type: ignore[attr-defined]
        for thing in things:
            self.fields[tick(thing)] = forms.BooleanField(
                label=thing.label, required=False, widget=forms.CheckboxInput({"class": "form-check-input"})
            )
            self.fields[note(thing)] = forms.CharField(
                label=NOTE,
                required=False,
                max_length=NOTE_LENGTH,
                widget=forms.TextInput({"class": "form-control"}),
                error_messages={"max_length": "Réduisez cette remarque à 400 caractères."},
            )

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The things by section of the file, open when one of them is ticked."""
        found = []
        for group, things in groupby(self.things, key=lambda thing: thing.group):
            rows = [{"thing": thing, "tick": self[tick(thing)], "note": self[note(thing)]} for thing in things]
            found.append({"title": group, "rows": rows, "open": any(row["tick"].value() for row in rows)})
        return found

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on <= self.today:
            raise forms.ValidationError("Choisissez un jour à venir : la commune doit avoir le temps de répondre.")
        return due_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(tick(thing)) or cleaned.get(note(thing)) for thing in self.things):
            self.add_error(None, "Cochez au moins une réponse ou une pièce à compléter.")
        return cleaned

    @property
    def wanted(self) -> list[Wanted]:
        """A remark written beside a thing asks for it, ticked or not."""
        data = self.cleaned_data
        return [
            Wanted(thing.kind, thing.code, data[note(thing)])
            for thing in self.things
            if data[tick(thing)] or data[note(thing)]
        ]


def tick(thing: Askable) -> str:
    return f"{thing.kind}-{thing.code}"


def note(thing: Askable) -> str:
    return f"remarque-{thing.kind}-{thing.code}"


class ExtensionForm(forms.Form):
    """More time, and why."""

    use_required_attribute = False
    prefix = "prolonger"
    reason = words("Pourquoi prolonger", required="Écrivez le motif : la commune le lit.", hint="La commune le lit.")

    def __init__(self, *args: Any, after: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.after = after
        self.fields["due_on"] = day_field("Nouvelle limite", "Fin de journée, heure de Paris.", after)
        self.order_fields(["due_on", "reason"])

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on <= self.after:
            raise forms.ValidationError("Choisissez un jour à venir, après la limite annoncée.")
        return due_on


class CancellationForm(forms.Form):
    """Why nothing is asked any more."""

    use_required_attribute = False
    prefix = "annuler"
    reason = words("Pourquoi annuler", required="Écrivez le motif : la commune le lit.", hint="La commune le lit.")


class ReplyForm(forms.Form):
    """The words of the commune to the service, beside its answers."""

    use_required_attribute = False
    reply = forms.CharField(
        label="Mot au service",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="S’il manque quelque chose, dites pourquoi : le service le lit avec vos compléments.",
        error_messages={"max_length": "Réduisez ce texte à 4 000 caractères."},
    )


def questions_given(given: Iterable[Given]) -> list[Any]:
    """The states of the answers asked, in order."""
    return [one.answer for one in given if one.answer is not None]
