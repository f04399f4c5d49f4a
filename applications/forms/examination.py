"""Forms of the examination: the verdict of admissibility, and going back on it."""

from typing import Any

from django import forms

from applications.models import Application
from applications.services.examination import obstacles
from calls.models import ReasonCode

INADMISSIBLE = ("inadmissible", "ineligible")


class VerdictForm(forms.Form):
    """Admissible or not; the second takes a codified reason and the officer's own words."""

    verdict = forms.ChoiceField(
        label="Cette candidature est",
        choices=[("admit", "Recevable"), ("reject", "Non recevable")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez « Recevable » ou « Non recevable »."},
    )
    code = forms.ModelChoiceField(
        label="Motif, si elle n’est pas recevable",
        queryset=ReasonCode.objects.none(),
        required=False,
        empty_label="Choisissez un motif",
        error_messages={"invalid_choice": "Choisissez un motif de la liste."},
    )
    text = forms.CharField(
        label="Explication",
        help_text="La lettre à la commune la reprend telle quelle.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "Réduisez ce texte à 2 000 caractères."},
    )

    def __init__(self, *args: Any, application: Application, verdicts: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.must_explain = bool(obstacles(verdicts))
        codes: Any = self.fields["code"]
        codes.queryset = application.call.reason_codes.filter(outcome__in=INADMISSIBLE)
        codes.label_from_instance = lambda code: code.label
        if not codes.queryset.exists():
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        rejected = values.get("verdict") == "reject"
        if rejected and "code" in self.fields and not values.get("code") and "code" not in self.errors:
            self.add_error("code", "Choisissez le motif qui sera écrit à la commune.")
        if rejected and not values.get("text", "").strip() and "text" not in self.errors:
            self.add_error("text", "Expliquez à la commune pourquoi sa candidature n’est pas recevable.")
        if values.get("verdict") == "admit" and self.must_explain and not values.get("text", "").strip():
            self.add_error("text", "Une condition n’est pas remplie : écrivez pourquoi la candidature est recevable.")
        return values


class ReversalForm(forms.Form):
    """Why a verdict goes back to examination."""

    reason = forms.CharField(
        label="Pourquoi revenir sur ce verdict ?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Écrivez le motif : il reste dans l’historique de la candidature.",
            "max_length": "Réduisez ce texte à 2 000 caractères.",
        },
    )
