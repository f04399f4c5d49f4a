"""Choose an organisation to apply with."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from portal.core.forms import FrenchDecimalField
from portal.core.ui import FieldLook

from ..models import ApplicationMember

SHARE = "La part est un pourcentage, de 0 à 100."
Role = ApplicationMember.Role


class PartnerForm(forms.Form):
    """One organisation among those found, its role, its share."""

    use_required_attribute = False
    who = forms.ChoiceField(
        label="Organisme", widget=forms.RadioSelect, error_messages={"required": "Choisissez un organisme."}
    )
    role = forms.ChoiceField(
        label="Son rôle",
        widget=forms.RadioSelect,
        choices=[
            (Role.MEMBER, "Co-candidat : il s’engage avec vous"),
            (Role.MANDATARY, "Aide à la rédaction : il écrit avec vous, sans être candidat"),
        ],
        initial=Role.MEMBER,
        error_messages={"required": "Choisissez un rôle."},
    )
    share = FrenchDecimalField(
        label="Sa part, en pourcentage",
        help_text="Facultatif. Par exemple 25 ou 33,5.",
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(100),
        error_messages={"min_value": SHARE, "max_value": SHARE, "max_digits": SHARE, "max_whole_digits": SHARE},
    )

    contact = forms.EmailField(
        label="Adresse d’une personne de cet organisme",
        help_text="Seulement si le portail n’y connaît personne : elle reçoit le lien pour confirmer en son nom.",
        required=False,
        error_messages={"invalid": "Écrivez une adresse électronique, par exemple contact@exemple.fr."},
    )

    def __init__(self, found: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = list(found)  # type: ignore[attr-defined]
        self.fields["share"].look = FieldLook(width="short")  # type: ignore[attr-defined]
