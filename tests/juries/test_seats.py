"""Seats of every kind: co-chairs, observers, voices, one by département, drawn by lot."""

from hashlib import sha256

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from calls.models import SeatTemplate
from calls.queries import communes_of_perimeter
from juries.lots import order
from juries.models import Seat, SeatDraw
from juries.queries import chairing, files_for, item_quorum, undeclared
from juries.services.assessments import save_notes
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, open_ballot
from juries.services.interests import pronounce_recusal
from juries.services.seats import compose_jury, draw_commune, end_holding, invite_holder, take_seat
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from portal.territories.models import Commune
from tests.factories import make_user
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import declare_all, make_scene, note_all, open_the_session, plan_session

pytestmark = pytest.mark.django_db


# --- of one département -----------------------------------------------------------------------------------------------


def two_departments():
    """Two files of Seine-Maritime, one of Eure; the seventh seat is that of the Eure."""
    scene = make_scene(3)
    eure = Commune.objects.exclude(department="76").values_list("department", flat=True).first()
    if eure is None:
        from portal.territories.models import Department

        region = scene.files[0].lead.commune.department.region
        eure = Department.objects.create(code="27", name="Eure", region=region).pk
    scene.files[2].lead.commune.department_id = eure
    scene.files[2].lead.commune.save()
    Seat.objects.filter(pk=scene.holders[6].seat_id).update(department=eure)
    scene.holders[6].seat.refresh_from_db()
    return scene


def test_one_seat_for_each_department_of_the_perimeter():
    scene = two_departments()
    SeatTemplate.objects.create(call=scene.call, code="DDT", position=9, label="DDT", by_department=True)
    made = [seat for seat in compose_jury(call=scene.call) if seat.code.startswith("DDT")]
    perimeter = {commune.department_id for commune in communes_of_perimeter(scene.call)}
    assert {(seat.code, seat.department_id) for seat in made} == {(f"DDT_{code}", code) for code in perimeter}
    assert all(seat.label.startswith("DDT, ") for seat in made)


def test_its_holder_meets_the_files_of_the_department_only(client):
    scene = two_departments()
    holder = scene.holders[6]
    assert [file.number for file in files_for(holder)] == [scene.files[2].number]
    assert undeclared(holder).count() == 1
    declare_all(scene)
    with pytest.raises(Refused, match="Votre siège est celui d’un autre département"):
        save_notes(holder=holder, application=scene.files[0], notes={}, comment="", at=scene.at)
    enter(client, holder.user)
    assert client.get(reverse("jury_file", args=[scene.files[0].uuid])).status_code == 403
    assert client.get(reverse("jury_file", args=[scene.files[2].uuid])).status_code == 200
    with pytest.raises(Refused, match="autre département"):
        pronounce_recusal(seat=holder.seat, application=scene.files[0], reason="x", by=scene.manager, at=scene.at)


def test_it_counts_in_the_quorum_and_votes_for_these_files_only(client):
    scene = declare_all(two_departments())
    note_all(scene, (4, 3), (4, 3), (4, 3))
    open_the_session(plan_session(scene))
    quorums = [item_quorum(item) for item in scene.items]
    assert [(q.base, q.present, q.recused) for q in quorums] == [(6, 6, 0), (6, 6, 0), (7, 7, 0)]
    elsewhere, here = scene.items[0], scene.items[2]
    open_ballot(item=elsewhere, by=scene.president)
    with pytest.raises(Refused, match="autre département"):
        cast_vote(item=elsewhere, holder=scene.holders[6], choice="for")
    enter(client, scene.holders[6].user)
    page = text_of(client.get(reverse("my_actions")))
    assert "le scrutin est ouvert" not in page
    board = text_of(client.get(reverse("jury_session", args=[scene.session.uuid])))
    assert "Autre département" in board
    assert here.application == scene.files[2]


# --- who chairs, who observes ------------------------------------------------------------------------------------------


def test_a_co_chair_stands_in_before_the_first_member():
    scene = declare_all(make_scene(1))
    Seat.objects.filter(pk=scene.holders[4].seat_id).update(co_chair=True)
    open_the_session(plan_session(scene))
    assert chairing(scene.session).seat_id == scene.holders[0].seat_id
    record_attendance(session=scene.session, seat=scene.holders[0].seat, presence="left", at=scene.at)
    assert chairing(scene.session).seat_id == scene.holders[4].seat_id


def test_an_observer_follows_the_session_and_opens_no_file(client):
    scene = make_scene(2)
    holder = scene.holders[7]
    Seat.objects.filter(pk=holder.seat_id).update(observer=True)
    holder.seat.refresh_from_db()
    assert (files_for(holder).count(), undeclared(holder).count()) == (0, 0)
    declare_all(plan_session(scene))
    enter(client, holder.user)
    refused = client.get(reverse("jury_file", args=[scene.files[0].uuid]))
    assert (refused.status_code, "Votre siège observe" in text_of(refused)) == (403, True)
    assert client.get(reverse("jury_session", args=[scene.session.uuid])).status_code == 200
    from juries.services.sessions import convene

    convene(session=scene.session, at=scene.at)
    mail = OutboundEmail.objects.get(recipient=holder.user.email)
    assert "les dossiers ne vous sont pas ouverts" in mail.body


