"""Quorum, exhaustively against a reference written another way."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juries.quorum import CollegeRule, Quorum, QuorumRules, SeatFact, Share, quorum_of, read_rules


def seats_of(n: int, recused: int, present: int, present_recused: int) -> list[SeatFact]:
    """`n` voting seats: `recused` of them (of whom `present_recused` are in the room), `present` others here."""
    out = [SeatFact(present=i < present_recused, recused=True) for i in range(recused)]
    return out + [SeatFact(present=i < present) for i in range(n - recused)]


def test_every_case_up_to_thirty_seats():
    """Reference: walk the seats one by one, as the secretary does with a pencil."""
    cases = 0
    for n in range(1, 31):
        for recused in range(n + 1):
            for present in range(n - recused + 1):
                for needed in (1, n // 2, n // 2 + 1, n):
                    cases += 1
                    quorum = quorum_of(seats_of(n, recused, present, recused), QuorumRules(needed))
                    remaining = needed
                    for _ in range(present):
                        remaining -= 1
                    assert quorum.reached is (remaining <= 0), (n, recused, present, needed)
                    assert quorum.reachable is (n - recused - needed >= 0)
                    assert (quorum.present, quorum.base, quorum.recused) == (present, n - recused, recused)
    assert cases == 21_820  # 4 × (C(33, 3) − 1)


def test_advisory_seats_never_count():
    seats = [SeatFact(present=True), *[SeatFact(voting=False, present=True)] * 3, SeatFact(voting=False, recused=True)]
    assert quorum_of(seats, QuorumRules(2)) == Quorum(present=1, base=1, recused=0, needed=2)


def test_a_recused_member_in_the_room_does_not_make_the_quorum():
    seats = [SeatFact(present=True)] * 4 + [SeatFact(present=True, recused=True)]
    assert not quorum_of(seats, QuorumRules(5)).reached
    assert quorum_of([*seats, SeatFact(present=True)], QuorumRules(5)).reached


def test_the_sentence_of_the_picture():
    assert (
        Quorum(present=7, base=8, recused=1, needed=5).sentence
        == "7\u00a0présents sur 8\u00a0votants\u202f; il en faut 5."
    )
    assert (
        Quorum(present=1, base=1, recused=0, needed=1).sentence
        == "1\u00a0présent sur 1\u00a0votant\u202f; il en faut 1."
    )


FRACTIONS = {
    "third": Fraction(1, 3),
    "half": Fraction(1, 2),
    "two_thirds": Fraction(2, 3),
    "three_quarters": Fraction(3, 4),
}


def holds(part: int, whole: int, name: str, strict: bool) -> bool:
    """The words of the rules, read as fractions: « plus de la moitié », « au moins la moitié »."""
    return part > whole * FRACTIONS[name] if strict else part >= whole * FRACTIONS[name]


def test_every_share_of_every_jury_up_to_twelve_seats():
    """Each seat is away, here, or recused: 3^n juries by counts, every share, strict or not, with and without a number."""
    cases = 0
    for n, (name, strict), least in itertools.product(
        range(1, 13), itertools.product(FRACTIONS, (False, True)), (1, 3, 7)
    ):
        rules = QuorumRules(least, Share(name, strict))
        for recused in range(n + 1):
            for present in range(n - recused + 1):
                base = n - recused
                quorum = quorum_of(seats_of(n, recused, present, recused), rules)
                assert quorum.reached is (holds(present, base, name, strict) and present >= least), (
                    n,
                    recused,
                    present,
                )
                assert holds(quorum.needed, base, name, strict)
                cases += 1
    assert cases == 8 * 3 * 454  # the counts of n seats in three states, n from 1 to 12


def test_every_jury_of_two_colleges_up_to_twelve_seats():
    """LEADER: at least half of those present come from the private college; or so many members of it."""
    for private, public in itertools.product(range(1, 7), range(1, 7)):
        for here, others in itertools.product(range(private + 1), range(public + 1)):
            seats = [SeatFact(present=i < here, college="privé") for i in range(private)]
            seats += [SeatFact(present=i < others, college="public") for i in range(public)]
            shared = quorum_of(seats, QuorumRules(1, colleges=(CollegeRule("privé", share=Share("half")),)))
            assert shared.reached is (here + others >= 1 and 2 * here >= here + others)
            counted = quorum_of(seats, QuorumRules(1, colleges=(CollegeRule("privé", members=2),)))
            assert counted.reached is (here >= 2)


@given(st.integers(13, 400), st.data())
def test_beyond_twelve_one_more_member_never_loses_the_quorum(n, data):
    recused = data.draw(st.integers(0, n))
    present = data.draw(st.integers(0, n - recused))
    rules = QuorumRules(
        data.draw(st.integers(1, n)), Share(data.draw(st.sampled_from(sorted(FRACTIONS))), data.draw(st.booleans()))
    )
    before = quorum_of(seats_of(n, recused, present, 0), rules)
    assert before.reached is (
        present >= rules.least and holds(present, n - recused, rules.share.name, rules.share.strict)
    )
    if present < n - recused and before.reached:
        assert quorum_of(seats_of(n, recused, present + 1, 0), rules).reached


@pytest.mark.parametrize(
    ("seats", "missing"),
    [
        ((True, False), "Collège « Maires » : 1 présent, il en faut 2."),
        ((False, False), "Présence requise et manquante : DREAL. Collège « Maires » : 0 présent, il en faut 2."),
        ((True, True), ""),
    ],
)
def test_what_is_missing_is_said(seats, missing):
    facts = [SeatFact(present=seats[0], required=True, label="DREAL", college="Maires")]
    facts.append(SeatFact(present=seats[1], college="Maires"))
    found = quorum_of(facts, QuorumRules(1, colleges=(CollegeRule("Maires", members=2),)))
    assert found.missing.replace("\u202f", " ").replace("\u00a0", " ") == missing


def test_the_rules_are_read_as_the_call_keeps_them():
    written = {
        "quorum_share": "half",
        "quorum_strict": True,
        "quorum_colleges": [{"college": "Privé", "share": "half"}, {"college": "Élus", "members": 2}],
    }
    assert read_rules(3, written) == QuorumRules(
        3,
        Share("half", strict=True),
        (CollegeRule("Privé", share=Share("half")), CollegeRule("Élus", members=2)),
    )
    assert read_rules(5, {}) == QuorumRules(5)
