"""Who closes: the president, or who chairs in their place, here; recused, they learn no rank and settle no tie."""

import pytest
from django.db import transaction
from django.urls import reverse

from juries.services.attendance import record_attendance
from juries.services.ballots import close_ballot, open_ballot, record_reason
from juries.services.sessions import close_session, open_session
from portal.core.rules import Refused
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import (
    Scene,
    declare_all,
    hold_ballot,
    make_scene,
    note_all,
    open_the_session,
    plan_session,
    vote_all,
)

pytestmark = pytest.mark.django_db


def voted_scene(*notes: tuple[int, int], recused: int | None = 0) -> Scene:
    """Every file voted; the president is recused from the file at `recused`, whose ballot another member holds."""
    scene = declare_all(make_scene(len(notes)), {} if recused is None else {0: {recused: "Étude en cours"}})
    note_all(scene, *notes)
    open_the_session(plan_session(scene))
    for n, item in enumerate(scene.items):
        if n != recused:
            hold_ballot(scene, item, "ppppppp")
            continue
        chair = scene.holders[1].user
        open_ballot(item=item, by=chair)
        vote_all(scene, item, "-pppppp")
        close_ballot(item=item, by=chair)
        record_reason(item=item, reason="Réponse précise aux besoins.")
    return scene


def close_url(scene: Scene) -> str:
    return reverse("jury_close", args=[scene.session.uuid])


def test_the_page_says_the_same_whatever_the_file_is_worth(client):
    """First, between the others, or under the threshold: nothing on the page depends on it."""
    pages = []
    for notes in ((5, 5), (4, 3), (3, 2)):
        with transaction.atomic():
            scene = voted_scene(notes, (4, 4), (3, 3))
            enter(client, scene.president)
            pages.append(text_of(client.get(close_url(scene))))
            transaction.set_rollback(True)
    assert len(set(pages)) == 1
    assert "les rangs et les propositions ne vous sont pas montrés avant la clôture" in pages[0]
    assert "Retenue" not in pages[0]


def test_the_same_page_tells_the_ranks_to_a_president_who_is_not_recused(client):
    scene = voted_scene((5, 5), (4, 3), recused=None)
    enter(client, scene.president)
    assert "Retenue" in text_of(client.get(close_url(scene)))


def test_a_recused_president_closes_when_nothing_is_tied(client):
    scene = voted_scene((5, 5), (4, 3), (3, 3))
    enter(client, scene.president)
    assert client.post(close_url(scene)).status_code == 302
    assert scene.session.proposal.get(rank=1).application == scene.files[0]


def test_a_tie_is_settled_by_a_member_who_is_not_recused(client):
    scene = voted_scene((4, 3), (4, 3))
    board = reverse("jury_session", args=[scene.session.uuid])
    enter(client, scene.president)
    refused = client.get(close_url(scene))
    label = scene.holders[1].seat.label
    assert (refused.status_code, f"c’est le siège «\u202f{label}\u202f» qui clôt la séance" in text_of(refused)) == (
        403,
        True,
    )
    assert close_url(scene) not in client.get(board).content.decode()
    order = [str(file.uuid) for file in scene.files]
    with pytest.raises(Refused, match="Une égalité est à départager"):
        close_session(session=scene.session, by=scene.president, at=scene.at, settled=order, reason="Vote.")
    enter(client, scene.holders[1].user)
    assert close_url(scene) in client.get(board).content.decode()
    first, second = scene.files
    typed = {f"place_{first.pk}": 2, f"place_{second.pk}": 1, "reason": "Vote du jury."}
    assert client.post(close_url(scene), typed).status_code == 302
    assert list(scene.session.proposal.values_list("application", "rank").order_by("rank")) == [
        (second.pk, 1),
        (first.pk, 2),
    ]


# --- absent -------------------------------------------------------------------------------------------------------


def test_an_absent_president_closes_nothing_and_who_chairs_in_their_place_does(client):
    scene = voted_scene((5, 5), (4, 3), recused=None)
    stand_in = scene.holders[1].user
    record_attendance(session=scene.session, seat=scene.holders[0].seat, presence="left", at=scene.at)
    for person in (scene.president, scene.holders[2].user, scene.manager):
        with pytest.raises(Refused, match="Seule la présidence du jury ouvre et clôt"):
            close_session(session=scene.session, by=person, at=scene.at)
    enter(client, scene.president)
    assert client.get(close_url(scene)).status_code == 403
    assert close_url(scene) not in client.get(reverse("jury_session", args=[scene.session.uuid])).content.decode()
    enter(client, stand_in)
    assert client.post(close_url(scene)).status_code == 302
    assert scene.session.transitions.get(transition="close").by == stand_in


def test_a_president_who_comes_back_closes_again():
    scene = voted_scene((5, 5), (4, 3), recused=None)
    seat = scene.holders[0].seat
    record_attendance(session=scene.session, seat=seat, presence="left", at=scene.at)
    record_attendance(session=scene.session, seat=seat, presence="present", at=scene.at)
    with pytest.raises(Refused, match="Seule la présidence"):
        close_session(session=scene.session, by=scene.holders[1].user, at=scene.at)
    close_session(session=scene.session, by=scene.president, at=scene.at)
    assert scene.session.state == "deliberated"


def test_in_an_absent_president_s_place_nobody_recused_settles_a_tie():
    """The first member here chairs, but is recused from a tied file: the next one, who is not, closes."""
    scene = declare_all(make_scene(2), {1: {0: "Étude en cours"}})
    note_all(scene, (4, 3), (4, 3))
    open_the_session(plan_session(scene))
    for item, choices in zip(scene.items, ("p-ppppp", "ppppppp"), strict=True):
        hold_ballot(scene, item, choices)
    record_attendance(session=scene.session, seat=scene.holders[0].seat, presence="left", at=scene.at)
    order = [str(file.uuid) for file in scene.files]
    for person in (scene.president, scene.holders[1].user):
        with pytest.raises(Refused, match=f"c’est le siège «\u202f{scene.holders[2].seat.label}\u202f» qui clôt"):
            close_session(session=scene.session, by=person, at=scene.at, settled=order, reason="Vote.")
    close_session(session=scene.session, by=scene.holders[2].user, at=scene.at, settled=order, reason="Vote.")
    assert scene.session.state == "deliberated"


def test_an_absent_president_opens_nothing():
    scene = plan_session(declare_all(make_scene(1)))
    for holder in scene.holders[1:]:
        record_attendance(session=scene.session, seat=holder.seat, presence="present", at=scene.at)
    with pytest.raises(Refused, match="Vous n’êtes pas noté présent"):
        open_session(session=scene.session, by=scene.president, at=scene.at)
    record_attendance(session=scene.session, seat=scene.holders[0].seat, presence="present", at=scene.at)
    open_session(session=scene.session, by=scene.president, at=scene.at)
    assert scene.session.state == "open"
