"""The advice of the linter, with its place in words."""

from .definition.diff import place_of
from .definition.lint import lint
from .definition.schema import CallDocument


def advice_on(document: CallDocument) -> list[tuple[str, str]]:
    """Pairs (place, sentence), in the order of the rules."""
    return [(place_of(document, problem.path), problem.message) for problem in lint(document)]
