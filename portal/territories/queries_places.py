"""One search of places for every field that proposes some: communes, intercommunalities, départements and régions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .models import Commune, Intercommunality
from .queries import search_communes, search_intercommunalities
from .queries_areas import Territory, search_territories
from .words import department_label, intercommunality_name


@dataclass(frozen=True)
class Place:
    """A place proposed: its code (INSEE, SIREN, number), its name, and what tells it from the others of that name."""

    kind: str
    code: str
    label: str
    detail: str


def search_places(text: str, kinds: Iterable[str], *, limit: int = 10) -> list[Place]:
    """The places of these kinds (of `KINDS`; any other is ignored) that `text` may mean, at most `limit` in all.

    The kinds share the places equally, the first ones taking what the others leave.
    """
    found = [KINDS[kind](text, limit) for kind in dict.fromkeys(kinds) if kind in KINDS]
    share = limit // max(len(found), 1)
    left = limit - sum(min(len(places), share) for places in found)
    chosen: list[Place] = []
    for places in found:
        more = min(left, max(len(places) - share, 0))
        left -= more
        chosen += places[: share + more]
    return chosen[:limit]


def _communes(text: str, limit: int) -> list[Place]:
    return [_commune(commune) for commune in search_communes(text, limit=limit)]


def _commune(commune: Commune) -> Place:
    """Homonyms are told apart by postal code, name and number of the département; a former name is said."""
    place = department_label(commune.department_id, commune.department.name)
    postal = f"{commune.postal_codes[0]}, " if commune.postal_codes else ""
    once = f", anciennement {commune.formerly}" if commune.formerly else ""
    return Place("commune", commune.insee, commune.name, f"{postal}{place}{once}")


def _groups(text: str, limit: int) -> list[Place]:
    return [_group(group) for group in search_intercommunalities(text, limit=limit)]


def _group(group: Intercommunality) -> Place:
    label = intercommunality_name(group.kind, group.name)
    return Place("intercommunalite", group.siren, label, f"SIREN {group.siren}")


def _territories(text: str, limit: int) -> list[Place]:
    """Régions, départements and communes, with labels that mean one place each: typed again, they find it again."""
    return [_territory(place) for place in search_territories(text, limit=limit)]


def _territory(place: Territory) -> Place:
    return Place(place.kind, place.code, place.label, place.detail)


KINDS: dict[str, Callable[[str, int], list[Place]]] = {
    "commune": _communes,
    "intercommunalite": _groups,
    "territoire": _territories,
}
