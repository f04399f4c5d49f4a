"""Conditions, as written in a call: small typed predicates, combined by `all`, `any` and `not`.

One mechanism for all: a question, a document, a rule, a bonus may depend on a population, a track, a stratum, the
kind of applicant or an answer. They are evaluated by `calls.conditions`.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from calls.definition.values import Code, Line, Number, Part, Whole, refuse

PopulationKind = Literal["municipale", "totale"]
Year = Annotated[Whole, Field(ge=1900, le=2200)]
ApplicantKind = Literal["commune", "intercommunality", "department", "region", "state", "operator", "other"]

BOUNDS = ("below", "at_most", "at_least", "above")


class PopulationTest(Part):
    """A threshold: whose population, which one, of which year, and its bounds."""

    of: Literal["commune", "intercommunality"] = "commune"
    population_kind: PopulationKind | None = None
    year: Year | None = None
    below: Whole | None = None
    at_most: Whole | None = None
    at_least: Whole | None = None
    above: Whole | None = None

    @model_validator(mode="after")
    def _has_bound(self) -> "PopulationTest":
        if all(getattr(self, bound) is None for bound in BOUNDS):
            refuse("ce seuil n’a pas de borne : écrivez par exemple below: 5000 (ou at_most, at_least, above).")
        return self


COMPARISONS = ("equals", "one_of", "includes", "at_least", "at_most")


class AnswerTest(Part):
    """A comparison with the answer to one question."""

    question: Code
    equals: Line | None = None
    one_of: tuple[Line, ...] = ()
    includes: Line | None = None
    at_least: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _compares(self) -> "AnswerTest":
        if not self.one_of and all(getattr(self, name) is None for name in COMPARISONS if name != "one_of"):
            refuse("rien n’est comparé : écrivez par exemple equals: oui (ou one_of, includes, at_least, at_most).")
        return self

    @property
    def values(self) -> tuple[str, ...]:
        """The option codes that the comparison names."""
        return (*filter(None, (self.equals, self.includes)), *self.one_of)


class PopulationIs(PopulationTest):
    kind: Literal["population"]


class TrackIs(Part):
    kind: Literal["track"]
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]


class StratumIs(Part):
    kind: Literal["stratum"]
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]


class ApplicantIs(Part):
    kind: Literal["applicant"]
    kinds: Annotated[tuple[ApplicantKind, ...], Field(min_length=1)]


class AnswerIs(AnswerTest):
    kind: Literal["answer"]


class AllOf(Part):
    kind: Literal["all"]
    terms: Annotated[tuple["Condition", ...], Field(min_length=1)]


class AnyOf(Part):
    kind: Literal["any"]
    terms: Annotated[tuple["Condition", ...], Field(min_length=1)]


class NotSo(Part):
    kind: Literal["not"]
    term: "Condition"


Condition = Annotated[
    PopulationIs | TrackIs | StratumIs | ApplicantIs | AnswerIs | AllOf | AnyOf | NotSo, Field(discriminator="kind")
]

for _model in (AllOf, AnyOf, NotSo):
    _model.model_rebuild()

_ADAPTER: TypeAdapter[Any] = TypeAdapter(Condition)


def read_condition(data: Any) -> Any:
    """A condition from the plain data of a row; `plain(condition)` writes it."""
    return None if data in (None, {}) else _ADAPTER.validate_python(data)


def leaves(condition: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The elementary predicates of a condition (which may be None), each with its path."""
    if isinstance(condition, AllOf | AnyOf):
        for rank, term in enumerate(condition.terms):
            yield from leaves(term, (*path, "terms", rank))
    elif isinstance(condition, NotSo):
        yield from leaves(condition.term, (*path, "term"))
    elif condition is not None:
        yield path, condition
