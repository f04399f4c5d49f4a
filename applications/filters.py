"""Filters and order of the table of communes, kept in the address: `?q=…&etat=…&strate=…&tri=-population`."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django_filters import CharFilter, ChoiceFilter, FilterSet

from calls.models import Stratum, Track, Window
from portal.accounts.models import User
from portal.core.typography import format_date
from portal.territories.models import Commune
from portal.territories.spelling import read_search, without_article

from . import states
from .queries.staff import GROUPS, NOT_BEGUN, in_stratum

SITUATIONS: dict[str, tuple[str, Q]] = {
    "deposee": ("Déposé", GROUPS["deposited"]),
    "a-examiner": ("Déposé, à examiner", GROUPS["to_examine"]),
    "recevable": ("Déposé, recevable", GROUPS["admissible"]),
    "non-recevable": ("Déposé, non recevable", Q(situation=states.INADMISSIBLE)),
    "retenue": ("Lettre d’intention retenue", Q(situation=states.KEPT)),
    "non-retenue": ("Lettre d’intention non retenue", Q(situation=states.NOT_KEPT)),
    "decidee": ("Déposé, décision enregistrée", Q(situation=states.DECIDED)),
    "brouillon": ("Brouillon", GROUPS["draft"]),
    "pas-commence": ("Pas commencé", Q(situation=NOT_BEGUN)),
    "retiree": ("Retirée", GROUPS["withdrawn"]),
}
AWAITING: dict[str, tuple[str, Q]] = {
    "complements": ("Compléments de la commune", Q(completion_due__isnull=False)),
    "avis": ("Avis d’un service", Q(opinions_asked__gt=F("opinions_given"))),
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


def in_waves(windows: Sequence[Window]) -> bool:
    """Whether one stage, or one track of it, is taken in several times."""
    return len({(window.stage, window.track_id) for window in windows}) < len(windows)


def wave_label(window: Window) -> str:
    """« Deuxième relève », or « Vague 2 », with its day."""
    return f"{window.label or f'Vague {window.wave}'}, {format_date(window.closes_at)}"


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
    volet = ChoiceFilter(label="Volet", empty_label="Tous", method="on_track", choices=[])
    vague = ChoiceFilter(label="Vague", empty_label="Toutes", method="in_wave", choices=[])
    charge = ChoiceFilter(label="Instruction", empty_label="Toutes", method="in_hands", choices=[])
    suivi = ChoiceFilter(
        label="En attente de", empty_label="Tout", method="awaiting", choices=[(k, v[0]) for k, v in AWAITING.items()]
    )
    etape = ChoiceFilter(label="Étape", empty_label="La dernière", method="at_stage", choices=states.STAGES)
    tri = ChoiceFilter(
        label="Ordre", method="in_order", widget=forms.HiddenInput, choices=[(key, key) for key in ORDER_WORDS]
    )

    class Meta:
        model = Commune
        fields: Sequence[str] = ()

    def __init__(
        self,
        data: Any,
        queryset: QuerySet[Commune],
        *,
        strata: Sequence[Stratum],
        tracks: Sequence[Track] = (),
        windows: Sequence[Window] = (),
        officers: Sequence[User] = (),
        user: User | None = None,
    ) -> None:
        super().__init__(data, queryset)
        self.user, self.officers = user, {str(officer.uuid): officer for officer in officers}
        people = [(key, str(officer)) for key, officer in self.officers.items() if officer != user]
        self.offer("charge", [("moi", "Par moi"), ("personne", "Par personne"), *people] if officers else [])
        self.strata = {stratum.code: stratum for stratum in strata}
        self.tracks = {track.code: track for track in tracks}
        self.windows = {window.code: window for window in windows} if in_waves(windows) else {}
        self.offer("strate", [(stratum.code, stratum.label) for stratum in strata])
        self.offer("volet", [(track.code, track.label) for track in tracks])
        self.offer("vague", [(code, wave_label(window)) for code, window in self.windows.items()])
        self.offer("etape", states.STAGES if any(window.stage == states.INTENT for window in windows) else [])

    def offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """A filter with its choices; a call that has none does not show it."""
        if choices:
            self.filters[name].extra["choices"] = choices
        else:
            del self.filters[name]

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

    def on_track(self, table: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        return table.filter(file_track=self.tracks[value].pk)

    def in_wave(self, table: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        return table.filter(file_window=self.windows[value].pk)

    def in_hands(self, table: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        """By the person who looks, by nobody, or by one officer."""
        if value == "personne":
            return table.filter(file_officer=None, situation__in=states.DEPOSITED)
        officer = self.user if value == "moi" else self.officers[value]
        return table.filter(file_officer=officer.pk if officer else None)

    def awaiting(self, table: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        return table.filter(AWAITING[value][1])

    def at_stage(self, table: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        """The table itself was made for this stage: see `communes_table`."""
        return table

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
        narrowing = ("q", "etat", "strate", "volet", "vague", "charge", "suivi")
        return any(self.form.cleaned_data.get(name) for name in narrowing)

    def rows(self) -> QuerySet[Commune]:
        """The filtered rows in their order; names settle what is equal."""
        key = F(ORDERS[self.order.removeprefix("-")])
        descending = self.order.startswith("-")
        return self.qs.order_by(OrderBy(key, descending=descending, nulls_last=True), "search_name", "insee")
