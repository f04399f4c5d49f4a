"""Votes against closings, one seat on several devices, members who validate together (reliability E1, E4, E8)."""

import random
import threading
from collections import Counter
from decimal import Decimal

import pytest

from juries.models import AgendaItem, Assessment, FileScore, ProposalLine, SeatHolder, Vote
from juries.services.assessments import save_notes, submit_assessment
from juries.services.ballots import cast_vote, close_ballot, enter_hands, open_ballot
from juries.services.interests import declare_link
from juries.services.scores import score_values
from juries.services.sessions import close_session
from portal.core.rules import Refused
from tests.applications.files import together
from tests.juries.naive import naive_cast, naive_close, naive_vote_once
from tests.juries.scenes import (
    declare_all,
    hold_ballot,
    make_file,
    make_open_session,
    make_scene,
    open_the_session,
    plan_session,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

CLOSED = "Le scrutin est clos\u00a0: votre bulletin n’a pas été compté."
TWICE = "Votre bulletin est déjà dans l’urne. Il ne se reprend pas."


def open_scene(files: int):
    """Nine voters, an open session, files that nobody noted (notes play no part here)."""
    scene = make_scene(0, voting=9, advisory=0, quorum=5)
    for n in range(files):
        insee = f"{60000 + n}"
        scene.files.append(make_file(scene.call, (insee, f"3{n:08}", f"Commune {n}", 0, 100), n + 1))
    return open_the_session(plan_session(declare_all(scene)))


def vote(item_pk: int, holder: SeatHolder, choice: str):
    return lambda: cast_vote(
        item=AgendaItem.objects.select_related("session__call").get(pk=item_pk), holder=holder, choice=choice
    )


def close(item_pk: int, president):
    return lambda: close_ballot(item=AgendaItem.objects.select_related("session__call").get(pk=item_pk), by=president)


def box_of(item: AgendaItem) -> tuple[int, int, int]:
    found = Counter(Vote.objects.filter(item=item).values_list("choice", flat=True))
    return found["for"], found["against"], found["abstain"]


def counted(item: AgendaItem) -> tuple[int | None, int | None, int | None]:
    return item.votes_for, item.votes_against, item.abstentions


def ending(act, ended: threading.Event):
    """The act, which tells that it has ended, done or refused."""

    def run():
        try:
            return act()
        finally:
            ended.set()

    return run


def after(ended: threading.Event, act):
    """The act of whoever is too late: it begins when the other one has ended."""

    def run():
        assert ended.wait(20)
        return act()

    return run


def test_eleven_threads_the_minutes_are_the_box(full_counts):
    """Nine voters and two clicks of the president at once: what is counted is what is in the box, one closing.

    The ninth begins once a click has ended: some votes meet a closed ballot whatever the speed of the machine.
    """
    late = 0
    scene = open_scene(1000 if full_counts else 12)
    for item in scene.items:
        open_ballot(item=item, by=scene.president)
        choices = random.choices(["for", "against", "abstain"], k=9)
        acts = [vote(item.pk, holder, choice) for holder, choice in zip(scene.voters, choices, strict=True)]
        ended = threading.Event()
        acts[-1] = after(ended, acts[-1])
        acts += [ending(close(item.pk, scene.president), ended) for _ in range(2)]
        random.shuffle(acts)
        results = together(acts)
        item.refresh_from_db()
        cast = [result for result in results if isinstance(result, Vote)]
        refused = [str(result) for result in results if isinstance(result, Refused)]
        assert (item.state, counted(item)) == ("closed", box_of(item))
        assert len(cast) == sum(box_of(item))
        assert refused.count(CLOSED) == 9 - len(cast)
        assert len(refused) == 9 - len(cast) + 1
        assert all(ballot.cast_at < item.closed_at for ballot in cast)
        late += 9 - len(cast)
    assert late > 0, "no vote ever met a closing: the race was not run"


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="the naive closing: count, then write")
def test_the_naive_closing_disagrees_with_the_box():
    scene = open_scene(1)
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    counted_once, voted = threading.Event(), threading.Event()

    def closing():
        def wait():
            counted_once.set()
            assert voted.wait(20)

        naive_close(item=item, between=wait)

    def voting():
        assert counted_once.wait(20)
        naive_cast(item=item, holder=scene.voters[0], choice="for", between=lambda: None)
        voted.set()

    together([closing, voting])
    item.refresh_from_db()
    assert counted(item) == box_of(item)


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="the naive vote: read the state, then write")
def test_the_naive_vote_enters_a_closed_box():
    scene = open_scene(1)
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    read, closed = threading.Event(), threading.Event()

    def voting():
        def wait():
            read.set()
            assert closed.wait(20)

        naive_cast(item=item, holder=scene.voters[0], choice="for", between=wait)

    def closing():
        assert read.wait(20)
        naive_close(item=item, between=lambda: None)
        closed.set()

    together([voting, closing])
    item.refresh_from_db()
    assert counted(item) == box_of(item)


