"""What the list answers to a filter that means several things, or nothing."""

from ..filters import CallFilter


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
