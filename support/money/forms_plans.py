"""Forms of a financing plan: its settings, one line of cost, one line of money, the funder who reads it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from applications.content.operations import ITEMS, KINDS, NATURES, STATES, WAIVERS
from portal.accounts.models import User
from portal.core.models import StoredFile
from portal.core.typography import typeset
from portal.core.uploads import UploadRefused, store_upload
from support.agreements.forms import DayInput
from support.plan.forms_sheets import ACCEPTED, DAY, FILE_HINT, MAX_BYTES

from .forms_amounts import EuroField, RateField
from .models import FinanceExpense, FinancePlan, FinanceResource

OWN_KINDS = [(code, label) for code, label in KINDS.items() if code != "call"]


class SettingsForm(forms.ModelForm):
    class Meta:
        model = FinancePlan
        fields = ("kind", "tax", "local_owner", "waiver")
        labels = {
            "kind": "Version",
            "tax": "Tout le plan compte",
            "local_owner": "Le maître d’ouvrage est une commune ou un groupement",
        }
        help_texts = {"tax": "Hors taxes quand la TVA est récupérée (FCTVA), toutes taxes comprises sinon"}

    waiver = forms.ChoiceField(
        label="Exception à la part minimale", required=False, choices=[("", "Aucune"), *WAIVERS.items()]
    )


class ExpenseForm(forms.ModelForm):
    """One line of cost. `schemes`: (code, name) of those whose rules may leave it out."""

    item = forms.ChoiceField(label="Poste", choices=list(ITEMS.items()))
    nature = forms.ChoiceField(label="Nature", choices=list(NATURES.items()))
    excl_vat = EuroField(label="Montant hors taxes, en euros")
    vat_rate = RateField(label="Taux de TVA, en pourcentage", zero=True, initial=20, help_text="0 pour un salaire")
    excluded = forms.MultipleChoiceField(
        label="Dispositifs qui ne la prennent pas en compte", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = FinanceExpense
        fields = ("label", "item", "nature", "excl_vat", "vat_rate", "eligible", "excluded")
        labels = {"label": "Dépense", "eligible": "Éligible aux aides"}
        error_messages = {"label": {"required": "Nommez la dépense, par exemple : maçonnerie de la halle."}}

    def __init__(self, *args: Any, schemes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["excluded"].choices = [(code, typeset(name)) for code, name in schemes]
        if not schemes:
            del self.fields["excluded"]


class ResourceForm(forms.ModelForm):
    """One line of money, with the paper that proves its state."""

    kind = forms.ChoiceField(label="Nature", choices=OWN_KINDS)
    scheme = forms.ChoiceField(label="Dispositif dont les règles s’appliquent", required=False)
    amount = EuroField(label="Montant, en euros")
    state = forms.ChoiceField(label="Où en est-on ?", choices=list(STATES.items()))
    upload = forms.FileField(label="Justificatif", required=False, help_text=FILE_HINT)

    class Meta:
        model = FinanceResource
        fields = ("funder", "kind", "scheme", "amount", "state", "state_on")
        labels = {"funder": "Financeur", "state_on": "Depuis le"}
        widgets = {"state_on": DayInput()}
        error_messages = {"funder": {"required": "Nommez le financeur, par exemple : Région Normandie."}}

    def __init__(
        self, *args: Any, schemes: Sequence[tuple[str, str]], today: date, by: User, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.by, self.at = today, by, at
        self.before = self.instance.state if self.instance.pk else ""
        self.fields["scheme"].choices = [
            ("", "Aucun en particulier"),
            *((code, typeset(name)) for code, name in schemes),
        ]
        self.fields["state_on"].error_messages |= DAY

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("scheme") and values.get("kind") != "public":
            self.add_error("scheme", "Un dispositif finance une aide publique : changez la nature, ou le dispositif.")
        if values.get("state_on") and values["state_on"] > self.today:
            self.add_error("state_on", "Indiquez une date d’aujourd’hui ou d’avant.")
        proven = values.get("upload") or self.instance.proof_id
        if values.get("state") == "paid" and values.get("kind") != "own" and not proven and "upload" not in self.errors:
            self.add_error("upload", "Joignez ce qui prouve le versement.")
        return values

    def keep_file(self) -> bool:
        """Keep the bytes of the proof, the form being right."""
        upload = self.cleaned_data.get("upload")
        if not upload:
            return True
        try:
            self.instance.proof = store_upload(upload, accepted=ACCEPTED, max_bytes=MAX_BYTES, by=self.by, at=self.at)
        except UploadRefused as refusal:
            self.add_error("upload", str(refusal))
        return not self.errors


class NextVersionForm(forms.Form):
    kind = forms.ChoiceField(label="Version à ouvrir", choices=FinancePlan.Kind.choices)


class FunderLinkForm(forms.Form):
    funder = forms.CharField(
        label="Financeur", max_length=150, error_messages={"required": "Nommez le financeur qui lira le plan."}
    )
    email = forms.EmailField(
        label="Adresse qui reçoit le lien",
        error_messages={
            "required": "Écrivez une adresse.",
            "invalid": "Écrivez une adresse, par exemple a@exemple.fr.",
        },
    )


class ShownForm(forms.Form):
    """The day on which a paper was put up, and its photo."""

    shown_on = forms.DateField(label="Posé le", widget=DayInput(), error_messages=DAY)
    photo = forms.FileField(
        label="Photo", help_text="JPEG ou PNG, 25 Mo au plus",
        error_messages={"required": "Joignez une photo de ce qui est affiché."},
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.at = by, at

    def keep_photo(self) -> StoredFile | None:
        """The photo kept, or None when it is refused: it is said beside its field."""
        upload = self.cleaned_data["photo"]
        try:
            return store_upload(upload, accepted=["jpg", "jpeg", "png"], max_bytes=MAX_BYTES, by=self.by, at=self.at)
        except UploadRefused as refusal:
            self.add_error("photo", str(refusal))
        return None