def test_an_observer_neither_votes_nor_chairs_for_the_database():
    scene = make_scene(1)
    for columns in ({"voting": True}, {"president": True, "voting": False}, {"co_chair": True, "voting": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seat.objects.filter(pk=scene.holders[5].seat_id).update(observer=True, **columns)


def test_a_personal_voice_has_no_substitute(client):
    scene = make_scene(1)
    seat = scene.holders[5].seat
    Seat.objects.filter(pk=seat.pk).update(personal=True)
    seat.refresh_from_db()
    sentence = "La voix de ce siège est attachée à sa personne\u00a0: il n’a pas de suppléance."
    with pytest.raises(Refused, match=sentence):
        invite_holder(seat=seat, email="x@exemple.fr", by=scene.manager, at=scene.at, substitute=True)
    with pytest.raises(Refused, match=sentence):
        take_seat(seat=seat, user=make_user(), at=scene.at, substitute=True)
    enter(client, scene.manager)
    assert "suppléante" not in text_of(client.get(reverse("jury_invite", args=[scene.call.slug, seat.pk])))


# --- drawn by lot ------------------------------------------------------------------------------------------------------


def test_lots_may_be_drawn_again_by_anyone():
    pool = ["76254", "76111", "76001"]
    digests = {code: sha256(f"s:{code}".encode()).hexdigest() for code in pool}
    assert order(pool, "s") == sorted(pool, key=digests.get)
    assert order([*pool, "76111"], "s") == order(pool[::-1], "s")


def test_every_commune_comes_out_about_as_often():
    pool = [f"{n:05}" for n in range(5)]
    first = [order(pool, f"graine {n}")[0] for n in range(5000)]
    assert all(900 < first.count(code) < 1100 for code in pool)


def test_a_seat_drawn_by_lot(client):
    scene = make_scene(3)
    drawn = scene.holders[3].seat
    Seat.objects.filter(pk__in=[drawn.pk, scene.holders[4].seat_id]).update(drawn=True)
    drawn.refresh_from_db()
    with pytest.raises(Refused, match="Ce siège est occupé"):
        draw_commune(seat=drawn, by=scene.manager, at=scene.at)
    end_holding(holder=scene.holders[3], at=scene.at)
    enter(client, scene.manager)
    url = reverse("jury_draw", args=[scene.call.slug, drawn.pk])
    assert client.post(url).status_code == 302
    first = SeatDraw.objects.get()
    assert (first.n, first.commune_id, first.by) == (1, order(first.pool, first.seed)[0], scene.manager)
    assert "dites pourquoi on tire de nouveau" in text_of(client.post(url, {"reason": " "}))
    assert client.post(url, {"reason": "Le maire a décliné."}).status_code == 302
    again = SeatDraw.objects.get(n=2)
    assert first.commune_id not in again.pool
    page = text_of(client.get(url))
    assert (str(first.commune) in page, str(again.commune) in page, first.seed in page) == (True, True, True)
    invite = client.get(reverse("jury_invite", args=[scene.call.slug, drawn.pk])).content.decode()
    assert f'<option value="{again.commune_id}" selected>' in invite
    with pytest.raises(DatabaseError), transaction.atomic():
        SeatDraw.objects.update(seed="x")


def test_two_seats_never_draw_the_same_commune():
    scene = make_scene(3)
    seats = [scene.holders[3].seat, scene.holders[4].seat]
    Seat.objects.filter(pk__in=[seat.pk for seat in seats]).update(drawn=True)
    for index, seat in zip((3, 4), seats, strict=True):
        end_holding(holder=scene.holders[index], at=portal_now())
        seat.refresh_from_db()
    found = [draw_commune(seat=seat, by=scene.manager, at=scene.at).commune_id for seat in seats]
    assert len(set(found)) == 2


def test_a_seat_that_is_not_drawn_has_no_such_page(client):
    scene = make_scene(1)
    enter(client, scene.manager)
    assert client.get(reverse("jury_draw", args=[scene.call.slug, scene.holders[3].seat_id])).status_code == 404
    with pytest.raises(Refused, match="Ce siège n’est pas tiré au sort."):
        draw_commune(seat=scene.holders[3].seat, by=scene.manager, at=scene.at)


def test_of_two_presidents_of_a_call_one_presides_and_the_other_stands_in_first():
    scene = make_scene(1)
    SeatTemplate.objects.create(call=scene.call, code="P2", position=20, label="Préfecture", president=True)
    made = {seat.code: (seat.president, seat.co_chair) for seat in compose_jury(call=scene.call)}
    assert (made["J1"], made["P2"]) == ((True, False), (False, True))
