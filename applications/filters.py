"""Filters and order of the table of communes, kept in the address: `?q=…&etat=…&strate=…&tri=-population`."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django_filters import CharFilter, ChoiceFilter, FilterSet

from calls.models import Stratum
from portal.territories.models import Commune
from portal.territories.spelling import read_search, without_article

from . import states
from .queries_staff import GROUPS, NOT_BEGUN, in_stratum

SITUATIONS: dict[str, tuple[str, Q]] = {
    "deposee": ("Déposé", GROUPS["deposited"]),
    "a-examiner": ("Déposé, à examiner", GROUPS["to_examine"]),
    "recevable": ("Déposé, recevable", GROUPS["admissible"]),
    "non-recevable": ("Déposé, non recevable", Q(situation=states.INADMISSIBLE)),
    "decidee": ("Déposé, décision enregistrée", Q(situation=states.DECIDED)),
    "brouillon": ("Brouillon", GROUPS["draft"]),
    "pas-commence": ("Pas commencé", Q(situation=NOT_BEGUN)),
    "retiree": ("Retirée", GROUPS["withdrawn"]),
}
ORDERS: dict[str, str] = {
    "commune": "search_name",
    "population": "population",
    "etat": "situation",
    "activite": "activity_at",
}
DEFAULT_ORDER = "-activite"
ORDER_WORDS: dict[str, str] = {
    "-activite": "les plus récentes d’abord",
    "activite": "les plus anciennes d’abord",
    "commune": "par nom",
    "-commune": "par nom, de Z à A",
    "population": "les moins peuplées d’abord",
    "-population": "les plus peuplées d’abord",
    "etat": "par état",
    "-etat": "par état, en sens inverse",
}


class CommuneFilter(FilterSet):
    """What the officer looks for among all communes invited."""

    q = CharFilter(label="Commune", method="search")
    etat = ChoiceFilter(
        label="État",
        empty_label="Tous",
        method="in_situation",
        choices=[(code, label) for code, (label, _) in SITUATIONS.items()],
    )
    strate = ChoiceFilter(label="Strate", empty_label="Toutes", method="of_stratum", choices=[])
    tri = ChoiceFilter(
        label="Ordre", method="in_order", widget=forms.HiddenInput, choices=[(key, key) for key in ORDER_WORDS]
    )

    class Meta:
        model = Commune
        fields: Sequence[str] = ()

    def __init__(self, data: Any, queryset: QuerySet[Commune], *, strata: Sequence[Stratum]) -> None:
        super().__init__(data, queryset)
        self.strata = {stratum.code: stratum for stratum in strata}
        if strata:
            self.filters["strate"].extra["choices"] = [(stratum.code, stratum.label) for stratum in strata]
        else:
            del self.filters["strate"]

    def search(self, table: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        """By name whatever its accents and hyphens, by INSEE or by postal code."""
        wanted = read_search(value)
        for code in wanted.codes:
            table = table.filter(Q(insee=code) | Q(postal_codes__contains=[code]))
        bare = without_article(wanted.name)
        if not bare:
            return table if wanted.codes else table.none()
        return table.filter(Q(search_name__contains=bare) | Q(search_name__trigram_word_similar=bare))

    def in_situation(self, table: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        return table.filter(SITUATIONS[value][1])

    def of_stratum(self, table: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        return table.filter(in_stratum(self.strata[value]))

    def in_order(self, table: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        return table

    @property
    def order(self) -> str:
        """The order asked for, or the default one."""
        self.form.is_valid()
        return self.form.cleaned_data.get("tri") or DEFAULT_ORDER

    @property
    def narrows(self) -> bool:
        """Whether the address asks for some communes only."""
        self.form.is_valid()
        return any(self.form.cleaned_data.get(name) for name in ("q", "etat", "strate"))

    def rows(self) -> QuerySet[Commune]:
        """The filtered rows in their order; names settle what is equal."""
        key = F(ORDERS[self.order.removeprefix("-")])
        descending = self.order.startswith("-")
        return self.qs.order_by(OrderBy(key, descending=descending, nulls_last=True), "search_name", "insee")
