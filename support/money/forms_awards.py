"""Forms of an aid granted: what was notified, its start, its lapse, what comes back."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from applications.funding.payments import PaymentTerms, final_amount
from applications.funding.plans import ZERO
from calls.grants import euros
from portal.core.typography import format_plain, typeset
from support.agreements.forms import DayInput
from support.plan.forms_sheets import DAY
from support.plan.models import SupportPlan

from .forms_amounts import EuroField, RateField
from .models import Award, FundingRequest

OTHER = "autre"


class AwardForm(forms.ModelForm):
    """An aid notified. `sources`: (code, funder) of what the call itself pays; `left`: what it may still give here."""

    source = forms.ChoiceField(label="Qui donne ?")
    funder = forms.CharField(label="Financeur", required=False, max_length=100)
    amount = EuroField(label="Montant notifié, en euros")
    eligible = EuroField(label="Dépense éligible prévue, en euros")
    rate = RateField(label="Taux, en pourcentage de la dépense éligible")
    advance_rate = RateField(
        label="Avance, en pourcentage de l’aide", zero=True, initial=30, help_text="0 : pas d’avance"
    )
    interim_ceiling = RateField(label="Plafond avant le solde, en pourcentage de l’aide", zero=True, initial=80)

    class Meta:
        model = Award
        fields = (
            "source", "funder", "request", "scheme", "act_number", "granted_on", "eligible", "rate", "amount",
            "advance_rate", "interim_ceiling", "start_by", "finish_by",
        )  # fmt: skip
        labels = {
            "request": "Demande suivie",
            "scheme": "Dispositif",
            "act_number": "Numéro de l’acte",
            "granted_on": "Date de l’acte",
            "start_by": "À commencer avant le",
            "finish_by": "Solde à demander avant le",
        }
        help_texts = {
            "scheme": "Par exemple : DETR",
            "act_number": "Arrêté, délibération ou convention",
            "start_by": "Au-delà, l’aide peut devenir caduque",
        }
        widgets = dict.fromkeys(("granted_on", "start_by", "finish_by"), DayInput())

    def __init__(
        self,
        *args: Any,
        plan: SupportPlan,
        sources: Sequence[tuple[str, str]],
        left: Decimal | None,
        today: date,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.sources, self.left, self.today = dict(sources), left, today
        self.instance.plan = plan
        self.fields["source"].choices = [
            *((code, typeset(name)) for code, name in sources),
            (OTHER, "Un autre financeur"),
        ]
        open_requests = plan.funding_requests.filter(award=None, status=FundingRequest.Status.GRANTED)
        self.fields["request"].queryset = open_requests
        self.fields["request"].required = False
        self.fields["request"].empty_label = "Aucune en particulier"
        for name in ("granted_on", "start_by", "finish_by"):
            self.fields[name].error_messages |= DAY
        self.fields["act_number"].error_messages["required"] = "Indiquez l’acte qui accorde l’aide."

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self._name_the_funder(values)
        self._check_amount(values)
        self._check_days(values)
        advance, ceiling = values.get("advance_rate"), values.get("interim_ceiling")
        if advance is not None and ceiling is not None and advance > ceiling:
            self.add_error("advance_rate", "L’avance ne peut pas dépasser le plafond avant le solde.")
        return values

    def _name_the_funder(self, values: dict[str, Any]) -> None:
        source = values.get("source")
        self.instance.of_call = source in self.sources
        self.instance.code = source if source in self.sources and source != "call" else ""
        if self.instance.of_call:
            values["funder"], values["request"] = self.sources[source][:100], None
        elif values.get("request"):
            values["funder"] = values["funder"] or values["request"].funder
        elif source and not values.get("funder"):
            self.add_error("funder", "Écrivez le nom du financeur, par exemple : Région Normandie.")

    def _check_amount(self, values: dict[str, Any]) -> None:
        """No more than the rate gives of the cost, nor than the call decided."""
        amount, eligible, rate = values.get("amount"), values.get("eligible"), values.get("rate")
        if amount is None or eligible is None or rate is None:
            return
        most = final_amount(PaymentTerms(eligible, rate), eligible)
        if amount > most:
            said = f"À {format_plain(rate)} % de {euros(eligible)}, l’aide est de {euros(most)} au plus."
            self.add_error("amount", typeset(said))
        elif self.instance.of_call and self.left is not None and amount > self.left:
            said = f"L’appel a décidé moins : il reste {euros(max(self.left, ZERO))} à suivre pour cette candidature."
            self.add_error("amount", typeset(said))

    def _check_days(self, values: dict[str, Any]) -> None:
        granted, start, finish = (values.get(name) for name in ("granted_on", "start_by", "finish_by"))
        if granted and granted > self.today:
            self.add_error("granted_on", "L’acte est pris : indiquez une date d’aujourd’hui ou d’avant.")
        if start and granted and start < granted:
            self.add_error("start_by", "Cette date doit venir après l’acte.")
        if finish and (start or granted) and finish < (start or granted):
            self.add_error("finish_by", "Le solde se demande après le commencement.")


class TermForm(forms.ModelForm):
    """Once payments are asked, only the delays may be put off."""

    class Meta:
        model = Award
        fields = ("start_by", "finish_by")
        labels = {"start_by": "À commencer avant le", "finish_by": "Solde à demander avant le"}
        widgets = dict.fromkeys(("start_by", "finish_by"), DayInput())


class StartForm(forms.Form):
    started_on = forms.DateField(label="Commencé le", widget=DayInput(), error_messages=DAY)


class LapseForm(forms.Form):
    spent = EuroField(
        label="Dépenses éligibles justifiées à ce jour, en euros", zero=True,
        help_text="Ce qui est versé au-delà sera à reverser",
    )  # fmt: skip
    reason = forms.CharField(
        label="Motif",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez le motif : il reste à l’historique."},
    )


class RecoverForm(forms.Form):
    number = forms.CharField(
        label="Numéro du titre de recette", max_length=60, error_messages={"required": "Indiquez le numéro du titre."}
    )
    recovered_on = forms.DateField(label="Reversé le", widget=DayInput(), error_messages=DAY)
