"""Conditions over facts: yes, no, not known yet."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.conditions import Facts, Figure, holds, stratum_of, threshold_text
from calls.definition.identity import Stratum
from calls.definition.predicates import leaves, read_condition
from calls.definition.values import plain
from tests.calls.documents import ordinary

ETRETAT = Facts(
    name="Étretat",
    insee="76254",
    populations={("municipale", 2023): Figure(1102, "Insee"), ("totale", 2023): Figure(1134, "Insee")},
    intercommunality_populations={("municipale", 2023): Figure(266_929, "Insee")},
    track="A",
    stratum="S3",
    answers={
        "etat": "idee",
        "effets": ["marche", "ombre"],
        "consulte": True,
        "agents": 6,
        "surface": "1200.50",
        "vide": "",
        "rien": [],
    },
)
NOTHING = Facts()


def condition(kind: str, **keys):
    return read_condition({"kind": kind, **keys})


def population(**keys):
    return condition("population", **{"population_kind": "municipale", "year": "2023", **keys})


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"below": "1103"}, True),
        ({"below": "1102"}, False),
        ({"at_most": "1102"}, True),
        ({"at_most": "1101"}, False),
        ({"at_least": "1102"}, True),
        ({"at_least": "1103"}, False),
        ({"above": "1101"}, True),
        ({"above": "1102"}, False),
        ({"at_least": "1000", "below": "2000"}, True),
        ({"at_least": "1000", "below": "1100"}, False),
        ({"population_kind": "totale", "at_least": "1134"}, True),
        ({"year": "2022", "below": "5000"}, None),
        ({"population_kind": None, "below": "5000"}, None),
        ({"year": None, "below": "5000"}, None),
        ({"of": "intercommunality", "above": "200000"}, True),
    ],
)
def test_population(keys, expected):
    assert holds(population(**keys), ETRETAT) is expected


def test_kinds_and_years_are_never_mixed():
    """Le Havre: 166 687 in one file, 166 462 in the other."""
    havre = Facts(
        populations={("municipale", 2023): Figure(166_687, "Insee"), ("municipale", 2022): Figure(166_462, "Insee")}
    )
    assert holds(population(at_least="166500"), havre) is True
    assert holds(population(at_least="166500", year="2022"), havre) is False


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"question": "etat", "equals": "idee"}, True),
        ({"question": "etat", "equals": "travaux"}, False),
        ({"question": "etat", "one_of": ["programme", "idee"]}, True),
        ({"question": "etat", "one_of": ["programme"]}, False),
        ({"question": "effets", "includes": "ombre"}, True),
        ({"question": "effets", "includes": "velo"}, False),
        ({"question": "effets", "equals": "ombre"}, False),
        ({"question": "effets", "one_of": ["velo", "marche"]}, True),
        ({"question": "consulte", "equals": "oui"}, True),
        ({"question": "consulte", "equals": "true"}, True),
        ({"question": "consulte", "equals": "non"}, False),
        ({"question": "consulte", "equals": "peut-être"}, False),
        ({"question": "agents", "at_least": "6"}, True),
        ({"question": "agents", "at_most": "5"}, False),
        ({"question": "surface", "at_least": "1200.5", "at_most": "1200.5"}, True),
        ({"question": "surface", "at_least": "1200.51"}, False),
        ({"question": "etat", "at_least": "1"}, False),
        ({"question": "vide", "equals": "x"}, None),
        ({"question": "rien", "includes": "x"}, None),
        ({"question": "inconnue", "equals": "x"}, None),
    ],
)
def test_answers(keys, expected):
    assert holds(condition("answer", **keys), ETRETAT) is expected


def test_a_false_answer_is_an_answer():
    facts = Facts(answers={"consulte": False, "agents": 0})
    assert holds(condition("answer", question="consulte", equals="non"), facts) is True
    assert holds(condition("answer", question="agents", at_most="0"), facts) is True


def test_track_stratum_applicant():
    assert holds(condition("track", codes=["A", "B"]), ETRETAT) is True
    assert holds(condition("track", codes=["B"]), ETRETAT) is False
    assert holds(condition("track", codes=["B"]), NOTHING) is None
    assert holds(condition("stratum", codes=["S3"]), ETRETAT) is True
    assert holds(condition("stratum", codes=["S1"]), NOTHING) is None
    assert holds(condition("applicant", kinds=["commune"]), ETRETAT) is True
    assert holds(condition("applicant", kinds=["region"]), ETRETAT) is False


YES = {"kind": "track", "codes": ["A"]}
NO = {"kind": "track", "codes": ["B"]}
UNKNOWN = {"kind": "answer", "question": "inconnue", "equals": "x"}
TABLE = {True: YES, False: NO, None: UNKNOWN}


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_all_and_any_in_three_values(one, other, both, either):
    for terms in ([TABLE[one], TABLE[other]], [TABLE[other], TABLE[one]]):
        assert holds(condition("all", terms=terms), ETRETAT) is both
        assert holds(condition("any", terms=terms), ETRETAT) is either


def test_not_and_no_condition():
    assert [holds(condition("not", term=TABLE[value]), ETRETAT) for value in (True, False, None)] == [False, True, None]
    assert holds(None, NOTHING) is True
    assert read_condition(None) is read_condition({}) is None


TREES = st.recursive(
    st.sampled_from([YES, NO, UNKNOWN]),
    lambda inner: st.one_of(
        st.builds(lambda term: {"kind": "not", "term": term}, inner),
        st.builds(lambda kind, terms: {"kind": kind, "terms": terms}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)  # fmt: skip


@given(TREES)
def test_de_morgan_and_rows(tree):
    read = read_condition(tree)
    assert read_condition(plain(read)) == read
    assert all(leaf.kind in {"track", "answer"} for _, leaf in leaves(read))
    flipped = {"all": "any", "any": "all"}
    if tree["kind"] in flipped:
        inverse = {"kind": flipped[tree["kind"]], "terms": [{"kind": "not", "term": term} for term in tree["terms"]]}
        assert holds(read_condition({"kind": "not", "term": tree}), ETRETAT) is holds(read_condition(inverse), ETRETAT)


@given(TREES)
def test_a_fact_that_comes_never_changes_a_verdict_already_known(tree):
    before = holds(read_condition(tree), ETRETAT)
    for answer in ("x", "autre"):
        after = holds(read_condition(tree), Facts(track="A", answers={"inconnue": answer}))
        assert before is None or after is before


def test_leaves_tell_their_path():
    tree = condition("all", terms=[YES, {"kind": "not", "term": {"kind": "any", "terms": [NO, UNKNOWN]}}])
    assert [path for path, _ in leaves(tree, ("condition",))] == [
        ("condition", "terms", 0),
        ("condition", "terms", 1, "term", "terms", 0),
        ("condition", "terms", 1, "term", "terms", 1),
    ]
    assert list(leaves(None)) == []


STRATA = [
    Stratum(code="S1", label="Un", year=2023, upper=500),
    Stratum(code="S2", label="Deux", year=2023, lower=500, upper=1000),
    Stratum(code="S4", label="Quatre", year=2023, lower=5000),
]


@pytest.mark.parametrize(
    ("value", "code"), [(0, "S1"), (499, "S1"), (500, "S2"), (999, "S2"), (1000, None), (5000, "S4"), (166_687, "S4")]
)
def test_strata(value, code):
    assert stratum_of(STRATA, Facts(populations={("municipale", 2023): Figure(value, "Insee")})) == code


def test_no_stratum_without_the_right_figure():
    assert stratum_of(STRATA, Facts(populations={("municipale", 2022): Figure(400, "Insee")})) is None


def test_thresholds_in_words():
    assert ordinary(threshold_text(population(below="5000"))) == "moins de 5 000 habitants"
    assert (
        ordinary(threshold_text(population(at_least="500", below="1000")))
        == "500 habitants au moins et moins de 1 000 habitants"
    )
    assert ordinary(threshold_text(population(at_most="20000"))) == "20 000 habitants au plus"
    assert ordinary(threshold_text(population(above="3500"))) == "plus de 3 500 habitants"


def test_numbers_are_exact():
    facts = Facts(answers={"part": Decimal("31.4")})
    assert holds(condition("answer", question="part", at_least="31.4", at_most="31.4"), facts) is True
