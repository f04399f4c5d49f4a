"""Forms of the examination: admissible, not admissible with its reason, and going back on the verdict."""

from collections.abc import Iterable
from typing import Any

from django import forms

from applications.models import Application
from applications.services.examination import obstacles
from calls.eligibility import Verdict
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


class AdmitForm(forms.Form):
    """Admissible. Words are asked only in spite of a condition that is not met or not checked."""

    prefix = "recevable"
    text = words(
        "Pourquoi elle est recevable",
        required="Une condition n’est pas remplie : écrivez pourquoi la candidature est recevable.",
        hint="Une condition n’est pas remplie, ou reste à vérifier. Votre motif reste dans l’historique.",
    )

    def __init__(self, *args: Any, verdicts: Iterable[Verdict] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not obstacles(verdicts):
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
