"""Arrivals, departures and returns: kept one by one, told in the minutes, and counted file by file."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from juries.documents import minutes_snapshot
from juries.models import AttendanceMove
from juries.services.attendance import record_attendance
from juries.services.seats import take_seat
from juries.services.sessions import close_session
from juries.stays import Move, Stay, sentence, stays
from portal.core.calendar import PARIS
from portal.core.clock import portal_now
from tests.factories import make_user
from tests.juries.scenes import hold_ballot, make_open_session

NINE = datetime(2027, 5, 5, 9, 0, tzinfo=PARIS)


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def told(*moves: tuple[str, int]) -> str:
    found = stays(Move(kind, at(minutes)) for kind, minutes in moves)
    return sentence(found, opened_at=NINE).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("moves", "text"),
    [
        ([], ""),
        ([("absent", -5)], ""),
        ([("excused", -5)], ""),
        ([("present", -5)], "Présent"),
        ([("substitute", -5)], "Présence par suppléance"),
        ([("present", -5), ("left", 58)], "Présent, parti à 9 h 58"),
        ([("present", -5), ("left", 58), ("present", 80)], "Présent, parti à 9 h 58, revenu à 10 h 20"),
        (
            [("present", -5), ("left", 58), ("present", 80), ("left", 95)],
            "Présent, parti à 9 h 58, revenu à 10 h 20, parti à 10 h 35",
        ),
        ([("present", -5), ("substitute", 30)], "Présent, une suppléance siège à partir de 9 h 30"),
        ([("substitute", -5), ("present", 30)], "Présence par suppléance, titulaire présent à partir de 9 h 30"),
        ([("present", -30), ("absent", -10), ("present", -5)], "Présent"),
        ([("present", -30), ("excused", -10)], ""),
    ],
)
def test_the_sentence_of_a_seat(moves, text):
    assert told(*moves) == text


def test_a_stay_ends_where_the_next_one_begins():
    assert stays([Move("substitute", at(30)), Move("present", at(0))]) == [
        Stay(at(0), at(30), substitute=False),
        Stay(at(30), None, substitute=True),
    ]


@pytest.mark.django_db
def test_who_leaves_and_comes_back_is_told_with_every_instant():
    scene = make_open_session(2)
    seat, opened = scene.holders[2].seat, scene.at
    secretary = make_user()
    for presence, minutes in (("left", 20), ("left", 25), ("present", 40)):
        record_attendance(
            session=scene.session, seat=seat, presence=presence, at=opened + timedelta(minutes=minutes), by=secretary
        )
    kept = AttendanceMove.objects.filter(attendance__seat=seat).values_list("kind", "happened_at", "by")
    assert list(kept) == [
        ("present", opened, None),
        ("left", opened + timedelta(minutes=20), secretary.pk),
        ("present", opened + timedelta(minutes=40), secretary.pk),
    ]
    substitute = take_seat(seat=scene.holders[3].seat, user=make_user(), at=opened, substitute=True)
    record_attendance(
        session=scene.session, seat=substitute.seat, presence="substitute", at=opened + timedelta(hours=1)
    )
    for item in scene.items:
        hold_ballot(scene, item, "ppp-ppp")
    close_session(
        session=scene.session,
        by=scene.president,
        at=portal_now(),
        settled=[str(f.uuid) for f in scene.files],
        reason="Tirage.",
    )
    presences = [row["presence"] for row in minutes_snapshot(scene.session)["voting"]]
    assert presences[2].startswith("Présent, parti à ")
    assert ", revenu à " in presences[2]
    assert presences[3].startswith("Présent, une suppléance siège à partir de ")
    assert {presences[n] for n in (0, 1, 4, 5, 6)} == {"Présent"}


@pytest.mark.django_db
def test_no_move_is_rewritten():
    make_open_session(1)
    move = AttendanceMove.objects.first()
    for act in (lambda: AttendanceMove.objects.filter(pk=move.pk).update(kind="left"), move.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert AttendanceMove.objects.get(pk=move.pk).kind == "present"
