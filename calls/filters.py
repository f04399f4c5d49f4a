"""Filters of the public list, kept in the address."""

from typing import Any
from unicodedata import normalize

import django_filters
from django.db.models import Max, Min, Q, QuerySet

from portal.core.clock import portal_now

from .models import Call
from .queries import published_calls

STATES = [("ouvert", "Ouverts"), ("a-venir", "À venir"), ("clos", "Clos")]


def themes() -> list[tuple[str, str]]:
    """The themes of the published calls, by name."""
    named = {theme for row in published_calls().values_list("themes", flat=True) for theme in row}
    return [(theme, theme) for theme in sorted(named, key=lambda theme: normalize("NFD", theme))]


class CallFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="Rechercher")
    theme = django_filters.ChoiceFilter(choices=themes, method="by_theme", label="Thème", empty_label="Tous les thèmes")
    etat = django_filters.ChoiceFilter(choices=STATES, method="by_state", label="État", empty_label="Tous les états")

    class Meta:
        model = Call
        fields: list[str] = []

    def search(self, queryset: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        return queryset.filter(
            Q(title__unaccent__icontains=value) | Q(summary__unaccent__icontains=value) | Q(edition__icontains=value)
        )

    def by_theme(self, queryset: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        return queryset.filter(themes__contains=[value])

    def by_state(self, queryset: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        now: Any = portal_now()
        dated = queryset.annotate(first=Min("windows__opens_at"), last=Max("windows__closes_at"))
        return {
            "ouvert": dated.filter(first__lte=now, last__gte=now),
            "a-venir": dated.filter(first__gt=now),
            "clos": dated.filter(last__lt=now),
        }[value]
