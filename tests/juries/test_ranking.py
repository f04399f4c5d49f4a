"""Ranking: threshold, knock-out, vote, places, reserve, ties; the same under any permutation."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juries.ranking import Entry, Line, RankingRules, outcome_at, rank, rank_apart, refusal

RULES = RankingRules(threshold=D(50), max_selected=2, reserve_size=2)


def entry(key: str, score: str | None = None, tie: str | None = None, **more) -> Entry:
    return Entry(key, D(score) if score else None, (D(tie),) if tie else (), **more)


def test_places_reserve_and_what_is_left():
    lines = rank([entry("e", "51"), entry("a", "90"), entry("d", "60"), entry("b", "80"), entry("c", "70")], RULES)
    assert lines == [
        Line("a", 1, "selected"),
        Line("b", 2, "selected"),
        Line("c", 3, "reserve"),
        Line("d", 4, "reserve"),
        Line("e", 5, "not_selected", why="Rang 5, pour 2\u00a0places et 2 en liste complémentaire."),
    ]


def test_files_out_of_the_ranking_come_last_with_their_reason():
    lines = rank(
        [
            entry("out", "95", knocked_out=True),
            entry("against", "85", favourable=False),
            entry("low", "49.99"),
            entry("limit", "50"),
            entry("nobody"),
        ],
        RULES,
    )
    assert lines == [
        Line("limit", 1, "selected"),
        Line("out", None, "not_selected", why="Note éliminatoire."),
        Line("against", None, "not_selected", why="Avis défavorable du jury."),
        Line("low", None, "not_selected", why="Note sous le seuil de 50\u00a0points."),
        Line("nobody", None, "not_selected", why="Aucune note."),
    ]


def test_without_threshold_nor_places_everything_favourable_is_proposed():
    lines = rank([entry("a"), entry("b", "1"), entry("c", favourable=False)], RankingRules())
    assert [(line.key, line.rank, line.outcome) for line in lines] == [
        ("b", 1, "selected"),
        ("a", 2, "selected"),
        ("c", None, "not_selected"),
    ]


def test_no_reserve_says_so():
    lines = rank([entry("a", "2"), entry("b", "1")], RankingRules(max_selected=1))
    assert lines[1].why == "Rang 2, pour 1\u00a0place."


def test_the_criterion_separates_equal_totals():
    lines = rank([entry("a", "70", "15"), entry("b", "70", "20"), entry("c", "70")], RULES)
    assert [(line.key, line.rank, line.tied) for line in lines] == [("b", 1, False), ("a", 2, False), ("c", 3, False)]


def test_a_tie_among_the_selected_keeps_one_rank_until_settled():
    files = [entry("a", "70"), entry("b", "70"), entry("c", "60")]
    assert [(x.key, x.rank, x.outcome, x.tied, x.must_settle) for x in rank(files, RULES)] == [
        ("a", 1, "selected", True, True),
        ("b", 1, "selected", True, True),
        ("c", 3, "reserve", False, False),
    ]


def test_a_tie_beyond_the_places_is_only_flagged():
    lines = rank([entry("a", "70"), entry("b", "60"), entry("c", "60")], RankingRules(max_selected=1))
    assert [(x.key, x.rank, x.outcome, x.tied, x.must_settle) for x in lines] == [
        ("a", 1, "selected", False, False),
        ("b", 2, "not_selected", True, False),
        ("c", 2, "not_selected", True, False),
    ]


def test_a_tie_across_the_limit_must_be_settled():
    files = [entry("a", "90"), entry("b", "70"), entry("c", "70"), entry("d", "60")]
    lines = rank(files, RULES)
    assert [(x.key, x.rank, x.outcome, x.tied, x.must_settle) for x in lines] == [
        ("a", 1, "selected", False, False),
        ("b", 2, "undecided", True, True),
        ("c", 2, "undecided", True, True),
        ("d", 4, "reserve", False, False),
    ]
    assert lines[1].why == "À égalité\u00a0: le jury doit départager."
    settled = rank(files, RULES, settled=["c", "b"])
    assert [(x.key, x.rank, x.outcome, x.tied) for x in settled] == [
        ("a", 1, "selected", False),
        ("c", 2, "selected", False),
        ("b", 3, "reserve", False),
        ("d", 4, "reserve", False),
    ]


def test_a_tie_inside_the_reserve_must_be_settled_since_its_order_counts():
    lines = rank([entry("a", "90"), entry("b", "80"), entry("c", "70"), entry("d", "70")], RULES)
    assert [(x.key, x.outcome, x.must_settle) for x in lines[2:]] == [("c", "reserve", True), ("d", "reserve", True)]


def test_the_order_given_by_the_jury_never_passes_over_the_score():
    lines = rank([entry("a", "90"), entry("b", "80")], RULES, settled=["b", "a"])
    assert [line.key for line in lines] == ["a", "b"]


@pytest.mark.parametrize(
    ("position", "outcome"), [(1, "selected"), (2, "selected"), (3, "reserve"), (4, "reserve"), (5, "not_selected")]
)
def test_outcome_at(position, outcome):
    assert outcome_at(position, RULES) == outcome


def test_a_file_without_score_is_ranked_when_the_call_has_no_threshold():
    assert refusal(entry("a"), RankingRules()) == ""


scores = st.one_of(st.none(), st.integers(0, 20).map(lambda n: D(n * 5)))
files = st.lists(st.tuples(scores, scores, st.booleans(), st.booleans()), max_size=15).map(
    lambda rows: [Entry(f"f{i:02}", s, () if t is None else (t,), k, v) for i, (s, t, k, v) in enumerate(rows)]
)
rule_sets = st.builds(
    RankingRules,
    threshold=st.one_of(st.none(), st.integers(0, 100).map(D)),
    max_selected=st.one_of(st.none(), st.integers(1, 6)),
    reserve_size=st.integers(0, 4),
)


@given(files, rule_sets, st.randoms())
def test_permutations_change_nothing(entries, rules, random):
    shuffled = entries[:]
    random.shuffle(shuffled)
    assert rank(shuffled, rules) == rank(entries, rules)


@given(files, rule_sets)
def test_limits_hold_and_order_is_that_of_the_scores(entries, rules):
    lines = rank(entries, rules)
    assert sorted(line.key for line in lines) == [e.key for e in entries]
    chosen = [line for line in lines if line.outcome == "selected"]
    assert rules.max_selected is None or len(chosen) <= rules.max_selected
    assert len([x for x in lines if x.outcome == "reserve"]) <= rules.reserve_size
    by_key = {e.key: e for e in entries}
    ranked = [by_key[line.key].score or D(0) for line in lines if line.rank]
    assert ranked == sorted(ranked, reverse=True)
    assert all(by_key[x.key].favourable and not by_key[x.key].knocked_out for x in lines if x.rank)


@given(files, rule_sets, st.randoms())
def test_an_order_of_all_files_leaves_nothing_to_settle(entries, rules, random):
    keys = [e.key for e in entries]
    random.shuffle(keys)
    lines = rank(entries, rules, settled=keys)
    assert not any(line.tied or line.must_settle or line.outcome == "undecided" for line in lines)
    assert [line.rank for line in lines if line.rank] == list(range(1, len([x for x in lines if x.rank]) + 1))


# --- several deciding criteria ---------------------------------------------------------------------------------------


def test_the_deciding_criteria_are_asked_in_their_order():
    files = [
        Entry(k, D(70), tuple(map(D, t))) for k, t in (("a", (10, 5)), ("b", (10, 9)), ("c", (12, 0)), ("d", (10, 9)))
    ]
    lines = rank(files, RankingRules())
    assert [(line.key, line.rank, line.tied) for line in lines] == [
        ("c", 1, False), ("b", 2, True), ("d", 2, True), ("a", 4, False),
    ]  # fmt: skip


# --- rankings apart --------------------------------------------------------------------------------------------------


CODES = ("A", "B", "")
apart = st.lists(
    st.tuples(
        st.sampled_from(CODES), scores, st.lists(st.integers(0, 2).map(D), min_size=2, max_size=2), st.booleans()
    ),
    max_size=15,
).map(lambda rows: [Entry(f"f{i:02}", s, tuple(t), k, ranking=c) for i, (c, s, t, k) in enumerate(rows)])
rules_apart = st.fixed_dictionaries(dict.fromkeys(CODES, rule_sets))


@given(apart, rules_apart)
def test_each_ranking_is_as_if_alone(entries, rules):
    """Partition independence: nothing of one ranking changes another."""
    expected = [line for code in rules for line in rank([e for e in entries if e.ranking == code], rules[code])]
    assert rank_apart(entries, rules) == expected


@given(apart, rules_apart, st.randoms())
def test_the_order_of_entry_changes_no_ranking(entries, rules, random):
    shuffled = entries[:]
    random.shuffle(shuffled)
    assert rank_apart(shuffled, rules) == rank_apart(entries, rules)


@given(apart, rules_apart, st.sampled_from(CODES), scores)
def test_another_score_elsewhere_changes_nothing_here(entries, rules, code, score):
    changed = [e if e.ranking == code else Entry(e.key, score, e.tie_break, ranking=e.ranking) for e in entries]
    before, after = rank_apart(entries, rules), rank_apart(changed, rules)
    assert [x for x in before if x.ranking == code] == [x for x in after if x.ranking == code]


# --- without numbers -------------------------------------------------------------------------------------------------


def test_without_numbers_all_are_kept_without_order_when_there_is_room():
    free = rank([Entry("a"), Entry("b"), Entry("c", favourable=False)], RankingRules(max_selected=2, computed=False))
    assert [(x.key, x.rank, x.outcome, x.must_settle) for x in free] == [
        ("a", None, "selected", False), ("b", None, "selected", False), ("c", None, "not_selected", False),
    ]  # fmt: skip


def test_without_numbers_the_jury_gives_the_order_when_places_lack():
    rules = RankingRules(max_selected=1, reserve_size=1, computed=False)
    lines = rank([Entry("a"), Entry("b"), Entry("c")], rules)
    assert {(x.rank, x.outcome, x.must_settle) for x in lines} == {(1, "undecided", True)}
    assert lines[0].why == "Plus de candidatures que de places\u00a0: le jury doit donner l’ordre."
    settled = rank([Entry("a"), Entry("b"), Entry("c")], rules, settled=["c", "a", "b"])
    assert [(x.key, x.rank, x.outcome, x.must_settle) for x in settled] == [
        ("c", 1, "selected", False), ("a", 2, "reserve", False), ("b", 3, "not_selected", False),
    ]  # fmt: skip
