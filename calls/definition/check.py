"""`call check`: what a file is worth, errors and advice apart, without any database."""

from dataclasses import dataclass

from calls.definition.lint import lint
from calls.definition.reading import BadDocument, decode, located, read_with_tree
from calls.definition.schema import CallDocument
from calls.definition.tree import Problem
from portal.core.typography import format_quantity


@dataclass(frozen=True)
class Report:
    """The call, unless there are errors; advice never prevents anything."""

    document: CallDocument | None
    errors: tuple[Problem, ...] = ()
    advice: tuple[Problem, ...] = ()

    @property
    def summary(self) -> str:
        """« L’appel « … » est complet : 10 sections, 42 questions, 7 pièces, 6 critères. » or the count of errors."""
        if self.document is None:
            count = len(self.errors)
            return f"{format_quantity(count, 'erreur')} à corriger."
        counts = (
            format_quantity(len(self.document.sections), "section"),
            format_quantity(len(self.document.questions), "question"),
            format_quantity(len(self.document.pieces), "pièce"),
            format_quantity(len(self.document.grid.criteria), "critère"),
        )
        return f"L’appel «\u202f{self.document.title}\u202f» est complet\u00a0: {', '.join(counts)}."


def check(data: bytes) -> Report:
    """All errors of a file, or the call with what could be better."""
    try:
        document, tree = read_with_tree(decode(data))
    except BadDocument as error:
        return Report(None, tuple(error.problems))
    advice = sorted((located(item, tree) for item in lint(document)), key=lambda item: (item.line, item.column))
    return Report(document, advice=tuple(advice))
