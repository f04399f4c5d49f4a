"""Forms of what follows an agreement: amendment, framework, linked agreement, end."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from applications.models import DecisionLine

from .forms import BeneficiaryChoice, amount_field, day_field
from .models import Agreement


class AmendmentForm(forms.Form):
    """What changes; the fields of the other kinds are left empty."""

    change = forms.ChoiceField(
        label="Ce qui change",
        choices=Agreement.Change.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui change."},
    )
    months = forms.IntegerField(
        label="Nouvelle durée en mois",
        required=False,
        min_value=1,
        max_value=240,
        help_text="Comptée du premier jour de la convention. Pour un avenant de durée.",
    )
    amount = amount_field()
    lines = BeneficiaryChoice(
        queryset=DecisionLine.objects.none(),
        label="Nouveau périmètre",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Toutes les candidatures que la convention lie désormais. Pour un avenant de périmètre.",
    )

    def __init__(self, *args: Any, lines: QuerySet[DecisionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = lines
        self.fields["amount"].label = "Nouveau montant en euros"
        self.fields["amount"].help_text = "Pour un avenant de montant."


class FrameworkForm(forms.Form):
    """When the framework begins."""

    starts_on = day_field("Premier jour de la convention-cadre", help_text="Elle dure cinq ans au moins.")


class LinkedForm(forms.Form):
    """One subject, some of the communes bound."""

    lines = BeneficiaryChoice(
        queryset=DecisionLine.objects.none(),
        label="Communes concernées",
        help_text="Celles qu’une convention en vigueur lie déjà à cet appel.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une commune."},
    )
    title = forms.CharField(
        label="Objet", max_length=200, help_text="Par exemple : présence des forces de sécurité intérieure"
    )
    starts_on = day_field("Premier jour")
    months = forms.IntegerField(label="Durée en mois", min_value=1, max_value=240)

    def __init__(self, *args: Any, lines: QuerySet[DecisionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = lines


class EndForm(forms.Form):
    """Why an agreement ends; its day when the parties put an end to it."""

    reason = forms.CharField(
        label="Motif",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez le motif : il reste au journal."},
    )
    ended_on = day_field("Date d’effet")

    def __init__(self, *args: Any, dated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not dated:
            del self.fields["ended_on"]
