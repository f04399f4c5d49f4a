"""Filters of the public list, kept in the address: `?q=…&territoire=…&theme=…&etat=…&candidat=…`."""

from collections.abc import Sequence
from unicodedata import normalize

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from portal.territories.filters import NamesATerritory, territory_filter

from .models import Call, Enquiry
from .queries import published_calls
from .queries_enquiries import answers_saying
from .queries_public import in_public_order, inviting, saying, values_of
from .words import APPLICANT_KINDS, PHASES


def themes() -> list[tuple[str, str]]:
    """The themes of the published calls, by name."""
    named = values_of(published_calls(), "themes")
    return [(theme, theme) for theme in sorted(named, key=lambda theme: normalize("NFD", theme))]


def applicants() -> list[tuple[str, str]]:
    """The kinds of applicants that some published call accepts, in the order of the words."""
    accepted = values_of(published_calls(), "applicant_kinds")
    return [(code, label) for code, label in APPLICANT_KINDS.items() if code in accepted]


def phases() -> list[tuple[str, str]]:
    return [(code, label) for code, (_, label) in PHASES.items()]


class CallFilter(NamesATerritory, FilterSet):
    """What a visitor looks for. Its queryset bears the phase (`with_phase`)."""

    q = CharFilter(method="search", label="Rechercher", max_length=100)
    territoire = territory_filter()
    theme = ChoiceFilter(choices=themes, method="by_theme", label="Thème", empty_label="Tous les thèmes")
    etat = ChoiceFilter(choices=phases, method="by_phase", label="État", empty_label="Tous les états")
    candidat = ChoiceFilter(choices=applicants, method="by_applicant", label="Candidat", empty_label="Tous")

    class Meta:
        model = Call
        fields: Sequence[str] = ()

    def search(self, queryset: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        return saying(queryset, value)

    def by_territory(self, queryset: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        """A name that means several places, or none, finds nothing: the page says what to choose."""
        return queryset.filter(inviting(self.territory)) if self.territory else queryset.none()

    def by_theme(self, queryset: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        return queryset.filter(themes__contains=[value])

    def by_phase(self, queryset: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        return queryset.filter(phase=PHASES[value][0])

    def by_applicant(self, queryset: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        return queryset.filter(applicant_kinds__contains=[value])

    def rows(self) -> QuerySet[Call]:
        """The filtered calls in the public order."""
        return in_public_order(self.qs)


class AnswerFilter(FilterSet):
    """What a visitor looks for among the answers of a call."""

    q = CharFilter(method="search", label="Rechercher", max_length=100)

    class Meta:
        model = Enquiry
        fields: Sequence[str] = ()

    def search(self, queryset: QuerySet[Enquiry], name: str, value: str) -> QuerySet[Enquiry]:
        return answers_saying(queryset, value)
