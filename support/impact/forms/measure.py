"""Form of a measure."""

from typing import Any

from django import forms

from portal.core.forms import FrenchDecimalField
from support.agreements.forms import DayInput
from support.plan.models import SupportPlan

from ..models import Measure


class MeasureForm(forms.ModelForm):
    value = FrenchDecimalField(label="Valeur", max_digits=14, decimal_places=2)

    class Meta:
        model = Measure
        fields = ("indicator", "value", "measured_on", "source")
        labels = {"indicator": "Indicateur", "measured_on": "Mesuré le", "source": "Source"}
        help_texts = {"source": "Qui l’a mesuré, comment"}
        widgets = {"measured_on": DayInput()}

    def __init__(self, *args: Any, plan: SupportPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.fields["indicator"].queryset = plan.application.call.indicators.all()
        self.fields["indicator"].label_from_instance = lambda row: (
            f"{row.label} ({row.unit})" if row.unit else row.label
        )
        self.fields["indicator"].empty_label = None

    def clean(self) -> dict:
        values = super().clean()
        known = self.plan.measures.filter(indicator=values.get("indicator"), measured_on=values.get("measured_on"))
        if known.exists():
            self.add_error("measured_on", "Cet indicateur a déjà une valeur à cette date.")
        return values
