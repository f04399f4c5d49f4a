"""The filters of the communes of a call, kept in the address."""

from collections.abc import Iterable
from typing import Any

from django import forms

from calls.models import Stratum

ELIGIBLE = [("eligible", "Éligible"), ("to_check", "À vérifier"), ("ineligible", "Non éligible")]
BEGUN = [("deposited", "Déposé"), ("draft", "Brouillon"), ("none", "Pas commencé"), ("withdrawn", "Retirée")]


class PerimeterForm(forms.Form):
    """What a visitor looks for; `staff` also filters by state of the file, `told` by who was selected."""

    q = forms.CharField(label="Commune", required=False, max_length=100)
    eligible = forms.ChoiceField(label="Éligibilité", required=False)
    strate = forms.ChoiceField(label="Strate", required=False)
    candidature = forms.ChoiceField(label="Candidature", required=False)
    retenue = forms.ChoiceField(label="Résultat", required=False, choices=[("", "Tous"), ("oui", "Retenue")])

    def __init__(self, data: Any, *, strata: Iterable[Stratum], staff: bool, told: bool) -> None:
        super().__init__(data)
        rows = [(row.code, row.label) for row in strata]
        self.offer("eligible", [("", "Toutes"), *ELIGIBLE])
        self.offer("strate", [("", "Toutes"), *rows] if rows else [])
        self.offer("candidature", [("", "Toutes"), *BEGUN] if staff else [])
        if not told:
            del self.fields["retenue"]

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """A filter with its choices; without any, the page does not show it."""
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def wanted(self, name: str) -> str:
        """What is asked of a filter; a value that is not offered asks nothing."""
        self.is_valid()
        return self.cleaned_data.get(name, "") if hasattr(self, "cleaned_data") else ""
