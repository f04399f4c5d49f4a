"""Forms on the eligibility rules of a file: explanations, a request of derogation, the answer of the service."""

from collections.abc import Iterable
from typing import Any

from django import forms

from calls.eligibility import Verdict
from portal.core.ui import FieldLook

TOO_LONG = "Réduisez ce texte à 4 000 caractères."


def text(label: str, *, required: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": required, "max_length": TOO_LONG},
    )


class ExplanationForm(forms.Form):
    """One text for each rule that is not kept and asks for one. An empty one is kept: it is asked again at deposit."""

    use_required_attribute = False

    def __init__(self, verdicts: Iterable[Verdict], texts: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for verdict in verdicts:
            if verdict.needs_text:
                field = text(verdict.label, required="", hint=verdict.sentence + ".")
                field.required, field.initial = False, texts.get(verdict.code, "")
                look: Any = field
                look.look = FieldLook(audience="Visible du jury", counter=4000)
                look.has_default = True
                self.fields[f"texte_{verdict.code}"] = field

    @property
    def texts(self) -> dict[str, str]:
        return {name.removeprefix("texte_"): value for name, value in self.cleaned_data.items()}


class DerogationForm(forms.Form):
    """Why one asks to derogate."""

    use_required_attribute = False
    reason = text(
        "Pourquoi demander une dérogation",
        required="Écrivez pourquoi : le service répond à ce motif.",
        hint="La personne qui y répond est nommée, avec son motif.",
    )


class RulingForm(forms.Form):
    """The answer of the service, and its reason."""

    use_required_attribute = False
    reason = text(
        "Motif",
        required="Écrivez le motif : il est lu avec la condition, par la commune et par le jury.",
    )
    act = forms.ChoiceField(choices=[(act, act) for act in ("accorder", "refuser", "oui", "non")])
