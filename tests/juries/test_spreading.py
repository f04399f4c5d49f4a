"""Files entrusted to members: evenly, by hand, by territory; who notes what, how far they are, who is reminded."""

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from juries.due_facts import due_facts
from juries.models import Assignment
from juries.queries import (
    awaited_by_seat,
    dispersion_of,
    files_for,
    files_in_progress,
    noted_so_far,
    progress_of,
    to_note,
)
from juries.services.assessments import save_notes
from juries.services.assigning import entrust, spread_evenly, withdraw
from juries.services.interests import declare_link
from juries.spreading import rule, spread
from portal.core.rules import Refused
from tests.juries.clicks import enter, said, text_of
from tests.juries.scenes import declare_all, make_scene, note_all, open_the_session, plan_session

# --- pure ------------------------------------------------------------------------------------------------------------


def test_loads_are_even_and_each_file_has_its_members():
    plan = spread([1, 2, 3, 4, 5], [10, 20, 30], readers=2)
    assert plan.short == {}
    assert plan.added == (
        (10, 1), (20, 1), (30, 2), (10, 2), (20, 3), (30, 3), (10, 4), (20, 4), (30, 5), (10, 5),
    )  # fmt: skip
    assert sorted(Counter(seat for seat, _ in plan.added).values()) == [3, 3, 4]


def test_files_that_few_may_note_come_first():
    """Only seat 20 may note file 3: with one file a member, it must not spend itself on file 1."""
    plan = spread([1, 2, 3], [10, 20, 30], readers=1, max_load=1, forbidden=[(10, 3), (30, 3)])
    assert {file: seat for seat, file in plan.added} == {3: 20, 1: 10, 2: 30}
    assert plan.short == {}


def test_what_is_there_stays_and_what_lacks_is_said():
    plan = spread([1, 2], [10, 20], readers=2, known=[(10, 1)], forbidden=[(20, 2)])
    assert (plan.added, dict(plan.short)) == (((10, 2), (20, 1)), {2: 1})


pairs = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 11)))


@given(st.integers(1, 12), st.integers(1, 6), st.integers(1, 4), st.none() | st.integers(1, 8), pairs)
def test_nobody_is_given_what_they_may_not_have_nor_too_much(files, seats, readers, most, forbidden):
    plan = spread(list(range(files)), list(range(seats)), readers=readers, max_load=most, forbidden=forbidden)
    assert not set(plan.added) & forbidden
    assert len(set(plan.added)) == len(plan.added)
    load = Counter(seat for seat, _ in plan.added)
    assert all(n <= (most or files) for n in load.values())
    for file in range(files):
        assert sum(other == file for _, other in plan.added) + plan.short.get(file, 0) == readers
    if not forbidden and most is None:
        counts = [load[seat] for seat in range(seats)]
        assert max(counts) - min(counts) <= 1


def test_the_rule_in_words():
    assert "par 2\u00a0membres, sans dépasser 8\u00a0dossiers par membre." in rule(2, 8)
    assert "Rien n’est tiré au sort." in rule(1, None)


# --- services and screens ----------------------------------------------------------------------------------------------

db = pytest.mark.django_db


def shared_scene(files: int = 3, readers: int = 2, **more):
    scene = make_scene(files)
    scene.call.extras = {**scene.call.extras, "jury": {"readers": readers, **more}}
    scene.call.save(update_fields=["extras"])
    for holder in scene.holders:
        holder.seat.call.extras = scene.call.extras
    return declare_all(scene)


@db
def test_each_file_goes_to_its_members_and_to_nobody_recused(client):
    scene = shared_scene()
    declare_link(holder=scene.holders[0], application=scene.files[0], nature="Étude", at=scene.at)
    enter(client, scene.manager)
    url = reverse("jury_progress", args=[scene.call.slug])
    assert "Chaque dossier est noté par 2\u00a0membres" in text_of(client.get(url))
    assert said(client.post(reverse("jury_spread", args=[scene.call.slug]), follow=True)).startswith("6\u00a0dossiers")
    given_to = {file.pk: {a.seat_id for a in file.jury_assignments.all()} for file in scene.files}
    assert {len(seats) for seats in given_to.values()} == {2}
    assert scene.holders[0].seat_id not in given_to[scene.files[0].pk]
    assert spread_evenly(call=scene.call, by=scene.manager, at=scene.at).added == ()


@db
def test_a_member_notes_only_what_is_entrusted_to_them_and_reads_the_rest(client):
    scene = shared_scene()
    holder, (mine, other, _) = scene.holders[1], scene.files
    entrust(seat=holder.seat, files=[mine], mode="hand", by=scene.manager, at=scene.at)
    assert [file.number for file in to_note(files_for(holder))] == [mine.number]
    assert noted_so_far(files_for(holder)) == {"noted": 0, "awaited": 1}
    with pytest.raises(Refused, match="Ce dossier est noté par d’autres membres"):
        save_notes(holder=holder, application=other, notes={}, comment="", at=scene.at)
    save_notes(holder=holder, application=mine, notes={}, comment="", at=scene.at)
    enter(client, holder.user)
    page = client.get(reverse("jury_file", args=[other.uuid]))
    assert (page.status_code, "Ce dossier est noté par d’autres membres" in text_of(page)) == (200, True)
    assert text_of(client.get(reverse("jury_home"))).count("À lire") == 2


