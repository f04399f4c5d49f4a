"""Eligibility rules, as written in a call. `calls.eligibility` evaluates them and says why."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from calls.definition.identity import Perimeter
from calls.definition.predicates import BOUNDS, AnswerTest, ApplicantKind, Condition, PopulationTest
from calls.definition.values import (
    Code,
    Day,
    Flag,
    Line,
    Number,
    Part,
    Prose,
    Siren,
    Slug,
    Title,
    Whole,
    plain,
    refuse,
)

Effect = Literal["blocking", "justify", "warning", "informative"]
DerogationRole = Literal["manager", "officer"]
Bearing = Literal["each", "lead"]
Count = Annotated[Whole, Field(ge=1, le=1000)]


class RuleBase(Part):
    """What every rule has: a short label, the sentence of the published rules, and what its failure entails.

    `derogable_by`: the least role that may grant a derogation (an officer's may be granted by the manager too).
    `shown`: the sentence of the manager when the rule is not met, with the fields of its kind between braces.
    """

    code: Code
    label: Title
    sentence: Prose
    effect: Effect = "blocking"
    derogable: Flag = False
    derogable_by: DerogationRole = "manager"
    shown: Annotated[Prose, Field(max_length=600)] | None = None
    condition: Condition | None = None


# --- where -------------------------------------------------------------------------------------------------------


class PerimeterRule(RuleBase):
    """The applicant lies in the perimeter of the call."""

    kind: Literal["perimeter"]


class PlaceRule(RuleBase):
    """The applicant lies in another place: list of communes, intercommunalities, départements, regions."""

    kind: Literal["place"]
    place: Perimeter
    bears_on: Bearing = "each"


class ExcludedRule(RuleBase):
    """The applicant is a member of none of these intercommunalities (SIREN)."""

    kind: Literal["excluded"]
    intercommunalities: Annotated[tuple[Siren, ...], Field(min_length=1)]
    bears_on: Bearing = "each"


class AttributeRule(RuleBase):
    """The commune has (`wanted`) or has not an attribute: a programme that covers it, a class, a label.

    Without `values`, whatever the value of the attribute.
    """

    kind: Literal["attribute"]
    attribute: Annotated[Line, Field(max_length=60)]
    name: Title | None = None
    values: tuple[Line, ...] = ()
    wanted: Flag = True
    bears_on: Bearing = "each"


class SameIntercommunalityRule(RuleBase):
    """All the members of a joint file are of one intercommunality."""

    kind: Literal["same_intercommunality"]


class PopulationRule(RuleBase, PopulationTest):
    """The population of the commune, or of its intercommunality, keeps within bounds: each, the lead's, or the sum."""

    kind: Literal["population"]
    bears_on: Literal["each", "lead", "sum"] = "each"


# --- who ---------------------------------------------------------------------------------------------------------


class ApplicantKindRule(RuleBase):
    """The applicant is of one of these kinds."""

    kind: Literal["applicant_kind"]
    kinds: Annotated[tuple[ApplicantKind, ...], Field(min_length=1)]
    bears_on: Bearing = "each"


class MembersRule(RuleBase):
    """How many applicants a file unites, lead included."""

    kind: Literal["members"]
    at_least: Count | None = None
    at_most: Count | None = None

    @model_validator(mode="after")
    def _bounds(self) -> "MembersRule":
        if self.at_least is None and self.at_most is None:
            refuse("ce nombre n’a pas de borne : écrivez par exemple at_least: 2 (ou at_most).")
        if self.at_least is not None and self.at_most is not None and self.at_most < self.at_least:
            refuse("« at_most » est plus petit que « at_least » : échangez-les.")
        return self


class JointRule(RuleBase):
    """A file at several is needed (with an applicant of the kind `partner`, if any), forbidden, or allowed."""

    kind: Literal["joint"]
    joint: Literal["needed", "forbidden", "allowed"]
    partner: ApplicantKind | None = None

    @model_validator(mode="after")
    def _partner(self) -> "JointRule":
        if self.partner is not None and self.joint != "needed":
            refuse("« partner » va avec joint: needed : retirez l’un des deux.")
        return self


class OneApplicationRule(RuleBase):
    """An applicant takes part in `max` files of the call at most; a joint file unites `group_max` applicants."""

    kind: Literal["max_applications"]
    max: Count = 1
    group_max: Count | None = None


class SelectedBeforeRule(RuleBase):
    """The applicant was (`wanted`), or was not, selected before: in this call, programme, edition or track."""

    kind: Literal["selected_before"]
    call: Slug | None = None
    programme: Code | None = None
    edition: Annotated[Line, Field(max_length=20)] | None = None
    track: Code | None = None
    wanted: Flag = False
    bears_on: Bearing = "each"

    @model_validator(mode="after")
    def _says_which(self) -> "SelectedBeforeRule":
        if self.call is None and self.programme is None:
            refuse("dites dans quel appel ou quel programme : écrivez par exemple programme: PVD (ou call).")
        return self


# --- what --------------------------------------------------------------------------------------------------------


class AnswerRule(RuleBase, AnswerTest):
    """An answer of the form says so."""

    kind: Literal["answer"]


class StartRule(RuleBase):
    """No expense begins before a day (the day of the deposit without `not_before`): a date, or a column of a table."""

    kind: Literal["start"]
    question: Code
    column: Code | None = None
    not_before: Day | None = None


class AmountTest(Part):
    """A number of the form, or the sum of a column of a table, and its bounds."""

    question: Code
    column: Code | None = None
    below: Number | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    above: Number | None = None

    @model_validator(mode="after")
    def _has_bound(self) -> "AmountTest":
        if all(getattr(self, bound) is None for bound in BOUNDS):
            refuse("ce seuil n’a pas de borne : écrivez par exemple at_most: 100000 (ou below, at_least, above).")
        return self


class CostRule(RuleBase, AmountTest):
    """The cost, in euros, keeps within bounds."""

    kind: Literal["cost"]


class DurationRule(RuleBase, AmountTest):
    """The duration, in months, keeps within bounds."""

    kind: Literal["duration"]


# --- by a person -------------------------------------------------------------------------------------------------


class DeclarationRule(RuleBase):
    """The applicant declares it (by the answer « oui », or the tick, of a question); a person then checks it."""

    kind: Literal["declaration"]
    question: Code | None = None


class JudgementRule(RuleBase):
    """Only a person can tell (centrality, fragility…)."""

    kind: Literal["judgement"]


EligibilityRule = Annotated[
    PerimeterRule
    | PlaceRule
    | ExcludedRule
    | AttributeRule
    | SameIntercommunalityRule
    | PopulationRule
    | ApplicantKindRule
    | MembersRule
    | JointRule
    | OneApplicationRule
    | SelectedBeforeRule
    | AnswerRule
    | StartRule
    | CostRule
    | DurationRule
    | DeclarationRule
    | JudgementRule,
    Field(discriminator="kind"),
]
# Each kind with its model, in the order in which they are offered.
MODELS: dict[str, type[RuleBase]] = {
    "perimeter": PerimeterRule,
    "place": PlaceRule,
    "excluded": ExcludedRule,
    "attribute": AttributeRule,
    "same_intercommunality": SameIntercommunalityRule,
    "population": PopulationRule,
    "applicant_kind": ApplicantKindRule,
    "members": MembersRule,
    "joint": JointRule,
    "max_applications": OneApplicationRule,
    "selected_before": SelectedBeforeRule,
    "answer": AnswerRule,
    "start": StartRule,
    "cost": CostRule,
    "duration": DurationRule,
    "declaration": DeclarationRule,
    "judgement": JudgementRule,
}
# What a person settles once the file is deposited.
BY_A_PERSON = frozenset({"declaration", "judgement"})
# What the manager's own sentence may quote, by kind; the figure and its year are those that it should not leave out.
_FIGURE = ("candidat", "chiffre", "seuil")
FIELDS: dict[str, tuple[str, ...]] = {
    "perimeter": ("candidat", "territoire", "annee"),
    "place": ("candidat", "territoire", "annee"),
    "excluded": ("candidat", "territoire", "annee"),
    "attribute": ("candidat", "valeur", "annee", "source"),
    "same_intercommunality": ("candidat", "territoire", "annee"),
    "population": ("candidat", "chiffre", "seuil", "territoire", "population", "annee", "source"),
    "applicant_kind": ("candidat", "valeur"),
    "members": _FIGURE,
    "joint": _FIGURE[:2],
    "max_applications": (*_FIGURE, "candidatures"),
    "selected_before": ("candidat", "valeur"),
    "answer": ("candidat",),
    "start": ("candidat", "date", "limite"),
    "cost": _FIGURE,
    "duration": _FIGURE,
    "declaration": ("candidat",),
    "judgement": ("candidat",),
}
FIGURES = frozenset({"chiffre", "annee", "date"})

COLUMNS = frozenset({"code", "kind", "label", "effect", "derogable"})
_ADAPTER: TypeAdapter[Any] = TypeAdapter(EligibilityRule)


def parameters(rule: RuleBase) -> dict[str, Any]:
    """What has no column of its own in a row (`sentence`, `below`, `question`…), as JSON data."""
    return {name: value for name, value in plain(rule).items() if name not in COLUMNS}


def read_rule(*, parameters: dict[str, Any], **columns: Any) -> Any:
    """A rule from a row: `read_rule(code=…, kind=…, label=…, effect=…, derogable=…, parameters={…})`."""
    return _ADAPTER.validate_python({**parameters, **columns})
