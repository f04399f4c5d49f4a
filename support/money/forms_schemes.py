"""The form of a scheme, and the search of the table."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from calls.grants import euros
from portal.core.typography import typeset
from support.agreements.forms import DayInput
from support.plan.forms_sheets import DAY

from .forms_amounts import EuroField, RateField
from .models import FundingScheme


class SchemeForm(forms.ModelForm):
    """One scheme of the table, with the days between which its rules hold."""

    rate = RateField(label="Taux, en pourcentage")
    ceiling = EuroField(label="Plafond, en euros", required=False)
    floor = EuroField(label="Plancher, en euros", required=False)
    public_ceiling = RateField(label="Plafond de toutes les aides publiques, en pourcentage", required=False)
    advance_rate = RateField(label="Avance, en pourcentage de l’aide", zero=True, initial=0)
    interim_ceiling = RateField(label="Plafond avant le solde, en pourcentage", zero=True, initial=80)
    themes = forms.CharField(label="Thèmes", required=False, help_text="Séparés par des virgules")
    departments = forms.CharField(
        label="Départements", required=False, help_text="Codes séparés par des virgules ; rien : partout"
    )

    class Meta:
        model = FundingScheme
        fields = (
            "name", "funder", "code", "base", "rate", "ceiling", "ceiling_on", "floor", "public_ceiling",
            "advance_rate", "interim_ceiling", "themes", "departments", "valid_from", "valid_to", "source", "note",
        )  # fmt: skip
        labels = {
            "name": "Dispositif", "funder": "Financeur", "code": "Code", "base": "Base",
            "ceiling_on": "Ce que limite le plafond", "valid_from": "Règles valables du", "valid_to": "Jusqu’au",
            "source": "Où est-ce écrit ?", "note": "À savoir",
        }  # fmt: skip
        help_texts = {
            "code": "En capitales, par exemple : DETR",
            "source": "Article, règlement ou délibération, par exemple : CGCT, art. R. 2334-27",
        }
        widgets = {"valid_from": DayInput(), "valid_to": DayInput(), "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, said in (
            ("name", "Nommez le dispositif."),
            ("funder", "Nommez le financeur."),
            ("source", "Dites où la règle est écrite : les plans la citent."),
        ):
            self.fields[name].error_messages["required"] = said
        self.fields["valid_from"].error_messages |= DAY
        for name in ("themes", "departments"):
            self.initial[name] = ", ".join(getattr(self.instance, name))

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        ceiling, floor = values.get("ceiling"), values.get("floor")
        if ceiling is not None and floor is not None and floor > ceiling:
            said = f"Le plancher dépasse le plafond : écrivez {euros(ceiling)} au plus."
            self.add_error("floor", typeset(said))
        start, end = values.get("valid_from"), values.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", "La fin doit venir après le début.")
        advance, most = values.get("advance_rate"), values.get("interim_ceiling")
        if advance is not None and most is not None and advance > most:
            self.add_error("advance_rate", "L’avance ne peut pas dépasser le plafond avant le solde.")
        return values

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        if not code.replace("_", "A").isalnum() or not code[:1].isalpha():
            raise forms.ValidationError("Écrivez des lettres et des chiffres, par exemple DETR ou FONDS_VERT.")
        return code

    def clean_themes(self) -> list[str]:
        return _listed(self.cleaned_data["themes"])

    def clean_departments(self) -> list[str]:
        codes = [code.upper() for code in _listed(self.cleaned_data["departments"])]
        if any(not 2 <= len(code) <= 3 for code in codes):
            raise forms.ValidationError("Écrivez des codes de département, par exemple 76 ou 2A.")
        return codes

    def _get_validation_exclusions(self) -> set[str]:
        """What must be unique in an institution is checked, though it is not in the form."""
        return super()._get_validation_exclusions() - {"owner"}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


class SchemeSearch(forms.Form):
    """Theme, département, day: what is wrongly typed filters nothing."""

    theme = forms.CharField(label="Thème", required=False)
    departement = forms.CharField(label="Département", required=False, max_length=3)
    le = forms.DateField(label="Règles valables le", required=False, widget=DayInput())

    def said(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)

    def day(self, today: date) -> date:
        return self.said("le") or today

    def kept(self, rows: QuerySet[FundingScheme]) -> QuerySet[FundingScheme]:
        """The rows of an institution that answer."""
        theme, department = self.said("theme"), (self.said("departement") or "").upper()
        rows = rows.filter(themes__icontains=theme) if theme else rows
        return rows.filter(Q(departments=[]) | Q(departments__contains=[department])) if department else rows
