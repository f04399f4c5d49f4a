"""The ballot: one vote a seat, the minutes match the box, nothing reopens, the recused are out of the count."""

import pytest

from juries.models import AgendaItem, Vote
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, close_ballot, open_ballot, record_reason, settle_without_vote
from juries.services.interests import declare_link, pronounce_recusal
from portal.core.rules import Refused
from tests.juries.scenes import (
    declare_all,
    hold_ballot,
    make_open_session,
    make_scene,
    note_all,
    open_the_session,
    plan_session,
)

pytestmark = pytest.mark.django_db


def figures(item: AgendaItem) -> tuple:
    item.refresh_from_db()
    return (item.votes_for, item.votes_against, item.abstentions, item.present_count, item.recused_count, item.result)


def test_the_vote_of_the_picture():
    scene = make_open_session()
    item = hold_ballot(scene, scene.items[0], "pppppca")
    assert figures(item) == (5, 1, 1, 7, 0, "favourable")
    assert (item.quorum_required, item.casting_vote_used, item.state) == (4, False, "closed")
    assert item.votes.count() == 7
    assert list(item.transitions.values_list("transition", flat=True)) == ["open_ballot", "close_ballot"]
    assert (
        item.opened_at
        < item.votes.order_by("cast_at").first().cast_at
        < item.votes.latest("cast_at").cast_at
        < item.closed_at
    )


def test_the_casting_vote_of_the_president():
    scene = make_open_session()
    assert figures(hold_ballot(scene, scene.items[0], "pppccca")) == (3, 3, 1, 7, 0, "favourable")
    assert figures(hold_ballot(scene, scene.items[1], "ccccaaa")) == (0, 4, 3, 7, 0, "unfavourable")
    third = hold_ballot(scene, scene.items[2], "cccpppa")
    assert (figures(third), third.casting_vote_used) == ((3, 3, 1, 7, 0, "unfavourable"), True)


def test_no_casting_vote_when_the_president_is_recused():
    scene = make_open_session(links={0: {0: "Étude en cours pour la commune"}})
    item = scene.items[0]
    with pytest.raises(Refused, match="Seule la présidence du jury"):
        open_ballot(item=item, by=scene.president)
    second = scene.holders[1].user
    open_ballot(item=item, by=second)
    for holder, choice in zip(scene.voters[1:], ["for", "for", "for", "against", "against", "against"], strict=True):
        cast_vote(item=item, holder=holder, choice=choice)
    close_ballot(item=item, by=second)
    assert figures(item) == (3, 3, 0, 6, 1, "unfavourable")
    assert item.casting_vote_used is False


@pytest.mark.parametrize(
    ("index", "prepare", "sentence"),
    [
        (1, "closed", "Le scrutin est clos\u00a0: votre bulletin n’a pas été compté."),
        (1, "waiting", "Le scrutin n’est pas ouvert. La présidence l’ouvre en séance."),
        (7, "voting", "Votre siège a voix consultative\u00a0: il ne prend pas part au vote."),
        (2, "left", "Vous n’êtes pas inscrit présent à cette séance\u00a0: demandez à la présidence."),
        (1, "twice", "Votre bulletin est déjà dans l’urne. Il ne se reprend pas."),
        (1, "unknown", "Choisissez pour, contre ou abstention."),
    ],
)
def test_who_may_not_vote(index, prepare, sentence):
    scene = make_open_session()
    item, holder = scene.items[0], scene.holders[index]
    if prepare == "left":
        record_attendance(session=scene.session, seat=holder.seat, presence="left", at=scene.at)
    if prepare != "waiting":
        open_ballot(item=item, by=scene.president)
    if prepare == "closed":
        close_ballot(item=item, by=scene.president)
    if prepare == "twice":
        cast_vote(item=item, holder=holder, choice="for")
    before = item.votes.count()
    with pytest.raises(Refused) as refused:
        cast_vote(item=item, holder=holder, choice="maybe" if prepare == "unknown" else "against")
    assert (str(refused.value), item.votes.count()) == (sentence, before)


def test_a_closed_ballot_is_never_opened_again():
    scene = make_open_session()
    item = hold_ballot(scene, scene.items[0], "ppppppp")
    for act in (open_ballot, close_ballot, settle_without_vote):
        with pytest.raises(Refused):
            act(item=item, by=scene.president)
    assert figures(item) == (7, 0, 0, 7, 0, "favourable")


def test_one_ballot_at_a_time():
    scene = make_open_session()
    open_ballot(item=scene.items[0], by=scene.president)
    with pytest.raises(Refused, match="Un autre scrutin est ouvert. Closez-le d’abord."):
        open_ballot(item=scene.items[1], by=scene.president)