def test_eight_devices_of_one_seat_one_ballot(full_counts):
    scene = open_scene(25 if full_counts else 4)
    for item in scene.items:
        open_ballot(item=item, by=scene.president)
        for holder in scene.voters[: 8 if full_counts else 2]:
            results = together([vote(item.pk, holder, choice) for choice in ["for", "against"] * 4])
            assert [str(r) for r in results if not isinstance(r, Vote)] == [TWICE] * 7
            assert Vote.objects.filter(item=item, seat=holder.seat).count() == 1
        close_ballot(item=item, by=scene.president)


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="the naive check: ask, then write")
def test_the_naive_check_lets_eight_devices_through():
    scene = open_scene(1)
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    meet = threading.Barrier(8, timeout=20)
    allowed = together([lambda: naive_vote_once(item=item, holder=scene.voters[0], between=meet.wait)] * 8)
    assert allowed.count(True) == 1


def test_a_recusal_during_the_ballot_is_never_counted(full_counts):
    """A member votes and declares a tie at the same instant, the president closes: their ballot is not in the count."""
    scene = open_scene(50 if full_counts else 6)
    tied = scene.voters[3]
    for item in scene.items:
        open_ballot(item=item, by=scene.president)
        others = [h for h in scene.voters if h != tied]
        for holder in others:
            cast_vote(item=item, holder=holder, choice="against")

        def stand_aside(item=item):
            declare_link(holder=tied, application=item.application, nature="Étude en cours", at=scene.at)

        together([vote(item.pk, tied, "for"), stand_aside])
        close_ballot(item=item, by=scene.president)
        assert (counted(item), item.recused_count) == ((0, 8, 0), 1)


def test_hands_written_while_others_vote_and_the_ballot_closes(full_counts):
    """The secretary writes five hands, two of those members also vote from their device, the president closes: one
    ballot a seat, hands all in the box or none, and the count is the box."""
    scene = open_scene(200 if full_counts else 8)
    kept = Counter()
    for item in scene.items:
        open_ballot(item=item, by=scene.president)
        raised = {holder.seat_id: "for" for holder in scene.voters[:5]}

        def write(item_pk=item.pk, raised=raised):
            fresh = AgendaItem.objects.select_related("session__call").get(pk=item_pk)
            return enter_hands(item=fresh, choices=raised, by=scene.president)

        acts = [
            write,
            *(vote(item.pk, holder, "against") for holder in scene.voters[3:7]),
            close(item.pk, scene.president),
        ]
        random.shuffle(acts)
        together(acts)
        item.refresh_from_db()
        box = Vote.objects.filter(item=item)
        assert (item.state, counted(item)) == ("closed", box_of(item))
        assert box.count() == box.values("seat").distinct().count()
        hands = box.filter(entered_by__isnull=False).count()
        assert hands in (0, 5)
        kept[hands] += 1
    assert kept[0], "no hand ever met another vote or a closing: the race was not run"


def test_members_who_validate_together_all_count(full_counts):
    """Each waits for the others on the file's score: the last one computed counts everybody."""
    scene = declare_all(make_scene(6, voting=8))
    for turn, file in enumerate(scene.files[: 6 if full_counts else 2]):

        def validate(holder, n, file=file, turn=turn):
            notes = {"C1": Decimal((n + turn) % 6), "C2": Decimal(n % 6)}
            save_notes(holder=holder, application=file, notes=notes, comment="", at=scene.at)
            return submit_assessment(holder=holder, application=file, at=scene.at)

        results = together([lambda h=holder, n=n: validate(h, n) for n, holder in enumerate(scene.voters)])
        assert {type(result) for result in results} == {Assessment}, results
        row = FileScore.objects.get(application=file)
        assert row.members == 8
        assert {name: getattr(row, name) for name in score_values(file)} == score_values(file)


def test_two_closings_of_the_session_freeze_one_proposal():
    scene = make_open_session()
    for item in scene.items:
        hold_ballot(scene, item, "ppppppp")
    order = [str(file.uuid) for file in scene.files]
    results = together(
        [lambda: close_session(session=scene.session, by=scene.president, at=scene.at, settled=order, reason="Tirage.")]
        * 4
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", *["Refused"] * 3]
    assert ProposalLine.objects.count() == 3
