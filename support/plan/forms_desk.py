"""Filters of the adviser's desk, and the ceiling of an adviser."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from portal.accounts.models import User

from . import states
from .models import SupportPlan
from .queries import silent


class DeskFilter(FilterSet):
    """`?q=…&suivi=moi&quoi=retard`."""

    q = CharFilter(label="Chercher une commune ou un projet", method="search")
    suivi = ChoiceFilter(
        label="Suivi", choices=[("moi", "par moi"), ("personne", "par personne")], method="by_whom", empty_label="Tous"
    )
    quoi = ChoiceFilter(
        label="À regarder", method="to_see", empty_label="Tout",
        choices=[
            ("retard", "en retard"), ("silence", "sans nouvelle depuis quatre semaines"), ("suspendus", "suspendus"),
            ("termines", "terminés"),
        ],
    )  # fmt: skip

    class Meta:
        model = SupportPlan
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(application__lead__name__icontains=value) | Q(application__title__icontains=value))

    def by_whom(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(adviser=self.user if value == "moi" else None)

    def to_see(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        wanted = {
            "retard": Q(late__gt=0, state=states.ACTIVE),
            "silence": silent(self.today),
            "suspendus": Q(state=states.PAUSED),
            "termines": Q(state=states.ENDED),
        }
        return rows.filter(wanted[value])


class CeilingForm(forms.Form):
    days = forms.IntegerField(
        label="Jours que cette personne peut donner", min_value=1, max_value=2000,
        error_messages={
            "required": "Écrivez un nombre de jours.", "invalid": "Écrivez un nombre entier de jours.",
            "min_value": "Écrivez au moins un jour.", "max_value": "Deux mille jours au plus.",
        },
    )  # fmt: skip
