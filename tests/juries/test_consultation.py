"""A written consultation: ballots open and closed by the clock alone, whether a worker runs or not."""

from datetime import timedelta

import pytest
from django.urls import reverse

from juries.documents import minutes_snapshot
from juries.models import AgendaItem, Vote
from juries.services.ballots import cast_vote, close_ballot, record_reason
from juries.services.consultation import close_scheduled, schedule_ballots
from juries.services.sessions import close_session, create_session, open_session
from portal.core.calendar import day_of
from portal.core.clock import at_instant, portal_now
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import Scene, declare_all, make_open_session, make_scene, note_all

pytestmark = pytest.mark.django_db


def consultation(files: int = 2) -> Scene:
    """Seven voters, four needed; ballots from tomorrow on, for two days."""
    scene = declare_all(make_scene(files, advisory=0), {3: {0: "Étude en cours"}})
    note_all(scene, *[(5, 5), (4, 3), (3, 3)][:files])
    scene.session = create_session(
        call=scene.call,
        held_on=day_of(scene.at),
        place="consultation écrite",
        secretary_title="",
        at=scene.at,
        by_writing=True,
    )
    open_session(session=scene.session, by=scene.president, at=scene.at)
    return scene


def scheduled(files: int = 2) -> Scene:
    scene = consultation(files)
    opens, closes = scene.at + timedelta(days=1), scene.at + timedelta(days=3)
    assert (
        schedule_ballots(session=scene.session, by=scene.president, opens_at=opens, closes_at=closes, at=scene.at)
        == files
    )
    scene.extra = {"opens": opens, "closes": closes}
    return scene


def vote(scene: Scene, member: int, item: AgendaItem, choice: str = "for") -> None:
    cast_vote(item=AgendaItem.objects.get(pk=item.pk), holder=scene.voters[member], choice=choice)


def test_the_limits_decide_to_the_microsecond():
    scene = scheduled()
    item = scene.items[1]
    opens, closes = scene.extra["opens"], scene.extra["closes"]
    tick = timedelta(microseconds=1)
    with at_instant(opens - timedelta(seconds=30)), pytest.raises(Refused, match="Le scrutin s’ouvre le"):
        vote(scene, 0, item)
    with at_instant(opens + timedelta(seconds=1)):
        vote(scene, 1, item)
    with at_instant(closes - timedelta(seconds=30)):
        vote(scene, 2, item)
    with at_instant(closes), pytest.raises(Refused, match="Le scrutin est clos depuis le"):
        vote(scene, 3, item)
    assert Vote.objects.filter(item=item).count() == 2
    from juries.rules import in_its_window

    assert [bool(in_its_window(opens, closes, at)) for at in (opens - tick, opens, closes - tick, closes)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_nobody_closes_before_the_limit_and_anyone_may_after():
    scene = scheduled()
    item = scene.items[1]
    with pytest.raises(Refused, match="se clôt de lui-même"):
        close_ballot(item=item, by=scene.president)
    with pytest.raises(Refused, match="se clôt de lui-même"):
        close_scheduled(item=item, by=None)
    with at_instant(scene.extra["opens"] + timedelta(hours=1)):
        for member in range(5):
            vote(scene, member, item, "for" if member else "against")
    with at_instant(scene.extra["closes"] + timedelta(hours=9)):
        close_ballot(item=item, by=scene.president)
        assert close_scheduled(item=item, by=None) is False
    item.refresh_from_db()
    assert (item.votes_for, item.votes_against, item.present_count, item.result) == (4, 1, 5, "favourable")
    assert item.closed_at == scene.extra["closes"], "the worker may be late, the limit is not"


def test_the_worker_closes_all_ballots_and_the_quorum_is_that_of_the_votes():
    scene = scheduled()
    first, second = scene.items
    with at_instant(scene.extra["opens"] + timedelta(hours=1)):
        with pytest.raises(Refused, match="Vous êtes déporté"):
            vote(scene, 3, first)
        for member in (0, 1, 2):
            vote(scene, member, first)
        for member in range(4):
            vote(scene, member, second, "abstain" if member == 3 else "for")
        assert run_jobs() == 0
    with at_instant(scene.extra["closes"] + timedelta(minutes=1)):
        assert run_jobs() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.result, first.present_count, first.votes_for) == ("no_vote", 3, None)
    assert first.reason.startswith("Participation insuffisante, 3")
    assert (second.result, second.present_count, second.votes_for, second.abstentions) == ("favourable", 4, 3, 1)
    record_reason(item=second, reason="Projet utile.")
    close_session(session=scene.session, by=scene.president, at=portal_now())
    found = minutes_snapshot(scene.session)
    assert [row["number"] for row in found["reasons"]] == ["0002"]
    assert [row["presence"] for row in found["voting"]] == [*["A pris part"] * 4, *["N’a pas pris part"] * 3]
    assert "elle est celle des membres qui ont voté" in found["quorum"]


def test_a_member_meets_one_question_after_the_other(client):
    """Recused from the first file, one is asked the second; once all is voted, the page says so."""
    scene = scheduled()
    first, second = scene.items
    page = reverse("jury_vote", args=[scene.session.uuid])
    with at_instant(scene.extra["opens"] + timedelta(hours=1)):
        enter(client, scene.holders[1].user)
        assert client.get(page).context["item"].pk == first.pk
        client.post(page, {"choice": "for", "dossier": first.uuid})
        assert client.get(page).context["item"].pk == second.pk
        client.post(page, {"choice": "for", "dossier": second.uuid})
        assert "Votre bulletin est dans l’urne" in text_of(client.get(page))
        enter(client, scene.holders[3].user)
        assert client.get(page).context["item"].pk == second.pk


def test_on_screen_the_president_schedules_and_a_bad_limit_is_said(client):
    scene = consultation()
    enter(client, scene.president)
    url = reverse("jury_schedule", args=[scene.session.uuid])
    late = {"opens_at": f"{scene.at + timedelta(days=3):%Y-%m-%dT%H:%M}", "closes_at": f"{scene.at:%Y-%m-%dT%H:%M}"}
    assert "se closent après leur ouverture" in text_of(client.post(url, late))
    good = {**late, "closes_at": f"{scene.at + timedelta(days=5):%Y-%m-%dT%H:%M}"}
    client.post(url, good)
    assert set(scene.session.items.values_list("state", flat=True)) == {"voting"}
    page = text_of(client.get(reverse("jury_session", args=[scene.session.uuid])))
    assert "Scrutin ouvert du" in page


def test_a_meeting_has_no_scheduled_ballot():
    scene = make_open_session(1)
    with pytest.raises(Refused, match="Cette séance se tient"):
        schedule_ballots(
            session=scene.session,
            by=scene.president,
            opens_at=scene.at,
            closes_at=scene.at + timedelta(days=1),
            at=scene.at,
        )
