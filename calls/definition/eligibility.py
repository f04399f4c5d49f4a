"""Eligibility rules, as written in a call. `calls.eligibility` evaluates them and says why."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from calls.definition.predicates import AnswerTest, ApplicantKind, Condition, PopulationTest
from calls.definition.values import Code, Flag, Part, Prose, Title, Whole, plain

Effect = Literal["blocking", "warning", "informative"]


class RuleBase(Part):
    """What every rule has: a short label, the sentence of the published rules, and what its failure entails."""

    code: Code
    label: Title
    sentence: Prose
    effect: Effect = "blocking"
    derogable: Flag = False
    condition: Condition | None = None


class PerimeterRule(RuleBase):
    """The applicant lies in the perimeter of the call."""

    kind: Literal["perimeter"]


class PopulationRule(RuleBase, PopulationTest):
    """The population of the commune, or of its intercommunality, keeps within bounds."""

    kind: Literal["population"]


class ApplicantKindRule(RuleBase):
    """The applicant is of one of these kinds."""

    kind: Literal["applicant_kind"]
    kinds: Annotated[tuple[ApplicantKind, ...], Field(min_length=1)]


class OneApplicationRule(RuleBase):
    """An applicant takes part in `max` files of the call at most; a joint file unites `group_max` applicants."""

    kind: Literal["max_applications"]
    max: Annotated[Whole, Field(ge=1, le=1000)] = 1
    group_max: Annotated[Whole, Field(ge=1, le=1000)] | None = None


class AnswerRule(RuleBase, AnswerTest):
    """An answer of the form says so."""

    kind: Literal["answer"]


class JudgementRule(RuleBase):
    """Only a person can tell (centrality, fragility…)."""

    kind: Literal["judgement"]


EligibilityRule = Annotated[
    PerimeterRule | PopulationRule | ApplicantKindRule | OneApplicationRule | AnswerRule | JudgementRule,
    Field(discriminator="kind"),
]

COLUMNS = frozenset({"code", "kind", "label", "effect", "derogable"})
_ADAPTER: TypeAdapter[Any] = TypeAdapter(EligibilityRule)


def parameters(rule: RuleBase) -> dict[str, Any]:
    """What has no column of its own in a row (`sentence`, `below`, `question`…), as JSON data."""
    return {name: value for name, value in plain(rule).items() if name not in COLUMNS}


def read_rule(*, parameters: dict[str, Any], **columns: Any) -> Any:
    """A rule from a row: `read_rule(code=…, kind=…, label=…, effect=…, derogable=…, parameters={…})`."""
    return _ADAPTER.validate_python({**parameters, **columns})
