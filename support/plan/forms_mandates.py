"""Forms of the renewal of mandates, and of the site of a support."""

from typing import Any

from django import forms

from portal.territories.models import Commune
from support.agreements.forms import DayInput

from .forms_sheets import DAY
from .forms_workshops import PlanForm
from .models import Mandate, Renewal, Site


class RenewalForm(forms.ModelForm):
    due_on = forms.DateField(label="Réponse attendue pour le", widget=DayInput(), error_messages=DAY)

    class Meta:
        model = Renewal
        fields = ("reason", "due_on", "needs_resolution")
        error_messages = {"reason": {"required": "Dites pourquoi : les communes le liront."}}


class MandateForm(forms.ModelForm):
    act_on = forms.DateField(label="Date de la délibération", widget=DayInput(), required=False, error_messages=DAY)

    class Meta:
        model = Mandate
        fields = ("representative", "referent", "act_number", "act_on")
        help_texts = {"representative": "Par exemple : le maire", "referent": "Par exemple : adjointe à l’urbanisme"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, said in (
            ("representative", "Écrivez une qualité, par exemple : la maire."),
            ("referent", "Écrivez une fonction, par exemple : adjoint aux travaux."),
        ):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = said
        if not self.instance.renewal.needs_resolution:
            del self.fields["act_number"], self.fields["act_on"]


class SiteForm(PlanForm):
    codes = forms.CharField(
        label="Communes du site", required=False, help_text="Un code INSEE par ligne",
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    class Meta:
        model = Site
        fields = ("kind", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].initial = "\n".join(self.instance.communes)

    def clean_codes(self) -> list[str]:
        """Only communes that exist."""
        codes = self.cleaned_data["codes"].split()
        known = set(Commune.objects.filter(insee__in=codes).values_list("insee", flat=True))
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise forms.ValidationError(f"Ces codes ne sont pas ceux de communes : {', '.join(unknown)}.")
        self.instance.communes = codes
        return codes
