"""Quorum, exhaustively against a reference written another way."""

from juries.quorum import Quorum, SeatFact, quorum_of


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
                    quorum = quorum_of(seats_of(n, recused, present, recused), needed)
                    remaining = needed
                    for _ in range(present):
                        remaining -= 1
                    assert quorum.reached is (remaining <= 0), (n, recused, present, needed)
                    assert quorum.reachable is (n - recused - needed >= 0)
                    assert (quorum.present, quorum.base, quorum.recused) == (present, n - recused, recused)
    assert cases == 21_820  # 4 × (C(33, 3) − 1)


def test_advisory_seats_never_count():
    seats = [SeatFact(present=True), *[SeatFact(voting=False, present=True)] * 3, SeatFact(voting=False, recused=True)]
    assert quorum_of(seats, 2) == Quorum(present=1, base=1, recused=0, needed=2)


def test_a_recused_member_in_the_room_does_not_make_the_quorum():
    seats = [SeatFact(present=True)] * 4 + [SeatFact(present=True, recused=True)]
    assert not quorum_of(seats, 5).reached
    assert quorum_of([*seats, SeatFact(present=True)], 5).reached


def test_the_sentence_of_the_picture():
    assert (
        Quorum(present=7, base=8, recused=1, needed=5).sentence
        == "7\u00a0présents sur 8\u00a0votants\u202f; il en faut 5."
    )
    assert (
        Quorum(present=1, base=1, recused=0, needed=1).sentence
        == "1\u00a0présent sur 1\u00a0votant\u202f; il en faut 1."
    )
