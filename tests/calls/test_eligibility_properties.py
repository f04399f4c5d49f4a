"""What is true of every rule, whatever the figures drawn."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from calls.conditions import Facts, Figure
from calls.eligibility import evaluate
from tests.calls.generated import counts
from tests.calls.rule_cases import CASES, HARFLEUR, LHSM, commune, rule, verdict_of

PEOPLE = st.integers(0, 300_000)
KIND_OF = st.sampled_from(["municipale", "totale"])
YEAR = st.sampled_from([2021, 2022, 2023])
BEARS = st.sampled_from(["each", "lead", "sum"])
OF = st.sampled_from(["commune", "intercommunality"])
RANK = {"fail": 0, "unknown": 1, "pass": 2}
every = counts(150, 3000)


@st.composite
def applicants(draw: Any, partners: bool = True) -> Facts:
    """A commune with some of its figures, alone or with others."""
    table = st.dictionaries(st.tuples(KIND_OF, YEAR), PEOPLE.map(lambda value: Figure(value, "Insee")))
    others = tuple(draw(st.lists(applicants(partners=False), max_size=2))) if partners else ()
    return commune(
        draw(st.sampled_from(["Étretat", "Harfleur", "Vergetot"])),
        populations=draw(table),
        intercommunality_populations=draw(table),
        partners=others,
        in_file=bool(others),
    )


@every
@given(applicants(), OF, KIND_OF, YEAR, BEARS, PEOPLE, st.integers(0, 50_000), st.sampled_from(["below", "at_most"]))
def test_a_stricter_ceiling_never_turns_a_refusal_into_a_pass(facts, of, kind, year, bears, bound, less, name):
    told = {"of": of, "population_kind": kind, "year": str(year), "bears_on": bears}
    loose = verdict_of(rule("population", **{name: str(bound)}, **told), facts)
    strict = verdict_of(rule("population", **{name: str(bound - less)}, **told), facts)
    assert RANK[strict.outcome] <= RANK[loose.outcome]


@every
@given(applicants(), KIND_OF, YEAR, BEARS, PEOPLE, st.integers(0, 50_000), st.sampled_from(["above", "at_least"]))
def test_a_stricter_floor_never_turns_a_refusal_into_a_pass(facts, kind, year, bears, bound, more, name):
    told = {"population_kind": kind, "year": str(year), "bears_on": bears}
    loose = verdict_of(rule("population", **{name: str(bound)}, **told), facts)
    strict = verdict_of(rule("population", **{name: str(bound + more)}, **told), facts)
    assert RANK[strict.outcome] <= RANK[loose.outcome]


@every
@given(applicants(), KIND_OF, YEAR, BEARS, PEOPLE)
def test_unknown_only_when_a_figure_is_missing(facts, kind, year, bears, bound):
    """With every figure there, a threshold always answers; what was known to fail stays so when a figure comes."""
    subject = rule("population", population_kind=kind, year=str(year), below=str(bound), bears_on=bears)
    key = (kind, year)

    def filled(one: Facts) -> Facts:
        return replace(one, populations={key: Figure(0, "Insee"), **one.populations})

    whole = replace(filled(facts), partners=tuple(filled(other) for other in facts.partners))
    before, after = verdict_of(subject, facts), verdict_of(subject, whole)
    assert after.outcome != "unknown"
    if bears == "each" and before.outcome == "fail":
        assert after.outcome == "fail"
    members = (facts,) if bears == "lead" else (facts, *facts.partners)
    if before.outcome == "unknown":
        assert any(key not in member.populations for member in members)


@every
@given(applicants(), OF, KIND_OF, YEAR, BEARS, PEOPLE)
def test_the_sentence_of_a_population_has_its_figure_its_kind_its_year_and_its_source(facts, of, kind, year, bears, n):
    subject = rule("population", of=of, population_kind=kind, year=str(year), at_most=str(n), bears_on=bears)
    found = verdict_of(subject, facts)
    assert f"population {kind} {year}" in found.sentence
    if found.outcome != "unknown":
        assert found.sentence.endswith(f"population {kind} {year}, Insee")
        assert re.search(r": .*\d\u00a0habitants?, population", found.sentence)


KNOWN = st.sampled_from([facts for case in CASES for facts in (case.kept, case.broken, case.unknown) if facts])


@every
@given(KNOWN, st.permutations([case.rule.model_copy(update={"code": case.kind}) for case in CASES]))
def test_the_order_of_the_rules_changes_no_verdict(facts, rules):
    usual = [case.rule.model_copy(update={"code": case.kind}) for case in CASES]
    expected = {v.code: v for v in evaluate(usual, facts, perimeter=LHSM)}
    assert {v.code: v for v in evaluate(rules, facts, perimeter=LHSM)} == expected


@every
@given(KNOWN, st.sampled_from(CASES), st.sampled_from(["justify", "warning", "informative"]))
def test_the_effect_changes_what_a_failure_entails_and_nothing_else(facts, case, effect):
    blocking = verdict_of(case.rule, facts)
    other = verdict_of(rule(case.kind, effect, **case.parameters), facts)
    assert (other.sentence, other.met) == (blocking.sentence, blocking.met)
    assert other.outcome == {"fail": "warning"}.get(blocking.outcome, blocking.outcome)
    assert other.needs_text == (effect == "justify" and blocking.outcome == "fail")


DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))


@every
@given(st.lists(DAYS, min_size=1, max_size=5), DAYS, st.integers(0, 200))
def test_an_earlier_limit_of_expenses_is_never_stricter(days, limit, before):
    facts = commune(answers={"t": [{"le": day.isoformat()} for day in days]})

    def outcome(on: date) -> str:
        return verdict_of(rule("start", question="t", column="le", not_before=on.isoformat()), facts).outcome

    assert RANK[outcome(limit)] <= RANK[outcome(limit - timedelta(days=before))]
    assert outcome(limit) == ("pass" if all(day >= limit for day in days) else "fail")


@every
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.integers(0, 10**10))
def test_a_cost_is_the_sum_of_its_column(cents, most):
    rows = [{"c": f"{n // 100}.{n % 100:02d}"} for n in cents]
    facts = commune(answers={"t": rows})
    bound = f"{most // 100}.{most % 100:02d}"
    found = verdict_of(rule("cost", question="t", column="c", at_most=bound), facts)
    assert found.outcome == ("pass" if sum(cents) <= most else "fail")


@every
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 4))
def test_the_members_are_counted_with_their_lead(least, most, others):
    low, high = sorted((least, most))
    facts = commune(in_file=True, partners=(HARFLEUR,) * others)
    subject = rule("members", at_least=str(low), at_most=str(high))
    assert verdict_of(subject, facts).outcome == ("pass" if low <= 1 + others <= high else "fail")
