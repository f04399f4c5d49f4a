"""A filter by place, typed as a name: what lists of calls and of publications share."""

from functools import cached_property

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy
from django_filters import CharFilter

from .queries_areas import Territory, search_territories, the_one_meant

PLACES = reverse_lazy("place_search", query={"genre": "territoire"})
COMBOBOX = {"data-combobox": "", "data-url": PLACES, "autocomplete": "off"}


def territory_filter() -> CharFilter:
    return CharFilter(method="by_territory", label="Territoire", max_length=100, widget=forms.TextInput(attrs=COMBOBOX))


class NamesATerritory:
    """Mixin of a filter set whose field `territoire` is a name: a region, a département or a commune."""

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


def territory_choices(filters: NamesATerritory, query: QueryDict) -> list[dict[str, str]]:
    """When the name typed means several places: each with the same address narrowed to it."""
    if filters.territory or len(filters.territories) < 2:
        return []
    found = []
    for place in filters.territories:
        address = query.copy()
        address["territoire"] = place.label
        address.pop("page", None)
        found.append({"label": place.label, "detail": place.detail, "url": f"?{address.urlencode()}"})
    return found
