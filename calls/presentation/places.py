"""What the list answers to a filter that means several things, or nothing."""

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


def filter_problem(filters: CallFilter) -> str:
    """What is wrong with the filters of a machine, which cannot choose among links; empty when all is well."""
    if unknown := [name for name in filters.form.errors if name in filters.filters]:
        return f"Valeur inconnue pour « {unknown[0]} »."
    if filters.unknown_place:
        return "Aucun territoire ne porte ce nom."
    if filters.territories and not filters.territory:
        labels = ", ".join(place.label for place in filters.territories)
        return f"Plusieurs territoires répondent à ce nom : {labels}."
    return ""
