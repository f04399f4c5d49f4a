"""Forms of the logbook and of the deliverables."""

from typing import Any

from django import forms

from portal.accounts.models import User
from portal.core.forms import FrenchDecimalField
from support.agreements.forms import DayInput

from .forms_exchanges import WithFile
from .models import LogEntry


class LogForm(WithFile, forms.ModelForm):
    days = FrenchDecimalField(
        label="Temps passé, en jours", help_text="Par exemple 0,5", min_value=0, max_digits=4, decimal_places=2
    )

    class Meta:
        model = LogEntry
        fields = ("kind", "happened_on", "title", "text", "visibility", "days")
        labels = {
            "kind": "Nature",
            "happened_on": "Date",
            "title": "En une ligne",
            "text": "Ce qui s’est dit",
            "visibility": "Qui le lit ?",
        }
        help_texts = {"title": "Par exemple : repérage de la traversée avec le Département"}
        widgets = {"happened_on": DayInput(), "text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {
            "title": {"required": "Écrivez une ligne : elle dira à la commune ce qui s’est passé."},
            "happened_on": {"required": "Indiquez la date."},
        }

    def told(self) -> dict[str, Any]:
        """What `write_log` asks; the file has been kept before."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"file": self.kept}


class DoneForm(forms.Form):
    done_on = forms.DateField(
        label="Remis le",
        widget=DayInput(),
        error_messages={"required": "Indiquez la date.", "invalid": "Écrivez une date, par exemple 07/06/2027."},
    )


class AdviserForm(forms.Form):
    adviser = forms.ModelChoiceField(queryset=User.objects.none(), label="Référent", empty_label=None)