@db
def test_a_recusal_takes_the_file_back():
    scene = shared_scene()
    entrust(seat=scene.holders[1].seat, files=scene.files, mode="hand", by=scene.manager, at=scene.at)
    declare_link(holder=scene.holders[1], application=scene.files[0], nature="Étude", at=scene.at)
    assert set(Assignment.objects.values_list("application", flat=True)) == {f.pk for f in scene.files[1:]}
    with pytest.raises(Refused, match="Ce siège est déporté de la candidature TPS-2027-0001."):
        entrust(seat=scene.holders[1].seat, files=scene.files[:1], mode="hand", by=scene.manager, at=scene.at)


@db
def test_by_hand_in_bulk_and_by_territory(client):
    scene = shared_scene()
    enter(client, scene.manager)
    hand, place = (reverse(name, args=[scene.call.slug]) for name in ("jury_entrust", "jury_entrust_place"))
    seat = scene.holders[2].seat_id
    unknown = client.post(hand, {"seat": seat, "numbers": "TPS-2027-0001 X-1"})
    assert "ne porte ce numéro\u00a0: X-1." in text_of(unknown)
    assert Assignment.objects.count() == 0
    client.post(hand, {"seat": seat, "numbers": "tps-2027-0001; TPS-2027-0002"})
    assert set(Assignment.objects.values_list("application__number", "mode")) == {
        ("TPS-2027-0001", "hand"), ("TPS-2027-0002", "hand"),
    }  # fmt: skip
    department = scene.files[0].lead.commune.department_id
    client.post(place, {"seat": scene.holders[3].seat_id, "place": f"department:{department}"})
    assert Assignment.objects.filter(mode="territory", seat=scene.holders[3].seat).count() == 3
    advisory = client.post(hand, {"seat": scene.holders[7].seat_id, "numbers": "TPS-2027-0001"})
    assert advisory.status_code == 200


@db
def test_a_file_validated_is_not_taken_back():
    scene = shared_scene(files=2)
    for holder in scene.voters[:2]:
        entrust(seat=holder.seat, files=scene.files, mode="hand", by=scene.manager, at=scene.at)
    note_all(scene, (4, 3), (5, 5), members=1)
    done, free = (Assignment.objects.filter(seat=holder.seat).first() for holder in scene.voters[:2])
    with pytest.raises(Refused, match="Ce membre a validé ses notes"):
        withdraw(assignment=done)
    withdraw(assignment=free)
    assert Assignment.objects.count() == 3


@db
def test_nothing_is_spread_once_the_session_is_open_nor_where_all_note_all():
    scene = declare_all(make_scene(1))
    with pytest.raises(Refused, match="Tous les membres notent tous les dossiers"):
        spread_evenly(call=scene.call, by=scene.manager, at=scene.at)
    note_all(scene, (4, 3))
    open_the_session(plan_session(scene))
    with pytest.raises(Refused, match="La séance est ouverte"):
        entrust(seat=scene.holders[1].seat, files=[], mode="hand", by=scene.manager, at=scene.at)


@db
def test_progress_by_file_and_by_member_and_reminders_to_who_owes():
    scene = shared_scene(files=2, readers=1)
    first, second = scene.voters[:2]
    entrust(seat=first.seat, files=scene.files[:1], mode="hand", by=scene.manager, at=scene.at)
    entrust(seat=second.seat, files=scene.files[1:], mode="hand", by=scene.manager, at=scene.at)
    plan_session(scene)
    criteria = list(scene.call.criteria.order_by("position"))
    from tests.juries.scenes import write_sheet

    write_sheet(scene.files[0], first, dict(zip(criteria, (4, 3), strict=True)), scene.at)
    files = list(files_in_progress(scene.call))
    far = progress_of(scene.call, files)
    assert [(far[f.pk].noted, far[f.pk].awaited) for f in files] == [(1, 1), (0, 1)]
    assert {seat: n for seat, n in awaited_by_seat(scene.call).items() if n} == {first.seat_id: 1, second.seat_id: 1}
    owed = {fact.recipient for fact in due_facts(scene.at + timedelta(minutes=1))}
    assert owed == {second.user.email}


@db
def test_dispersion_is_between_the_most_and_the_least_generous():
    scene = declare_all(make_scene(2))
    note_all(scene, (4, 3), (4, 3), members=1)
    criteria = list(scene.call.criteria.order_by("position"))
    from tests.juries.scenes import write_sheet

    write_sheet(scene.files[0], scene.voters[1], dict(zip(criteria, (1, 1), strict=True)), scene.at)
    assert dispersion_of([file.pk for file in scene.files]) == {scene.files[0].pk: 52}
