"""Forms of the verification of a file: the points of the call, a reservation settled, a notified decision taken up."""

from collections.abc import Iterable
from typing import Any

from django import forms

from calls.forms_life import TwoPersonForm

from ..queries.admissibility import Point
from .examination import LaterChoice, words

YES_NO = [("oui", "Oui"), ("non", "Non")]


class ChecklistForm(forms.Form):
    """Yes or no for each point, with a remark; a point may wait."""

    use_required_attribute = False

    def __init__(self, points: Iterable[Point], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        for point in self.points:
            answer = None if point.stale else point.answer
            choice = LaterChoice(
                label=point.label,
                choices=YES_NO,
                widget=forms.RadioSelect,
                initial={True: "oui", False: "non"}.get(answer.ok) if answer else None,
                help_text="Répondu sur une version précédente : à vérifier de nouveau." if point.stale else "",
                error_messages={"invalid_choice": "Répondez par oui ou par non."},
            )
            self.fields[f"point_{point.code}"] = choice
            self.fields[f"remarque_{point.code}"] = forms.CharField(
                label="Remarque",
                required=False,
                max_length=400,
                initial=answer.note if answer else "",
                error_messages={"max_length": "Réduisez cette remarque à 400 caractères."},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for point in self.points:
            wrong = cleaned.get(f"point_{point.code}") == "non"
            if wrong and not cleaned.get(f"remarque_{point.code}", "").strip():
                self.add_error(f"remarque_{point.code}", "Dites ce qui ne va pas : l’instruction s’y reportera.")
        return cleaned

    @property
    def answers(self) -> dict[str, tuple[bool, str]]:
        """{code: (found right, remark)} of the points answered."""
        data = self.cleaned_data
        given = [point.code for point in self.points if data[f"point_{point.code}"]]
        return {code: (data[f"point_{code}"] == "oui", data[f"remarque_{code}"]) for code in given}


class SettleForm(forms.Form):
    """How a reservation ends, and on what proof."""

    use_required_attribute = False
    reason = words(
        "Ce qui la lève, ou pourquoi l’abandonner",
        required="Écrivez ce qui lève la réserve, ou pourquoi vous l’abandonnez.",
        hint="Par exemple : délibération reçue le 12 mars.",
    )
    act = forms.ChoiceField(choices=[("lever", "lever"), ("abandonner", "abandonner")])


class UndecideForm(TwoPersonForm):
    """Why a notified decision is taken up again, and who confirms it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "La commune le lit dans le courriel qui la prévient."
        self.fields["reason"].error_messages["required"] = "Écrivez le motif : la commune le lit."
