"""*Mes actions* of a member, of the president and of the manager; the reminders and what stops them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from juries.actions import actions_for, first_steps_for
from juries.due_facts import due_facts
from juries.services.ballots import cast_vote, open_ballot
from juries.services.interests import declare_link
from juries.services.sessions import close_session, convene, create_session
from portal.core.outbox import run_jobs
from tests.factories import make_user, paris
from tests.juries.scenes import (
    declare_all,
    hold_ballot,
    make_open_session,
    make_scene,
    make_seats,
    note_all,
    plan_session,
    write_sheet,
)

pytestmark = pytest.mark.django_db


def told(user, scene) -> list[tuple[str, str, object]]:
    return [(action.title, action.verb, action.due) for action in actions_for(user, scene.at)]


def test_a_member_from_the_declaration_to_the_vote():
    scene = plan_session(make_scene())
    holder, day = scene.holders[1], scene.session.held_on
    sit = ("Siéger au jury", "Voir la séance", day)
    title = "Déclarer vos liens avec les communes candidates, jury «\u202fTerritoire promoteur de santé\u202f»"
    assert told(holder.user, scene) == [(title, "Déclarer mes liens", day), sit]
    declare_all(scene)
    noting = "Noter 3\u00a0dossiers, jury «\u202fTerritoire promoteur de santé\u202f»"
    assert told(holder.user, scene) == [(noting, "Noter", day), sit]
    note_all(scene, (4, 3), (4, 3), (4, 3))
    assert told(holder.user, scene) == [sit]
    assert told(make_user(), scene) == []


def test_the_open_session_and_its_ballot():
    scene = make_open_session()
    day, user = scene.session.held_on, scene.holders[1].user
    assert told(user, scene) == [("La séance du jury est ouverte", "Rejoindre la séance", day)]
    open_ballot(item=scene.items[0], by=scene.president)
    assert told(user, scene) == [("Voter\u00a0: le scrutin est ouvert", "Voter", day)]
    cast_vote(item=scene.items[0], holder=scene.holders[1], choice="for")
    assert told(user, scene) == [("La séance du jury est ouverte", "Rejoindre la séance", day)]


def test_the_president_signs():
    scene = make_open_session(files=1)
    hold_ballot(scene, scene.items[0], "ppppppp")
    close_session(session=scene.session, by=scene.president, at=scene.at)
    assert told(scene.president, scene) == []
    run_jobs()
    assert [(a.verb, a.url) for a in actions_for(scene.president, scene.at)] == [
        ("Relire et signer", reverse("minutes", args=[scene.session.uuid]))
    ]
    assert told(scene.holders[1].user, scene) == []


def test_the_manager_composes_invites_convenes():
    scene = make_scene(1, voting=3, advisory=0, quorum=2)
    assert told(scene.manager, scene) == []
    plan_session(scene)
    assert [verb for _, verb, _ in told(scene.manager, scene)] == ["Convoquer"]
    convene(session=scene.session, at=scene.at)
    assert told(scene.manager, scene) == []


def test_the_manager_of_an_empty_jury():
    from juries.models import Seat
    from tests.factories import make_call, make_role

    call = make_call()
    manager = make_role(call, "manager")
    assert actions_for(manager, paris(2027, 4, 1)) == []
    make_seats(call, 2, 0)
    assert [(a.verb, a.consequence) for a in actions_for(manager, paris(2027, 4, 1))] == [
        ("Inviter", "2\u00a0sièges à pourvoir.")
    ]
    Seat.objects.all().delete()
    assert [a.verb for a in actions_for(manager, paris(2027, 4, 1))] == ["Créer les sièges"]


def test_three_first_steps_tick_themselves_off():
    scene = make_scene(1)
    user = scene.holders[1].user
    done = [step.done for step in first_steps_for(user, scene.at)]
    assert done == [False, False, False]
    declare_all(scene)
    write_sheet(scene.files[0], scene.holders[1], {scene.call.criteria.first(): 3}, scene.at)
    assert [step.done for step in first_steps_for(user, scene.at)] == [True, True, False]
    assert first_steps_for(make_user(), scene.at) == []


# --- reminders -----------------------------------------------------------------------------------------------------


def plan_on(scene, day: date):
    scene.session = create_session(call=scene.call, held_on=day, place="Salle", secretary_title="", at=scene.at)
    return scene


def test_seven_and_two_days_before_at_nine_in_paris():
    """The session of 30 March 2027 comes after the change to summer time: 9:00 is 9:00 on both sides."""
    scene = plan_on(declare_all(make_scene(2, voting=2, advisory=1, quorum=1)), date(2027, 3, 30))
    note_all(scene, (4, 3), (4, 3), members=1)
    facts = list(due_facts(scene.at))
    late = scene.holders[1]
    assert [(f.rule, f.recipient, f.due_at, f.object_key) for f in facts] == [
        ("assessment_missing", late.user.email, paris(2027, 3, 23, 9), f"session:{scene.session.uuid}"),
        ("assessment_missing", late.user.email, paris(2027, 3, 28, 9), f"session:{scene.session.uuid}"),
    ]
    assert facts[0].subject == (
        "Jury «\u202fTerritoire promoteur de santé\u202f»\u00a0: 2\u00a0dossiers à noter avant le 30\u00a0mars\u00a02027"
    )
    assert facts[0].call_key == f"call:{scene.call.slug}"
    assert "mardi 30\u00a0mars\u00a02027, dans 7\u00a0jours. Il vous reste 2\u00a0dossiers à noter." in facts[0].body
    assert facts[1].action_url == "/jury/"


def test_the_call_may_choose_its_own_days():
    scene = plan_on(declare_all(make_scene(1, voting=1, advisory=0, quorum=1)), date(2027, 3, 30))
    written = [{"code": f"R{days}", "about": "assessment_missing", "days": days, "at": "10:15"} for days in (-5, 1)]
    type(scene.call).objects.filter(pk=scene.call.pk).update(extras={**scene.call.extras, "reminders": written})
    assert [fact.due_at for fact in due_facts(scene.at)] == [paris(2027, 3, 25, 10, 15)]


def test_what_stops_the_reminder():
    scene = plan_on(declare_all(make_scene(2, voting=2, advisory=0, quorum=1)), date(2027, 3, 30))
    note_all(scene, (4, 3), (4, 3), members=1)
    holder = scene.holders[1]
    declare_link(holder=holder, application=scene.files[0], nature="Étude en cours", at=scene.at)
    assert {"1\u00a0dossier à noter" in fact.subject for fact in due_facts(scene.at)} == {True}
    write_sheet(scene.files[1], holder, {scene.call.criteria.first(): 3}, scene.at)
    assert list(due_facts(scene.at)) == []


def test_nothing_once_the_session_is_open():
    scene = make_open_session()
    assert list(due_facts(scene.at)) == []


def test_nobody_is_reminded_of_a_day_before_they_came():
    scene = plan_session(declare_all(make_scene(1, voting=2, advisory=0, quorum=1)))
    scene.session.held_on = scene.at.date() + timedelta(days=5)
    scene.session.save()
    assert len(list(due_facts(scene.at))) == 2