def test_nobody_but_the_president_opens_or_closes():
    scene = make_open_session()
    item = scene.items[0]
    for user in (scene.manager, scene.holders[1].user):
        with pytest.raises(Refused) as refused:
            open_ballot(item=item, by=user)
        assert str(refused.value) == "Seule la présidence du jury ouvre et clôt la séance et les scrutins."
    open_ballot(item=item, by=scene.president)
    for user in (scene.manager, scene.holders[1].user):
        with pytest.raises(Refused):
            close_ballot(item=item, by=user)


def test_presence_does_not_change_while_a_ballot_is_open():
    scene = make_open_session()
    open_ballot(item=scene.items[0], by=scene.president)
    with pytest.raises(Refused) as refused:
        record_attendance(session=scene.session, seat=scene.holders[3].seat, presence="left", at=scene.at)
    assert str(refused.value) == "Un scrutin est ouvert\u00a0: closez-le avant de modifier les présences."


def test_a_file_without_quorum_is_not_voted():
    """Seven voters, four needed; four recused leave three: the file is settled without a vote and comes back."""
    scene = make_open_session(links={i: {0: "Étude en cours"} for i in (3, 4, 5, 6)})
    item = scene.items[0]
    with pytest.raises(Refused) as refused:
        open_ballot(item=item, by=scene.president)
    assert str(refused.value) == (
        "Le quorum n’est pas atteint pour ce dossier\u00a0: 3\u00a0présents sur 3\u00a0votants\u202f; il en faut 4."
    )
    settle_without_vote(item=item, by=scene.president)
    assert figures(item) == (None, None, None, 3, 4, "no_vote")
    assert item.reason == (
        "Quorum non réuni pour ce dossier, 3\u00a0présents sur 3\u00a0votants\u202f; il en faut 4. "
        "Il est renvoyé à une prochaine séance."
    )


def test_a_knocked_out_file_is_settled_without_vote():
    scene = declare_all(make_scene(2))
    note_all(scene, (1, 5), (4, 4))
    open_the_session(plan_session(scene))
    out, other = scene.items
    with pytest.raises(Refused, match="Ce dossier a une note éliminatoire\u00a0: il n’est pas soumis au vote."):
        open_ballot(item=out, by=scene.president)
    settle_without_vote(item=out, by=scene.president)
    assert (figures(out)[-1], out.reason) == (
        "no_vote",
        "Note éliminatoire\u00a0: 12,00 points sur «\u202fSanté\u202f», pour 20 au moins.",
    )
    with pytest.raises(Refused, match="Ce dossier peut être voté\u00a0: ouvrez le scrutin."):
        settle_without_vote(item=other, by=scene.president)


def test_a_late_recusal_voids_the_ballot_of_the_seat():
    scene = make_open_session()
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    for holder in scene.voters:
        cast_vote(item=item, holder=holder, choice="for" if holder.seat.position <= 4 else "against")
    declare_link(
        holder=scene.holders[2], application=item.application, nature="Membre du conseil municipal", at=scene.at
    )
    close_ballot(item=item, by=scene.president)
    assert item.votes.count() == 7
    assert figures(item) == (3, 3, 0, 6, 1, "favourable")


def test_a_recusal_that_breaks_the_quorum_leaves_the_file_without_a_vote():
    scene = make_open_session(voting=4)
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    pronounce_recusal(
        seat=scene.holders[3].seat, application=item.application, reason="Étude en cours", by=scene.manager, at=scene.at
    )
    close_ballot(item=item, by=scene.president)
    assert figures(item) == (None, None, None, 3, 1, "no_vote")
    assert item.reason == (
        "Quorum perdu en cours de scrutin, 3\u00a0présents sur 3\u00a0votants\u202f; il en faut 4. "
        "Dossier renvoyé à une prochaine séance."
    )


def test_no_recusal_after_the_ballot_is_closed():
    scene = make_open_session()
    item = hold_ballot(scene, scene.items[0], "ppppppp")
    with pytest.raises(Refused) as refused:
        declare_link(holder=scene.holders[2], application=item.application, nature="Étude en cours", at=scene.at)
    assert str(refused.value) == "Le scrutin de ce dossier est clos\u00a0: faites porter ce lien au procès-verbal."
    assert item.application.recusals.count() == 0


def test_the_reason_is_written_until_the_session_closes():
    scene = make_open_session()
    item = hold_ballot(scene, scene.items[0], "ppppppp", reason="  Engagement sur les cheminements.  ")
    assert item.reason == "Engagement sur les cheminements."
    with pytest.raises(Refused, match="Écrivez le motif"):
        record_reason(item=item, reason=" ")


def test_a_vote_is_never_changed_in_the_database():
    from django.db import IntegrityError, transaction

    scene = make_open_session()
    hold_ballot(scene, scene.items[0], "ppppppp")
    for change in (lambda: Vote.objects.update(choice="against"), lambda: Vote.objects.first().delete()):
        with pytest.raises(IntegrityError, match="insert-only"), transaction.atomic():
            change()
