"""Questions about territories: finding a commune, reading a figure."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from .models import Commune, FormerName, Intercommunality, PopulationFigure
from .spelling import ARTICLES, Wanted, plain, read_search, without_article
from .words import department_label, intercommunality_name

MAX_RESULTS = 50
SHORTEST = 2


def searchable_communes() -> QuerySet[Commune]:
    """Communes where someone lives and that have a SIREN."""
    return Commune.objects.filter(inhabited=True)


def search_communes(text: str, *, within: QuerySet[Commune] | None = None, limit: int = 20) -> list[Commune]:
    """The communes that `text` may mean, best first, at most `limit` (50): name, part of a name, INSEE or postal code.

    `within` narrows to some communes (a call's perimeter). A département or postal code beside a name tells homonyms
    apart. A former name leads to the commune of today (`formerly` says it): in full beside other names, in part when no
    name contains what was typed; near spellings come last.
    """
    wanted = read_search(text)
    communes = searchable_communes() if within is None else within.filter(inhabited=True)
    communes = communes.select_related("department", "intercommunality")
    limit = min(limit, MAX_RESULTS)
    if len(wanted.name) < SHORTEST:
        few = of_codes(communes, wanted) if wanted.codes else communes.filter(search_name=wanted.name)
        return list(few.order_by("search_name", "insee")[:limit])
    named = containing(communes, wanted.name)
    found = narrowed(named, wanted, limit)
    found += [c for c in formerly(communes, wanted, whole=bool(found)) if c.pk not in {known.pk for known in found}]
    return found[:limit] or narrowed(resembling(communes, wanted.name), wanted, limit)


def narrowed(communes: QuerySet[Commune], wanted: Wanted, limit: int) -> list[Commune]:
    """Those of the codes typed, else all: a wrong number does not hide a right name."""
    return (list(of_codes(communes, wanted)[:limit]) if wanted.codes else []) or list(communes[:limit])


def formerly(communes: QuerySet[Commune], wanted: Wanted, *, whole: bool) -> list[Commune]:
    """Communes that bore this name, or hold one that did; each once, `formerly` being the name met."""
    how = "search_name" if whole else "search_name__contains"
    names = FormerName.objects.filter(**{how: wanted.name}).order_by(Length("search_name"), "name", "pk")
    met: dict[str, str] = {}
    for insee, name in names.values_list("commune_id", "name")[:MAX_RESULTS]:
        met.setdefault(insee, name)
    if not met:
        return []
    rows = {commune.pk: commune for commune in of_codes(communes.filter(pk__in=met), wanted)}
    for insee, commune in rows.items():
        commune.formerly = met[insee]
    return [rows[insee] for insee in met if insee in rows]


def of_codes(communes: QuerySet[Commune], wanted: Wanted) -> QuerySet[Commune]:
    """Each code is an INSEE code, a postal code or, with two or three characters, a département."""
    for code in wanted.codes:
        if len(code) == 5:
            communes = communes.filter(Q(insee=code) | Q(postal_codes__contains=[code]))
        else:
            communes = communes.filter(department_id=code)
    return communes


def containing(communes: QuerySet[Commune], name: str) -> QuerySet[Commune]:
    """Exact names first (their article apart), then beginnings, then words, then parts of words; the shortest first."""
    bare = without_article(name)
    rank = Case(
        When(search_name=name, then=Value(0)),
        When(search_name__in=[bare, *(article + bare for article in ARTICLES)], then=Value(1)),
        When(search_name__startswith=name, then=Value(2)),
        When(search_name__startswith=bare, then=Value(3)),
        When(search_name__contains=f" {bare}", then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
    found = communes.filter(search_name__contains=bare).annotate(rank=rank)
    return found.order_by("rank", Length("search_name"), "search_name", "department_id", "insee")


def resembling(communes: QuerySet[Commune], name: str) -> QuerySet[Commune]:
    """Near spellings, the nearest first: « harfler » finds Harfleur."""
    near = Q(search_name__trigram_similar=name) | Q(search_name__trigram_word_similar=name)
    likeness = TrigramSimilarity("search_name", name)
    return communes.filter(near).annotate(likeness=likeness).order_by("-likeness", "department_id", "insee")


def search_intercommunalities(text: str, *, limit: int = 20) -> list[Intercommunality]:
    """The intercommunalities that `text` may mean: SIREN or words of their full name, the nearest and shortest first.

    They are about 1 255: one query reads them all, names are compared here.
    """
    wanted = plain(text[:100])
    if len(wanted) < SHORTEST:
        return []
    if wanted.replace(" ", "").isdecimal():
        return list(Intercommunality.objects.filter(siren=wanted.replace(" ", "")))
    named = [(plain(intercommunality_name(g.kind, g.name)), plain(g.name), g) for g in Intercommunality.objects.all()]
    found = [(not bare.startswith(wanted), len(full), full, g) for full, bare, g in named if wanted in full]
    return [row[-1] for row in sorted(found, key=lambda row: row[:3])][: min(limit, MAX_RESULTS)]


def population_of(commune: Commune, kind: str, year: int) -> PopulationFigure | None:
    """The figure of this commune, of this kind and year and no other, with its source; None when it is not known."""
    return commune.populations.filter(kind=kind, year=year).first()


def latest_population(commune: Commune, kind: str = PopulationFigure.Kind.MUNICIPAL) -> PopulationFigure | None:
    """The most recent figure of a kind."""
    return commune.populations.filter(kind=kind).order_by("-year").first()


def place_line(commune: Commune) -> str:
    """« 05700, Hautes-Alpes (05), Communauté de communes du Sisteronais-Buëch »: what tells homonyms apart."""
    group = commune.intercommunality
    parts = [
        *commune.postal_codes[:1],
        department_label(commune.department_id, commune.department.name),
        *([intercommunality_name(group.kind, group.name)] if group else []),
        *([f"anciennement {commune.formerly}"] if commune.formerly else []),
    ]
    return ", ".join(parts)
