"""What a call names among the reference data, and no file gave yet: cantons, massifs… and attributes of communes."""

from collections.abc import Iterator

from portal.territories.queries_facts import known_attributes, known_groupings

from .definition.choices import PLACES
from .definition.eligibility import PlaceRule
from .definition.identity import GROUPINGS, Place
from .definition.schema import CallDocument
from .definition.tree import Path, Problem

MOST = 8  # the known ones that a sentence lists


def not_known(document: CallDocument) -> list[Problem]:
    """Advice, each with what is known instead: a rule on what nobody imported answers « à vérifier » for everyone.

    No query for a call that names nothing of the kind, two for the others.
    """
    return [*_groupings(document), *_attributes(document)]


def _places(document: CallDocument) -> Iterator[tuple[Path, Place]]:
    yield ("perimeter",), document.perimeter
    for rank, stratum in enumerate(document.strata):
        if stratum.perimeter:
            yield ("strata", rank, "perimeter"), stratum.perimeter
    for rank, rule in enumerate(document.eligibility):
        if isinstance(rule, PlaceRule):
            yield ("eligibility", rank, "place"), rule.place


def _groupings(document: CallDocument) -> Iterator[Problem]:
    named = [(path, place) for path, place in _places(document) if place.kind in GROUPINGS]
    known = known_groupings() if named else {}
    for path, place in named:
        there = dict(known.get(GROUPINGS[place.kind], ()))
        for code in place.codes:
            if code not in there:
                listed = [f"{key} ({name})" for key, name in there.items()]
                said = f"aucun fichier n’a donné le code « {code} » ({PLACES[place.kind]})"
                yield Problem(f"{said}{_instead(listed)}.", (*path, "codes"))


def _attributes(document: CallDocument) -> Iterator[Problem]:
    rules = [(("eligibility", n), rule) for n, rule in enumerate(document.eligibility)]
    strata = [(("strata", n), stratum) for n, stratum in enumerate(document.strata)]
    named = [(path, one) for path, one in [*rules, *strata] if getattr(one, "attribute", None)]
    known = known_attributes() if named else {}
    for path, one in named:
        if one.attribute not in known:
            said = f"aucun fichier n’a donné la caractéristique « {one.attribute} »"
            yield Problem(f"{said}{_instead(list(known))}.", (*path, "attribute"))
        for value in one.values:
            if value not in known.get(one.attribute, [value]):
                said = f"aucune commune n’a la valeur « {value} » pour « {one.attribute} »"
                yield Problem(f"{said}{_instead(known[one.attribute])}.", (*path, "values"))


def _instead(known: list[str]) -> str:
    if not known:
        return " ; l’administration de la plateforme l’importe"
    more = "…" if len(known) > MOST else ""
    return f" ; connus : {', '.join(known[:MOST])}{more}"
