"""Forms of a subsidised post."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms

from portal.accounts.models import User
from portal.core.models import StoredFile
from portal.core.typography import typeset
from portal.core.uploads import UploadRefused, store_upload
from support.agreements.forms import DayInput
from support.plan.forms_sheets import ACCEPTED, DAY, FILE_HINT, MAX_BYTES
from support.plan.models import SupportPlan

from .forms_amounts import EuroField, RateField
from .models import Post, PostYear


class PostForm(forms.ModelForm):
    class Meta:
        model = Post
        fields = ("title", "employer", "anah", "fill_by", "advert", "advert_on", "candidates", "interviews_on")
        labels = {
            "title": "Poste", "employer": "Employeur", "anah": "L’Anah participe", "fill_by": "À pourvoir avant le",
            "advert": "Adresse de l’annonce", "advert_on": "Annonce publiée le",
            "candidates": "Candidatures reçues", "interviews_on": "Entretiens le",
        }  # fmt: skip
        help_texts = {"employer": "La commune ou l’intercommunalité qui signe le contrat"}
        widgets = dict.fromkeys(("fill_by", "advert_on", "interviews_on"), DayInput())
        error_messages = {
            "title": {"required": "Nommez le poste."},
            "employer": {"required": "Nommez l’employeur."},
            "advert": {"invalid": "Écrivez une adresse entière, par exemple https://exemple.fr/annonce."},
            "candidates": {
                "invalid": "Écrivez un nombre entier, par exemple 12.",
                "min_value": "Écrivez un nombre entier, par exemple 12.",
            },
        }


class ShareForm(forms.Form):
    """The sharing key: one percent for each project that the post may serve; the empty ones bear nothing."""

    def __init__(self, *args: Any, plans: Iterable[SupportPlan], percents: dict[int, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {f"plan_{plan.pk}": plan for plan in plans}
        for name, plan in self.plans.items():
            label = typeset(f"{plan.application.lead}, en pourcentage")
            self.fields[name] = RateField(label=label, required=False, zero=True, initial=percents.get(plan.pk))

    def key(self) -> dict[SupportPlan, Decimal]:
        return {plan: self.cleaned_data[name] for name, plan in self.plans.items() if self.cleaned_data.get(name)}


class HolderForm(forms.Form):
    name = forms.CharField(
        label="Nom de la personne", max_length=100, error_messages={"required": "Écrivez le nom de la personne."},
        help_text="Rien d’autre n’est gardé d’elle",
    )  # fmt: skip
    from_on = forms.DateField(label="Arrivée le", widget=DayInput(), error_messages=DAY)


class LeaveForm(forms.Form):
    until_on = forms.DateField(label="Dernier jour", widget=DayInput(), error_messages=DAY)


class YearForm(forms.ModelForm):
    cost = EuroField(label="Coût chargé prévu, en euros", help_text="Salaire, charges et frais, pour toute la période")

    class Meta:
        model = PostYear
        fields = ("starts_on", "months", "cost")
        labels = {"starts_on": "Commence le", "months": "Nombre de mois"}
        help_texts = {"months": "12 pour une année entière"}
        widgets = {"starts_on": DayInput()}
        error_messages = {"starts_on": DAY}

    def clean_months(self) -> int:
        months = self.cleaned_data["months"]
        if not 1 <= months <= 12:
            raise forms.ValidationError("Écrivez de 1 à 12 mois.")
        return months

    def _get_validation_exclusions(self) -> set[str]:
        """Two years of one post do not begin on the same day."""
        return super()._get_validation_exclusions() - {"post"}


class ProveForm(forms.Form):
    """The real cost of a year, with its two papers."""

    real_cost = EuroField(label="Coût chargé réel, en euros")
    proof = forms.FileField(
        label="État du coût chargé", help_text=FILE_HINT, error_messages={"required": "Joignez l’état du coût chargé."}
    )
    report = forms.FileField(
        label="Rapport d’activité", help_text=FILE_HINT, error_messages={"required": "Joignez le rapport d’activité."}
    )

    def __init__(self, *args: Any, by: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.at = by, at

    def keep_files(self) -> dict[str, StoredFile] | None:
        """Both files kept, or None when one is refused: it is said beside its field."""
        kept = {}
        for name in ("proof", "report"):
            try:
                kept[name] = store_upload(
                    self.cleaned_data[name], accepted=ACCEPTED, max_bytes=MAX_BYTES, by=self.by, at=self.at
                )
            except UploadRefused as refusal:
                self.add_error(name, str(refusal))
        return kept if len(kept) == 2 else None
