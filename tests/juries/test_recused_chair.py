"""A president recused from a file closes without learning its rank, and settles no tie in that session."""

import pytest
from django.db import transaction
from django.urls import reverse

from juries.services.ballots import close_ballot, open_ballot, record_reason
from juries.services.sessions import close_session
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
