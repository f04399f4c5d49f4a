"""Whether a condition of a call holds, over plain facts. Three answers: yes, no, not known yet (`None`).

One mechanism for all that depends on something: rules, pieces, questions, bonuses, articles. Pure: facts come in as
data, gathered by the caller.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from calls.definition.identity import GROUPINGS, Place, Stratum
from calls.definition.predicates import (
    AllOf,
    AnswerTest,
    AnyOf,
    ApplicantIs,
    NotSo,
    PopulationTest,
    StratumIs,
    TrackIs,
)
from calls.definition.values import read_decimal, read_flag
from portal.core.typography import NBSP, format_number


class Figure(NamedTuple):
    """A population: inhabitants, and who says so (« Insee »)."""

    value: int
    source: str


Populations = Mapping[tuple[str, int], Figure]


@dataclass(frozen=True)
class Attribute:
    """What a list of the State or of a label says of a commune. An empty `value`: that list was read, without it."""

    value: str
    year: int | None
    source: str
    stage: str = ""
    since: date | None = None


@dataclass(frozen=True)
class Selection:
    """A call that selected the applicant before; `label`: its title and edition."""

    call: str
    programme: str
    edition: str
    track: str
    label: str


@dataclass(frozen=True)
class GroupingFact:
    """Whether the applicant lies in a canton, a massif…, and who says so. One that nobody imported has no fact."""

    inside: bool
    year: int
    source: str


@dataclass(kw_only=True, slots=True)
class Facts:
    """What is known of one applicant. `populations` by (kind, year), never mixed; `answers` by question code.

    `replace` makes another; only who makes one completes it. It is not frozen, which would cost six times as much, and
    there may be one for each commune of the country. `code_year`: the vintage of the official geographic code.

    Answers: text, number, list of option codes, list of rows, or True / False. `partners`: the others of a joint file,
    which `in_file` says to be composed. `attributes` by code: one that is not there is not known. `selections` and
    `other_files` (the other live files of the call, each by the name that may be told, or empty) are None when nobody
    looked for them. `groupings` by (kind of place, code), of those that the call names. `received_on`: the day of the
    deposit, today while it is a draft.
    """

    name: str = ""
    insee: str = ""
    siren: str = ""
    applicant_kind: str = "commune"
    inhabited: bool = True
    intercommunality_siren: str = ""
    intercommunality_name: str = ""
    department: str = ""
    region: str = ""
    code_year: int | None = None
    populations: Populations = field(default_factory=dict)
    intercommunality_populations: Populations = field(default_factory=dict)
    track: str | None = None
    stratum: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    groupings: Mapping[tuple[str, str], GroupingFact] = field(default_factory=dict)
    selections: tuple[Selection, ...] | None = None
    other_files: tuple[str, ...] | None = ()
    received_on: date | None = None
    in_file: bool = False
    partners: tuple["Facts", ...] = ()


def holds(condition: Any, facts: Facts) -> bool | None:
    """Whether the condition is met; an absent condition always is, and `None` means that a fact is missing."""
    if condition is None:
        return True
    if isinstance(condition, AllOf | AnyOf):
        verdicts = [holds(term, facts) for term in condition.terms]
        decisive = isinstance(condition, AnyOf)
        if decisive in verdicts:
            return decisive
        return None if None in verdicts else not decisive
    if isinstance(condition, NotSo):
        inner = holds(condition.term, facts)
        return None if inner is None else not inner
    if isinstance(condition, PopulationTest):
        return population_holds(condition, facts)
    if isinstance(condition, ApplicantIs):
        return facts.applicant_kind in condition.kinds
    if isinstance(condition, TrackIs | StratumIs):
        code = facts.track if isinstance(condition, TrackIs) else facts.stratum
        return None if code is None else code in condition.codes
    return answer_holds(condition, facts)


def asks_figures(condition: Any) -> bool:
    """Whether it bears on more than the answers, the track and the kind of applicant: on a population or a stratum."""
    if isinstance(condition, AllOf | AnyOf):
        return any(asks_figures(term) for term in condition.terms)
    if isinstance(condition, NotSo):
        return asks_figures(condition.term)
    return isinstance(condition, PopulationTest | StratumIs)


# --- population --------------------------------------------------------------------------------------------------


def figure_for(test: PopulationTest, facts: Facts) -> Figure | None:
    """The figure that a threshold bears on: of this body, this kind and this year, or nothing."""
    if test.population_kind is None or test.year is None:
        return None
    table = facts.populations if test.of == "commune" else facts.intercommunality_populations
    return table.get((test.population_kind, test.year))


def population_holds(test: PopulationTest, facts: Facts) -> bool | None:
    figure = figure_for(test, facts)
    return None if figure is None else within(test, figure.value)


def within(test: Any, value: Any) -> bool:
    """Whether a number keeps within all bounds of a test: inhabitants, euros, months."""
    return (
        (test.below is None or value < test.below)
        and (test.at_most is None or value <= test.at_most)
        and (test.at_least is None or value >= test.at_least)
        and (test.above is None or value > test.above)
    )


_BOUNDS = (
    ("below", "moins de {}"),
    ("at_most", "{} au plus"),
    ("at_least", "{} au moins"),
    ("above", "plus de {}"),
)


def bounds_text(test: Any, say: Callable[[Any], str]) -> str:
    """« 500 € au moins et moins de 1 000 € »: the bounds that a test has, each value said by `say`."""
    values = [(text, getattr(test, bound, None)) for bound, text in reversed(_BOUNDS)]
    return " et ".join(text.format(say(value)) for text, value in values if value is not None)


@lru_cache(maxsize=512)
def threshold_text(test: PopulationTest) -> str:
    """« moins de 5 000 habitants », « 500 habitants au moins et moins de 1 000 habitants »."""
    return bounds_text(test, lambda value: f"{format_number(value)}{NBSP}habitants")


def stratum_of(strata: Iterable[Stratum], facts: Facts) -> str | None:
    """The code of the first stratum that the applicant belongs to; None when it is in none, or a fact is missing."""
    return next((stratum.code for stratum in strata if in_stratum(stratum, facts)), None)


def in_stratum(stratum: Stratum, facts: Facts) -> bool:
    if stratum.kind == "communes":
        return facts.insee in stratum.communes
    if stratum.kind == "applicant":
        return facts.applicant_kind in stratum.kinds
    if stratum.kind == "attribute":
        return has_attribute(facts.attributes.get(stratum.attribute or ""), stratum.values)
    if stratum.perimeter is not None:
        return lies_in(stratum.perimeter, facts) is True
    figure = facts.populations.get((stratum.population_kind, stratum.year or 0))
    return figure is not None and stratum.holds(figure.value)


def has_attribute(found: Attribute | None, values: Collection[str]) -> bool:
    """Whether an attribute has one of these values; without any, whether it is there at all."""
    return found is not None and bool(found.value) and (not values or found.value in values)


# --- place -------------------------------------------------------------------------------------------------------


def lies_in(place: Place, facts: Facts) -> bool | None:
    """Whether an applicant lies in a place; None while its tie is not known."""
    if place.kind in GROUPINGS:
        known = [facts.groupings.get((place.kind, code)) for code in place.codes]
        if any(one.inside for one in known if one):
            return True
        return None if None in known else False
    code = code_in(place.kind, facts)
    return code in place.codes if code else None


def code_in(kind: str, facts: Facts) -> str:
    """The code of an applicant in a place of this kind; empty when it is not known."""
    if facts.applicant_kind == "intercommunality" and kind == "intercommunality":
        return facts.siren
    if kind == "intercommunality":
        return facts.intercommunality_siren or ("aucune" if facts.code_year else "")
    return {"department": facts.department, "region": facts.region, "communes": facts.insee}[kind]


# --- answers -----------------------------------------------------------------------------------------------------


def answer_holds(test: AnswerTest, facts: Facts) -> bool | None:
    """Whether the answer compares as asked; None while the question has no answer."""
    answer = facts.answers.get(test.question)
    if answer is None or answer in ("", [], ()):
        return None
    chosen = tuple(answer) if isinstance(answer, list | tuple | set | frozenset) else (answer,)
    tests = [
        test.equals is None or (len(chosen) == 1 and _same(test.equals, chosen[0])),
        not test.one_of or any(_same(value, item) for value in test.one_of for item in chosen),
        test.includes is None or any(_same(test.includes, item) for item in chosen),
        _between(chosen[0], test.at_least, test.at_most),
    ]
    return all(tests)


def _same(expected: str, answer: Any) -> bool:
    if isinstance(answer, bool):
        try:
            return read_flag(expected) == answer
        except PydanticCustomError:
            return False
    return expected == str(answer)


def _between(answer: Any, least: Decimal | None, most: Decimal | None) -> bool:
    if least is None and most is None:
        return True
    try:
        number = read_decimal(answer if isinstance(answer, int | Decimal) else str(answer))
    except PydanticCustomError:
        return False
    return (least is None or number >= least) and (most is None or number <= most)
