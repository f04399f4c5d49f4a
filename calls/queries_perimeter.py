"""The perimeter of a call on a map: its communes, or its départements when they are too many to be seen."""

from collections.abc import Collection

from portal.territories.maps.drawing import BaseMap
from portal.territories.maps.queries import MOST_COMMUNES, map_of_communes, map_of_departments

from .models import Call
from .queries import communes_of_perimeter


def shows_communes(total: int) -> bool:
    """Whether a perimeter of `total` communes is drawn commune by commune."""
    return 0 < total <= MOST_COMMUNES


def commune_map(call: Call, scope: frozenset[str] | None = None) -> BaseMap | None:
    """The communes of the perimeter (of a scope); None when there are too many."""
    key = f"{call.perimeter_kind} {sorted(call.perimeter_codes)} {scope and sorted(scope)}"
    return map_of_communes(communes_of_perimeter(call, scope), key=key)


def department_map(codes: Collection[str]) -> BaseMap | None:
    """The départements of a wide perimeter; None for a single one, of which a map says nothing."""
    return map_of_departments(sorted(codes)) if len(codes) > 1 else None
