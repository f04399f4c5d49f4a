"""The map of some communes, or of some départements, as the portal knows them; kept a while once drawn."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from django.core.cache import caches
from django.db.models import QuerySet

from portal.territories.models import Commune, Department
from portal.territories.words import intercommunality_name

from .drawing import BaseMap, Located, Territory, base_map
from .models import Outline

MOST_COMMUNES = 300  # beyond, a commune is no longer seen: départements are drawn
KEPT = 600  # seconds: what an import of outlines changes is seen ten minutes later at most


def map_of_communes(communes: QuerySet[Commune], *, key: str) -> BaseMap | None:
    """The map of at most `MOST_COMMUNES` communes; None when there are more, or none. `key` tells which they are."""
    return _kept(f"communes {key}", lambda: _communes(communes))


def _communes(communes: QuerySet[Commune]) -> BaseMap | None:
    rows = communes.select_related("intercommunality").order_by("search_name", "insee")[: MOST_COMMUNES + 1]
    found = [Territory(row.insee, row.name.replace("'", "’"), _group(row)) for row in rows]
    return None if len(found) > MOST_COMMUNES else base_map(found, located(Outline.Kind.COMMUNE, found))


def _group(commune: Commune) -> str:
    group = commune.intercommunality
    return intercommunality_name(group.kind, group.name.replace("'", "’")) if group else "Sans intercommunalité"


def map_of_departments(codes: Sequence[str]) -> BaseMap | None:
    """The map of these départements, by region when their outlines are not known."""
    return _kept(f"departments {' '.join(codes)}", lambda: _departments(codes))


def _departments(codes: Sequence[str]) -> BaseMap | None:
    rows = Department.objects.filter(code__in=codes).select_related("region").order_by("code")
    found = [Territory(row.code, row.name.replace("'", "’"), row.region.name.replace("'", "’")) for row in rows]
    return base_map(found, located(Outline.Kind.DEPARTMENT, found))


def located(kind: str, territories: Sequence[Territory]) -> dict[str, Located]:
    """Where these territories lie, for those whose outline or centre was imported."""
    rows = Outline.objects.filter(kind=kind, code__in=[territory.code for territory in territories])
    return {
        row.code: Located(
            rings=tuple(tuple((x, y) for x, y in ring) for ring in row.rings),
            middle=(row.longitude, row.latitude),
            source=row.source,
            year=row.year,
        )
        for row in rows
    }


def _kept(key: str, draw: Callable[[], BaseMap | None]) -> BaseMap | None:
    name = f"map-{sha256(key.encode()).hexdigest()}"
    found = caches["drawn"].get(name, default=name)
    if found == name:
        found = draw()
        caches["drawn"].set(name, found, KEPT)
    return found
