"""The box of a closed ballot is sealed: every tampered copy is seen by the recount (reliability E9)."""

import random

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from juries.box import Ballot, seal, short
from juries.models import AgendaItem, Vote
from juries.queries import minutes_document, recount, seal_of
from juries.services.sessions import close_session
from portal.core.clock import portal_now
from tests.harness.sql import unkept
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import Scene, hold_ballot, make_open_session

CHOICES = ("for", "against", "abstain")


def box_of(rng: random.Random) -> list[Ballot]:
    return [
        Ballot(f"J{n}", rng.choice(CHOICES), rng.choice(("device", "hand", "proxy"))) for n in range(rng.randint(1, 12))
    ]


def tampered(box: list[Ballot], rng: random.Random) -> list[Ballot]:
    """One ballot changed, added, taken away, or given to another seat."""
    copy, n = box[:], rng.randrange(len(box))
    act = rng.choice(("change", "add", "remove", "move", "mode"))
    if act == "add":
        return [*copy, Ballot(f"X{n}", rng.choice(CHOICES), "device")]
    if act == "remove":
        return copy[:n] + copy[n + 1 :]
    one = copy[n]
    changed = {
        "change": Ballot(one.seat, rng.choice([c for c in CHOICES if c != one.choice]), one.mode),
        "move": Ballot(f"X{n}", one.choice, one.mode),
        "mode": Ballot(one.seat, one.choice, "hand" if one.mode != "hand" else "device"),
    }[act]
    return [*copy[:n], changed, *copy[n + 1 :]]


def test_a_thousand_tampered_copies_are_all_seen():
    rng = random.Random(8)
    for _ in range(1000):
        box = box_of(rng)
        assert seal("item", tampered(box, rng)) != seal("item", box)
        assert seal("another item", box) != seal("item", box)
        assert seal("item", rng.sample(box, len(box))) == seal("item", box), "the order of the rows says nothing"


def test_the_short_form_is_read_aloud():
    assert short("3f9a0c1e77b2d410" + "0" * 48) == "3f9a 0c1e 77b2 d410"


def closed_scene() -> Scene:
    scene = make_open_session(2)
    for item, choices in zip(scene.items, ("pppcca-", "ppppppp"), strict=True):
        hold_ballot(scene, item, choices)
    order = [str(file.uuid) for file in scene.files]
    close_session(session=scene.session, by=scene.president, at=portal_now(), settled=order, reason="Tirage.")
    return scene


@pytest.mark.django_db
def test_a_recount_of_untouched_boxes_finds_nothing(client, capsys):
    scene = closed_scene()
    assert list(recount(scene.session)) == []
    call_command("recompter", str(scene.session.uuid))
    assert "2 urne(s) recomptée(s)" in capsys.readouterr().out
    printed = {row["key"]: row["seal"] for row in minutes_document(scene.session).snapshot["seals"]}
    assert printed == {str(item.uuid): seal_of(item) for item in scene.items}
    enter(client, scene.holders[1].user)
    item = scene.items[0]
    page = text_of(client.get(reverse("jury_session", args=[scene.session.uuid]) + f"?dossier={item.uuid}"))
    assert f"Empreinte de l’urne\u00a0: {short(item.seal)}." in page


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["choice", "removed", "moved", "figures", "all but the minutes"])
def test_what_a_database_administrator_changes_is_seen(act):
    scene = closed_scene()
    item = scene.items[0]
    vote = Vote.objects.filter(item=item, choice="against").first()
    with unkept():
        if act == "choice":
            Vote.objects.filter(pk=vote.pk).update(choice="for")
        elif act == "removed":
            Vote.objects.filter(pk=vote.pk).delete()
        elif act == "moved":
            Vote.objects.filter(pk=vote.pk).update(seat=scene.holders[6].seat)
        elif act == "figures":
            AgendaItem.objects.filter(pk=item.pk).update(votes_for=5)
        else:
            Vote.objects.filter(pk=vote.pk).update(choice="for")
            AgendaItem.objects.filter(pk=item.pk).update(votes_for=4, votes_against=1, seal=seal_of(item))
    found = list(recount(scene.session))
    assert found
    assert all("TPS-2027-0001, scrutin 1" in sentence for sentence in found)
    with pytest.raises(CommandError, match="le procès-verbal fait foi"):
        call_command("recompter", str(scene.session.uuid))
