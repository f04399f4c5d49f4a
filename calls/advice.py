"""The advice of the linter, with its place in words; and whether the template that is followed is known here."""

from portal.core.typography import typeset

from .definition.diff import place_of
from .definition.lint import lint
from .definition.schema import CallDocument
from .queries_known import not_known
from .services.templates import template_named


def advice_on(document: CallDocument) -> list[tuple[str, str]]:
    """Pairs (place, sentence), in the order of the rules."""
    found = [*lint(document), *not_known(document)]
    advice = [(place_of(document, problem.path), problem.message) for problem in found]
    if document.inherits and template_named(document.inherits) is None:
        model = document.inherits
        unknown = f"aucun modèle publié ici ne s’appelle « {model} » : ses parties communes ne sont pas tenues."
        advice.append((place_of(document, ("inherits",)), typeset(unknown)))
    return advice
