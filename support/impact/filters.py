"""Filters of the public library, kept in the address."""

from collections.abc import Mapping, Sequence
from unicodedata import normalize

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from portal.territories.filters import NamesATerritory, territory_filter
from portal.territories.queries_areas import communes_within

from . import words
from .models import Publication
from .queries import between, saying, themes_met


def themes() -> list[tuple[str, str]]:
    """The themes of the published texts, by name."""
    return [(theme, theme) for theme in sorted(themes_met(), key=lambda theme: normalize("NFD", theme).lower())]


def labels(ranges: Mapping[str, tuple[str, int, int | None]]) -> list[tuple[str, str]]:
    return [(code, label) for code, (label, _, _) in ranges.items()]


class PublicationFilter(NamesATerritory, FilterSet):
    """What a visitor looks for."""

    q = CharFilter(method="search", label="Rechercher", max_length=100)
    type = ChoiceFilter(field_name="kind", choices=words.KINDS, label="Type", empty_label="Tous les types")
    theme = ChoiceFilter(choices=themes, method="by_theme", label="Thème", empty_label="Tous les thèmes")
    territoire = territory_filter()
    taille = ChoiceFilter(choices=labels(words.SIZES), method="by_size", label="Commune", empty_label="De toute taille")
    cout = ChoiceFilter(choices=labels(words.COSTS), method="by_cost", label="Coût", empty_label="De tout coût")

    class Meta:
        model = Publication
        fields: Sequence[str] = ()

    def search(self, queryset: QuerySet[Publication], name: str, value: str) -> QuerySet[Publication]:
        return saying(queryset, value)

    def by_theme(self, queryset: QuerySet[Publication], name: str, value: str) -> QuerySet[Publication]:
        return queryset.filter(public_themes__contains=[value])

    def by_territory(self, queryset: QuerySet[Publication], name: str, value: str) -> QuerySet[Publication]:
        """A name that means several places, or none, finds nothing: the page says what to choose."""
        if not self.territory:
            return queryset.none()
        return queryset.filter(commune__in=communes_within(self.territory).order_by().values("pk"))

    def by_size(self, queryset: QuerySet[Publication], name: str, value: str) -> QuerySet[Publication]:
        _, low, high = words.SIZES[value]
        return between(queryset, "inhabitants", low, high)

    def by_cost(self, queryset: QuerySet[Publication], name: str, value: str) -> QuerySet[Publication]:
        _, low, high = words.COSTS[value]
        return between(queryset, "public_cost", low, high)
