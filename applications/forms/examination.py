"""Forms of the examination: admissible, not admissible with its reason, and going back on the verdict."""

from collections.abc import Iterable
from typing import Any

from django import forms

from applications.models import Application
from applications.queries.admissibility import Point, unmet
from applications.services.examination import obstacles
from calls.eligibility import Verdict
from calls.forms_life import DayInput
from calls.models import ReasonCode

INADMISSIBLE = ("inadmissible", "ineligible")
TOO_LONG = "Réduisez ce texte à 2 000 caractères."


def words(label: str, *, required: str, hint: str = "") -> forms.CharField:
    """A text of 2 000 characters at most; `required` says what to write when it is empty."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": required, "max_length": TOO_LONG},
    )


class LaterChoice(forms.ChoiceField):
    """A choice that is expected, and may still wait: nothing says « facultatif », nothing is refused."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class ReservationsField(forms.CharField):
    """One reservation a line."""

    def __init__(self) -> None:
        super().__init__(
            label="Réserves",
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Une par ligne : ce que la commune doit encore. La décision les attend.",
            error_messages={"max_length": "Réduisez ce texte à 4 000 caractères."},
        )

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        long = [line for line in lines if len(line) > 400]
        if long:
            raise forms.ValidationError("Réduisez chaque réserve à 400 caractères.")
        return lines


class AdmitForm(forms.Form):
    """Admissible, or so « sous réserve ». Words are asked only in spite of a condition or a point that is not met."""

    prefix = "recevable"
    text = words(
        "Pourquoi elle est recevable",
        required="Une condition n’est pas remplie : écrivez pourquoi la candidature est recevable.",
        hint="Une condition ou un point n’est pas rempli, ou reste à vérifier. Votre motif reste dans l’historique.",
    )

    reservations = ReservationsField()
    due_on = forms.DateField(
        label="À lever avant le",
        required=False,
        widget=DayInput(),
        error_messages={"invalid": "Écrivez une date, par exemple 31/03/2027."},
    )

    def __init__(
        self, *args: Any, verdicts: Iterable[Verdict] = (), points: Iterable[Point] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not obstacles(verdicts) and not unmet(points):
            del self.fields["text"]


class RejectForm(forms.Form):
    """Not admissible: a codified reason when the call has some, and the officer's own words."""

    prefix = "non-recevable"
    code = forms.ModelChoiceField(
        label="Motif",
        queryset=ReasonCode.objects.none(),
        empty_label="Choisissez un motif",
        error_messages={
            "required": "Choisissez le motif qui sera écrit à la commune.",
            "invalid_choice": "Choisissez un motif de la liste.",
        },
    )
    text = words(
        "Explication",
        required="Expliquez à la commune pourquoi sa candidature n’est pas recevable.",
        hint="La lettre à la commune la reprend telle quelle.",
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes: Any = self.fields["code"]
        codes.queryset = application.call.reason_codes.filter(outcome__in=INADMISSIBLE)
        codes.label_from_instance = lambda code: code.label
        if not codes.queryset.exists():
            del self.fields["code"]


class DismissForm(forms.Form):
    """Why a letter of intent is not kept for the next stage."""

    prefix = "intention"
    reason = words(
        "Pourquoi elle n’est pas retenue",
        required="Expliquez au candidat pourquoi sa lettre d’intention n’est pas retenue.",
        hint="Le candidat lit ce texte tel quel, par courriel et sur sa page.",
    )


class ReversalForm(forms.Form):
    """Why a verdict goes back to examination."""

    reason = words(
        "Pourquoi revenir sur ce verdict ?",
        required="Écrivez le motif : il reste dans l’historique de la candidature.",
    )
