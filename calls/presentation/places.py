"""The places between which a visitor of the list must choose."""

from django.http import QueryDict

from ..filters import CallFilter


def territory_choices(filters: CallFilter, query: QueryDict) -> list[dict[str, str]]:
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
