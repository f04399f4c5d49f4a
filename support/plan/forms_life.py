"""What each act on a support asks."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from portal.accounts.models import User
from portal.core.workflow import Transition
from support.agreements.forms import DayInput


class AdviserChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return f"{user.role_title} ({user.email})" if user.role_title else user.email


class LifeForm(forms.Form):
    """Pause, resumption, extension, hand-over, end: the fields of one act."""

    ends_on = forms.DateField(
        label="Nouvelle fin", widget=DayInput(),
        error_messages={"required": "Indiquez la date.", "invalid": "Écrivez une date, par exemple 07/06/2027."},
    )  # fmt: skip
    adviser = AdviserChoice(
        queryset=User.objects.none(), label="Qui prend la suite ?", empty_label=None,
        error_messages={"required": "Choisissez une personne de l’équipe."},
    )  # fmt: skip
    note = forms.CharField(
        label="Ce qu’il faut savoir", help_text="Noté au journal interne de chaque projet passé", required=False,
        max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    everywhere = forms.BooleanField(
        label="Passer aussi tous les autres projets que cette personne suit dans cet appel", required=False
    )
    summary = forms.CharField(
        label="Ce que l’accompagnement a permis", max_length=6000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Ces lignes ouvrent le bilan ; les livrables, les actions et les financements le complètent.",
        error_messages={"required": "Écrivez quelques lignes : elles ouvrent le bilan."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Motif", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="La commune le lira.",
        error_messages={"required": "Écrivez le motif : la commune le lira."},
    )  # fmt: skip

    ASKED = {
        "pause": ("reason",),
        "resume": (),
        "extend": ("ends_on", "reason"),
        "hand_over": ("adviser", "note", "everywhere", "reason"),
        "end": ("summary", "reason"),
    }

    def __init__(
        self, *args: Any, transition: Transition, advisers: QuerySet[User], ends_on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adviser"].queryset = advisers
        self.fields["ends_on"].initial = ends_on
        for name in set(self.fields) - set(self.ASKED[transition.name]):
            del self.fields[name]
