"""What an act of a council says: its assembly, its day, its number, its transmission."""

from datetime import date
from typing import Any

from django import forms

from portal.accounts.models import Organisation
from portal.core.typography import typeset
from portal.core.ui import FieldLook

from ..models import Application, CouncilResolution
from ..queries.resolutions import bodies_of
from ..services.resolutions import Act
from .pieces import day_typed

ANOTHER = "autre"
Kind = Organisation.Kind
COUNCILS = {Kind.COMMUNE: "Conseil municipal", Kind.INTERCOMMUNALITY: "Conseil communautaire"}


class ResolutionForm(forms.Form):
    """As typed, kept when something is wrong; nothing of it is needed to attach the file."""

    use_required_attribute = False
    organisation = forms.ChoiceField(
        label="Acte de", widget=forms.RadioSelect, error_messages={"required": "Dites de qui est cet acte."}
    )
    assembly = forms.CharField(
        label="Assemblée ou autorité",
        max_length=150,
        help_text=typeset("Par exemple : conseil municipal, bureau communautaire ; ou le maire, s’il en a délégation."),
        error_messages={"required": "Écrivez qui a pris cet acte."},
    )
    adopted_on = forms.CharField(
        label="Date de la séance", help_text="Jour/mois/année.", error_messages={"required": "Écrivez la date."}
    )
    number = forms.CharField(
        label="Numéro de l’acte", max_length=40, error_messages={"required": "Écrivez le numéro que porte l’acte."}
    )
    transmitted_on = forms.CharField(
        label="Transmis à la préfecture le",
        required=False,
        help_text="La date de l’accusé de réception, qui le rend exécutoire.",
    )

    def __init__(self, application: Application, told: list[CouncilResolution], *args: Any, **kwargs: Any) -> None:
        self.bodies = {str(body.pk): body for body in bodies_of(application)}
        super().__init__(*args, initial=proposed(list(self.bodies.values()), told), **kwargs)
        named = [(key, body.name) for key, body in self.bodies.items()]
        self.fields["organisation"].choices = [*named, (ANOTHER, "Un autre organisme")]
        for name in ("adopted_on", "transmitted_on", "number"):
            self.fields[name].look = FieldLook(width="short")

    def clean_adopted_on(self) -> date:
        return day_typed(self.cleaned_data["adopted_on"])

    def clean_transmitted_on(self) -> date | None:
        typed = self.cleaned_data["transmitted_on"]
        return day_typed(typed) if typed else None

    @property
    def act(self) -> Act:
        told = self.cleaned_data
        body = self.bodies.get(told["organisation"])
        return Act(body, told["assembly"], told["number"], told["adopted_on"], told["transmitted_on"])


def proposed(bodies: list[Organisation], told: list[CouncilResolution]) -> dict[str, str]:
    """The first applicant whose act is not told, with its council; else the act told, to correct."""
    known = {act.organisation_id for act in told}
    awaited = next((body for body in bodies if body.pk not in known), None)
    if awaited and (None not in known or len(bodies) > 1):
        return {"organisation": str(awaited.pk), "assembly": COUNCILS.get(awaited.kind, "")}
    act = told[0]
    return {
        "organisation": str(act.organisation_id or ANOTHER),
        "assembly": act.assembly,
        "number": act.number,
        "adopted_on": f"{act.adopted_on:%d/%m/%Y}",
        "transmitted_on": f"{act.transmitted_on:%d/%m/%Y}" if act.transmitted_on else "",
    }
