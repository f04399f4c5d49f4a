"""Filters of the public list, kept in the address: `?q=…&territoire=…&theme=…&etat=…&candidat=…`."""

from collections.abc import Sequence
from functools import cached_property
from unicodedata import normalize

from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django_filters import CharFilter, ChoiceFilter, FilterSet

from portal.territories.queries_areas import Territory, search_territories, the_one_meant

from .models import Call, Enquiry
from .queries import published_calls
from .queries_enquiries import answers_saying
from .queries_public import in_public_order, inviting, saying, values_of
from .words import APPLICANT_KINDS, PHASES

PLACES = reverse_lazy("place_search", query={"genre": "territoire"})
COMBOBOX = {"data-combobox": "", "data-url": PLACES, "autocomplete": "off"}


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


class CallFilter(FilterSet):
    """What a visitor looks for. Its queryset bears the phase (`with_phase`)."""

    q = CharFilter(method="search", label="Rechercher", max_length=100)
    territoire = CharFilter(
        method="by_territory", label="Territoire", max_length=100, widget=forms.TextInput(attrs=COMBOBOX)
    )
    theme = ChoiceFilter(choices=themes, method="by_theme", label="Thème", empty_label="Tous les thèmes")
    etat = ChoiceFilter(choices=phases, method="by_phase", label="État", empty_label="Tous les états")
    candidat = ChoiceFilter(choices=applicants, method="by_applicant", label="Candidat", empty_label="Tous")

    class Meta:
        model = Call
        fields: Sequence[str] = ()

    @cached_property
    def territories(self) -> list[Territory]:
        """The places that the text of the territory may mean."""
        self.form.is_valid()
        text = self.form.cleaned_data.get("territoire") or ""
        return search_territories(text) if text else []

    @cached_property
    def territory(self) -> Territory | None:
        found = self.territories
        return the_one_meant(self.form.cleaned_data.get("territoire") or "", found)

    @property
    def unknown_place(self) -> bool:
        return bool(self.form.cleaned_data.get("territoire")) and not self.territories

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
