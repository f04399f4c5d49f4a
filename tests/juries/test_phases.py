"""Dated phases: who notes, who reads whose notes, with which names."""

from datetime import date

import pytest
from django.urls import reverse

from juries.phases import ALWAYS, Phase, is_final, notes_are_closed, notes_are_open, phase_line, phase_on, reads_others
from juries.services.assessments import reopen_assessment, save_notes
from portal.core.rules import Refused
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import declare_all, make_scene, note_all, plan_session

HELD = date(2027, 5, 5)
READING, NOTING, TALKING = (
    Phase("Lecture", 30, score=False),
    Phase("Notation", 20, others="after_mine"),
    Phase("Délibération", 3, score=False, others="all", names=True),
)
PHASES = (READING, NOTING, TALKING)


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2027, 4, 4), None),
        (date(2027, 4, 5), READING),
        (date(2027, 4, 14), READING),
        (date(2027, 4, 15), NOTING),
        (date(2027, 5, 1), NOTING),
        (date(2027, 5, 2), TALKING),
        (date(2027, 5, 6), TALKING),
    ],
)
def test_a_phase_lasts_until_the_next_one(day, phase):
    assert phase_on(PHASES, HELD, day) == phase


def test_why_notes_are_not_open():
    told = [notes_are_open(PHASES, HELD, day).reason for day in (date(2027, 4, 1), date(2027, 4, 10), date(2027, 5, 3))]
    assert told == [
        "Les notes s’ouvrent le 15\u00a0avril\u00a02027\u00a0: «\u202fNotation\u202f».",
        "Les notes s’ouvrent le 15\u00a0avril\u00a02027\u00a0: «\u202fNotation\u202f».",
        "Les notes sont closes depuis le 2\u00a0mai\u00a02027\u00a0: «\u202fDélibération\u202f».",
    ]
    assert notes_are_open(PHASES, HELD, date(2027, 4, 20))
    assert "quand la séance sera prévue" in notes_are_open(PHASES, None, HELD).reason
    assert (notes_are_open((), None, HELD).allowed, phase_on((), None, HELD)) == (True, ALWAYS)


def test_what_each_phase_lets_read():
    assert [reads_others(phase, submitted=True) for phase in (None, READING, NOTING, TALKING)] == [
        False,
        False,
        True,
        True,
    ]
    assert [reads_others(phase, submitted=False) for phase in (NOTING, TALKING)] == [False, True]
    assert [is_final(phase) for phase in (None, READING, NOTING, TALKING)] == [False, False, True, False]
    assert [notes_are_closed(PHASES, HELD, date(2027, *day)) for day in ((4, 10), (4, 20), (5, 3))] == [
        False,
        False,
        True,
    ]


def test_the_line_of_the_home_page():
    noting = "Phase en cours\u00a0: «\u202fNotation\u202f», jusqu’au 1er\u00a0mai\u00a02027."
    assert phase_line(PHASES, HELD, date(2027, 4, 20)) == noting
    assert phase_line(PHASES, HELD, date(2027, 5, 3)).endswith("jusqu’à la séance.")
    assert phase_line(PHASES, HELD, date(2027, 4, 1)) == "«\u202fLecture\u202f» commence le 5\u00a0avril\u00a02027."
    assert (phase_line((), HELD, HELD), phase_line(PHASES, None, HELD)) == ("", "")


# --- screens ---------------------------------------------------------------------------------------------------------


def phased(days: int, **rights):
    """A session in ten days; the phase in force has these rights."""
    scene = make_scene(2)
    row = {"label": "Notation", "days": days, **rights}
    scene.call.extras = {**scene.call.extras, "jury": {"phases": [row]}}
    scene.call.save(update_fields=["extras"])
    for holder in scene.holders:
        holder.seat.call.extras = scene.call.extras
    return declare_all(plan_session(scene))


@pytest.mark.django_db
def test_notes_wait_for_their_phase(client):
    scene = phased(5)
    with pytest.raises(Refused, match="Les notes s’ouvrent le"):
        save_notes(holder=scene.holders[1], application=scene.files[0], notes={}, comment="", at=scene.at)
    enter(client, scene.holders[1].user)
    home = text_of(client.get(reverse("jury_home")))
    assert ("« Notation » commence le" in home.replace("\u202f", " "), "Noter Étretat" in home) == (True, False)
    assert "Noter 2" not in text_of(client.get(reverse("my_actions")))
    assert "Les notes s’ouvrent le" in text_of(client.get(reverse("jury_file", args=[scene.files[0].uuid])))


@pytest.mark.django_db
def test_the_notes_of_others_come_after_mine_and_mine_are_then_final(client):
    scene = phased(20, others="after_mine")
    note_all(scene, (4, 3), (5, 5), members=2)
    file, reader = scene.files[0], scene.holders[2]
    url = reverse("jury_file", args=[file.uuid])
    enter(client, reader.user)
    assert "Notes des autres membres" not in text_of(client.get(url))
    client.post(url, {"note_C1": "2", "note_C2": "2", "comment": "", "act": "submit"})
    page = text_of(client.get(url))
    assert page.count("Un membre, 82 points") == 2
    assert scene.holders[0].seat.label not in page
    assert "Reprendre mes notes" not in page
    with pytest.raises(Refused, match="les vôtres, validées, ne se reprennent plus"):
        reopen_assessment(holder=reader, application=file, at=scene.at)


@pytest.mark.django_db
def test_with_names_when_the_phase_says_so_never_to_the_recused(client):
    scene = phased(20, score=False, others="all", names=True)
    from juries.services.interests import declare_link

    declare_link(holder=scene.holders[3], application=scene.files[0], nature="Étude", at=scene.at)
    note_all(scene, (4, 3), (5, 5), members=2)
    url = reverse("jury_file", args=[scene.files[0].uuid])
    enter(client, scene.holders[2].user)
    assert f"{scene.holders[0].seat.label}, 82 points" in text_of(client.get(url))
    enter(client, scene.holders[3].user)
    refused = client.get(url)
    assert (refused.status_code, "82 points" in text_of(refused)) == (403, False)


# --- practice --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_practice_file_gives_points_and_keeps_nothing(client):
    from juries.models import Assessment

    scene = make_scene(1)
    enter(client, scene.holders[1].user)
    url = reverse("jury_practice", args=[scene.call.slug])
    assert "rien n’est gardé ni transmis" in text_of(client.get(url))
    page = text_of(client.post(url, {"note_C1": "4", "note_C2": "3"}))
    assert ("48 sur 60" in page, "72sur 100" in page) == (True, True)
    assert Assessment.objects.count() == 0
    enter(client, scene.manager)
    assert client.get(url).status_code == 404
