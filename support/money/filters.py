"""The search of the board of aids."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from .models import FundingRequest
from .queries import to_ask


class FundingFilter(FilterSet):
    """`?q=…&etat=…&echeance=1`."""

    q = CharFilter(label="Chercher une aide", method="search")
    etat = ChoiceFilter(field_name="status", label="État", choices=FundingRequest.Status.choices, empty_label="Tous")
    echeance = ChoiceFilter(
        label="Échéance", choices=[("1", "à demander")], method="only_to_ask", empty_label="Indifférente"
    )

    class Meta:
        model = FundingRequest
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        commune = Q(plan__application__lead__name__icontains=value)
        return rows.filter(
            Q(funder__icontains=value) | Q(scheme__icontains=value) | Q(action__title__icontains=value) | commune
        )

    def only_to_ask(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return to_ask(rows, self.today)
