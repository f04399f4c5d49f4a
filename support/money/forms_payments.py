"""Forms of a request for payment: ask with its proofs, return, certify, record."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms

from applications.funding.payments import PaymentTerms, due
from portal.accounts.models import User
from portal.core.models import StoredFile
from portal.core.uploads import UploadRefused, store_upload
from support.agreements.forms import DayInput
from support.plan.forms_sheets import ACCEPTED, DAY, FILE_HINT, MAX_BYTES

from .forms_amounts import EuroField
from .models import Payment, PaymentProof

Kind, Proof = Payment.Kind, PaymentProof.Kind
ASKED_PROOFS: dict[str, tuple[str, ...]] = {
    Kind.ADVANCE: (),
    Kind.INTERIM: (Proof.INVOICES,),
    Kind.BALANCE: (Proof.INVOICES, Proof.COMPLETION),
}


class PaymentForm(forms.ModelForm):
    """What the commune asks. Without an amount, the most that is due; a balance is always computed."""

    spent = EuroField(
        label="Dépenses éligibles payées depuis le début, en euros", zero=True, required=False,
        help_text="Pour un acompte ou le solde : le total de l’état visé par le comptable",
    )  # fmt: skip
    amount = EuroField(
        label="Montant demandé, en euros", required=False, zero=True,
        help_text="Laissez vide pour demander tout ce qui est dû ; le solde se calcule",
    )  # fmt: skip

    class Meta:
        model = Payment
        fields = ("kind", "spent", "amount", "note")
        labels = {"kind": "Que demandez-vous ?", "note": "À savoir"}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, terms: PaymentTerms, already: Decimal, by: User, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.terms, self.already, self.by, self.at = terms, already, by, at
        self.proofs: dict[str, StoredFile] = {}
        kinds = Kind.choices if not already and terms.advance_rate else Kind.choices[1:]
        self.fields["kind"].choices = [(code, label.capitalize()) for code, label in kinds]
        for kind, label in Proof.choices:
            name = f"proof_{kind}"
            self.fields[name] = forms.FileField(label=label.capitalize(), required=False, help_text=FILE_HINT)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        kind, spent = values.get("kind"), values.get("spent")
        if not kind:
            return values
        for proof in ASKED_PROOFS[kind]:
            if not values.get(f"proof_{proof}") and f"proof_{proof}" not in self.errors:
                words = f"Joignez cette pièce : {'l’acompte' if kind == Kind.INTERIM else 'le solde'} la demande."
                self.add_error(f"proof_{proof}", words)
        if kind == Kind.ADVANCE:
            values["spent"] = Decimal(0)
        elif not spent and "spent" not in self.errors:
            self.add_error("spent", "Écrivez le total des dépenses payées : l’aide se calcule dessus.")
        if not self.errors:
            self._check_amount(values)
        return values

    def _check_amount(self, values: dict[str, Any]) -> None:
        """Beside its field, the most that is due and why."""
        kind, amount = values["kind"], values.get("amount")
        most = due(kind, self.terms, self.already, values["spent"])
        if kind == Kind.BALANCE or amount is None:
            values["amount"] = most.amount
        elif amount > most.amount:
            self.add_error("amount", most.sentence)
        if not self.errors and not values["amount"] and kind != Kind.BALANCE:
            self.add_error("amount" if amount is not None else "spent", most.sentence)

    def keep_files(self) -> bool:
        """Keep the bytes of each proof, the form being right; whether all were taken."""
        for kind in Proof.values:
            upload = self.cleaned_data.get(f"proof_{kind}")
            if not upload:
                continue
            try:
                self.proofs[kind] = store_upload(upload, accepted=ACCEPTED, max_bytes=MAX_BYTES, by=self.by, at=self.at)
            except UploadRefused as refusal:
                self.add_error(f"proof_{kind}", str(refusal))
        return not self.errors


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="Ce qui manque, ou ce qui est à corriger",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites à la commune ce qu’elle doit reprendre."},
    )


class CertifyForm(forms.Form):
    kept = EuroField(
        label="Dépenses retenues, en euros", zero=True,
        help_text="Celles qui sont éligibles et justifiées, jamais plus que ce que la commune présente",
    )  # fmt: skip


class PaidForm(forms.Form):
    paid_on = forms.DateField(label="Versé le", widget=DayInput(), error_messages=DAY)
    reference = forms.CharField(
        label="Numéro du mandat", max_length=60, error_messages={"required": "Indiquez le numéro du mandat."}
    )
