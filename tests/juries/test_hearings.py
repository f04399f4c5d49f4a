"""Agenda, slots of the hearings, answers of the communes, time counted, and the screen that the whole room sees."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from juries.documents import minutes_snapshot
from juries.models import Hearing
from juries.services.agenda import arrange, invite_to_hearings, time_hearing, write_discussion
from juries.services.ballots import cast_vote, close_ballot, open_ballot
from juries.services.sessions import close_session
from juries.slots import left_line, slots
from portal.core.calendar import PARIS
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from portal.core.typography import format_time
from tests.factories import make_member, make_role
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import (
    Scene,
    declare_all,
    hold_ballot,
    make_open_session,
    make_scene,
    note_all,
    open_the_session,
    plan_session,
)

NINE = datetime(2027, 5, 5, 9, 0, tzinfo=PARIS)


def url(name: str, scene: Scene, item=None) -> str:
    return reverse(name, args=[scene.session.uuid, *([item.uuid] if item else [])])


def test_slots_follow_one_another():
    found = slots(NINE, minutes=20, pause=10, count=3)
    assert [at.strftime("%H:%M") for at in found] == ["09:00", "09:30", "10:00"]
    assert slots(NINE, minutes=20, pause=0, count=0) == []


@pytest.mark.parametrize(
    ("spent", "line"),
    [(0, "Il reste 20 min"), (59, "Il reste 20 min"), (60, "Il reste 19 min"), (1140, "Il reste 1 min"),
     (1200, "Temps écoulé depuis 0 min"), (1500, "Temps écoulé depuis 5 min")],
)  # fmt: skip
def test_the_time_left(spent, line):
    assert left_line(NINE, 20, NINE + timedelta(seconds=spent)).replace("\u00a0", " ") == line


def planned() -> Scene:
    """Three files of 100, 82 and 46 points; the call hears from 60 points on, twenty minutes each."""
    scene = declare_all(make_scene(3))
    note_all(scene, (5, 5), (4, 3), (2, 3))
    rules = scene.call.jury_rules
    rules.hearing_minutes, rules.hearing_threshold = 20, 60
    rules.save()
    return plan_session(scene)


@pytest.mark.django_db
def test_slots_are_proposed_read_again_then_recorded_in_the_order_given(client):
    scene = planned()
    first, second, third = scene.items
    enter(client, scene.president)
    proposed = client.post(url("jury_agenda", scene), {"proposer": "1", "first": "09:00", "pause": "10"})
    hours = {name: proposed.context["form"][name].value() for name in proposed.context["form"].fields}
    assert [hours[f"heure_{item.pk}"] for item in (first, second, third)] == [time(9), time(9, 30), None]
    assert not Hearing.objects.exists(), "nothing is recorded before it has been read"
    ranks = {f"rang_{item.pk}": rank for item, rank in ((first, 3), (second, 1), (third, 2))}
    slots_ = {f"heure_{first.pk}": "10:15", f"heure_{second.pk}": "09:30", f"heure_{third.pk}": ""}
    wrong = client.post(url("jury_agenda", scene), {**ranks, **slots_, f"heure_{first.pk}": "25:00"})
    assert wrong.status_code == 200
    assert "09:30" in wrong.content.decode()
    client.post(url("jury_agenda", scene), {**ranks, **slots_})
    assert list(scene.session.items.values_list("application__number", flat=True)) == [
        "TPS-2027-0002", "TPS-2027-0003", "TPS-2027-0001",
    ]  # fmt: skip
    kept = Hearing.objects.values_list("item", "starts_at", "minutes")
    assert [(item, at.astimezone(PARIS).time(), minutes) for item, at, minutes in kept] == [
        (second.pk, time(9, 30), 20),
        (first.pk, time(10, 15), 20),
    ]


@pytest.mark.django_db
def test_a_commune_is_told_once_answers_and_a_moved_slot_is_asked_again(client):
    scene = planned()
    first = scene.items[0]
    signatory = make_member(scene.files[0].lead, "signatory")
    reader = make_member(scene.files[0].lead, "reader")
    stranger = make_member(scene.files[1].lead, "signatory")
    arrange(session=scene.session, order=scene.items, hours={first.pk: time(9)})
    reply = reverse("jury_hearing_reply", args=[scene.files[0].uuid])
    enter(client, signatory)
    assert client.get(reply).status_code == 404, "nothing is said before the invitation"
    assert invite_to_hearings(session=scene.session, at=scene.at) == 1
    assert invite_to_hearings(session=scene.session, at=scene.at) == 0
    told = list(OutboundEmail.objects.filter(kind="jury_hearing").values_list("recipient", "subject"))
    assert [recipient for recipient, _ in told] == [signatory.email]
    assert "à 9\u00a0h\u00a000" in told[0][1]
    assert not mail.outbox
    assert "Confirmer votre audition" in text_of(client.get(reverse("my_actions")))
    empty = client.post(reply, {"comes": "", "message": "Le maire et la secrétaire viendront."})
    assert "Choisissez votre réponse." in text_of(empty)
    assert "Le maire et la secrétaire viendront." in empty.content.decode()
    client.post(reply, {"comes": "oui", "message": "Le maire viendra."})
    hearing = Hearing.objects.get()
    assert (hearing.reply, hearing.answered_by, hearing.message) == ("confirmed", signatory, "Le maire viendra.")
    assert "Confirmer votre audition" not in text_of(client.get(reverse("my_actions")))
    ics = client.get(reverse("jury_hearing_calendar", args=[scene.files[0].uuid])).content.decode()
    assert f"DTSTART:{hearing.starts_at:%Y%m%dT%H%M%SZ}" in ics
    enter(client, reader)
    assert client.get(reply).status_code == 200
    assert client.post(reply, {"comes": "non"}).status_code == 403
    enter(client, stranger)
    assert (client.get(reply).status_code, client.post(reply, {"comes": "non"}).status_code) == (404, 404)
    arrange(session=scene.session, order=scene.items, hours={first.pk: time(9)})
    assert Hearing.objects.get().reply == "confirmed", "a slot that stays is not asked again"
    arrange(session=scene.session, order=scene.items, hours={first.pk: time(11)})
    assert (Hearing.objects.get().reply, Hearing.objects.get().invited_at) == ("", None)
    assert invite_to_hearings(session=scene.session, at=scene.at) == 1


@pytest.mark.django_db
def test_one_hearing_at_a_time_and_its_hours_are_in_the_minutes():
    scene = planned()
    order = scene.items
    arrange(session=scene.session, order=order, hours={order[0].pk: time(9), order[1].pk: time(10)})
    with pytest.raises(Refused, match="La séance n’est pas ouverte"):
        time_hearing(item=order[0], at=scene.at, start=True)
    open_the_session(scene)
    began, ended = scene.at + timedelta(minutes=5), scene.at + timedelta(minutes=25)
    time_hearing(item=order[0], at=began, start=True)
    for item, start, why in (
        (order[1], True, "Une autre audition est en cours"),
        (order[0], True, "Cette audition a déjà commencé"),
        (order[1], False, "n’est pas en cours"),
        (order[2], True, "n’a pas d’audition"),
    ):
        with pytest.raises(Refused, match=why):
            time_hearing(item=item, at=began, start=start)
    time_hearing(item=order[0], at=ended, start=False)
    with pytest.raises(Refused, match="son audition ne change plus"):
        arrange(session=scene.session, order=order, hours={order[0].pk: time(15)})
    write_discussion(item=order[0], text="Le calendrier est discuté.")
    for item in scene.items:
        hold_ballot(scene, item, "ppppppp")
    close_session(session=scene.session, by=scene.president, at=portal_now())
    first, second, _rule = minutes_snapshot(scene.session)["hearings"]
    assert first == (
        f"Candidature TPS-2027-0001, Étretat : entendue de {format_time(began)} à {format_time(ended)}. "
        "Le calendrier est discuté."
    )
    assert second == "Candidature TPS-2027-0002, Le Tilleul : audition prévue, non tenue."
    with pytest.raises(Refused, match="s’écrit en séance"):
        write_discussion(item=order[0], text="Trop tard.")


# --- the projector -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_projector_shows_the_file_and_never_a_figure_of_it(client):
    scene = make_open_session(2, links={3: {1: "Étude en cours"}})
    first = scene.items[0]
    enter(client, make_role(scene.call, "secretary"))
    page = url("jury_display", scene)
    before = text_of(client.get(page))
    assert "Dossier 1 sur 2 Étretat" in before
    assert "82" not in before, "no score"
    open_ballot(item=first, by=scene.president)
    cast_vote(item=first, holder=scene.voters[1], choice="against")
    assert "1\u00a0bulletin sur 7" in text_of(client.get(page))
    close_ballot(item=first, by=scene.president)
    after = text_of(client.get(page))
    assert "Dossier 2 sur 2" in after, "what was decided of a file is not for the applicants who come in next"
    assert not {"Favorable", "Défavorable", "Contre", "majorité"} & set(after.split())
    enter(client, scene.holders[3].user)
    hidden = text_of(client.get(page))
    assert "Vous êtes déporté de ce dossier" in hidden
    assert "Le Tilleul" not in hidden


@pytest.mark.django_db
def test_the_projector_follows_the_meeting(client):
    scene = planned()
    order = scene.items
    arrange(session=scene.session, order=order, hours={order[1].pk: time(9)})
    enter(client, scene.president)
    page = url("jury_display", scene)
    assert "La séance va s’ouvrir." in text_of(client.get(page))
    open_the_session(scene)
    state = client.get(url("jury_session_state", scene)).json()["state"]
    time_hearing(item=order[1], at=portal_now(), start=True)
    heard = text_of(client.get(page))
    assert "Le Tilleul" in heard
    assert "Il reste 20\u00a0min" in heard
    assert client.get(url("jury_session_state", scene)).json()["state"] != state, "screens look again"
    assert f'data-session-state="{client.get(url("jury_session_state", scene)).json()["state"]}"' in (
        client.get(page).content.decode()
    )
    time_hearing(item=order[1], at=portal_now(), start=False)
    for item in order:
        hold_ballot(scene, item, "ppppppp")
    assert "Tous les dossiers sont examinés" in text_of(client.get(page))


@pytest.mark.django_db
def test_the_session_goes_into_a_calendar(client):
    scene = plan_session(make_scene(1))
    enter(client, scene.holders[1].user)
    day = client.get(url("jury_calendar", scene))
    assert day["Content-Type"].startswith("text/calendar")
    assert f"DTSTART;VALUE=DATE:{scene.session.held_on:%Y%m%d}" in day.content.decode()
    scene.session.begins = time(9)
    scene.session.save()
    hour = client.get(url("jury_calendar", scene)).content.decode()
    assert f"DTSTART:{scene.session.held_on:%Y%m%d}T070000Z" in hour or "T080000Z" in hour
    assert "LOCATION:salle du conseil\\, Le Havre" in hour
