"""The jury departs from the notes only in writing: where each file then stands, and what is left of the computed rank."""

import itertools
from decimal import Decimal

import pytest
from django.urls import reverse

from juries.documents import minutes_snapshot
from juries.models import ProposalLine, RankingDeparture
from juries.ranking import Departure, Entry, Line, RankingRules, rank
from juries.services.outcomes import depart, follow_the_notes
from juries.services.sessions import close_session
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.factories import make_role
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

RULES = RankingRules(max_selected=2, reserve_size=1, threshold=Decimal(20))


def entries(n: int) -> list[Entry]:
    """« a » first: 90 points, 80, 70…; the last one is under the threshold."""
    return [Entry("abcdefgh"[i], Decimal(90 - 10 * i)) for i in range(n)] + [Entry("z", Decimal(5))]


def told(lines: list[Line]) -> list[tuple]:
    return [(line.key, line.rank, line.outcome) for line in lines]


def test_every_file_at_every_place_of_a_ranking():
    for n in range(1, 7):
        names = "abcdefgh"[:n]
        for key, place in itertools.product(names, range(1, n + 1)):
            lines = rank(entries(n), RULES, departures=[Departure(key, place, "Motif.")])
            others = [name for name in names if name != key]
            order = [*others[: place - 1], key, *others[place - 1 :]]
            outcomes = ["selected", "selected", "reserve", *["not_selected"] * n]
            assert told(lines[:-1]) == [(name, i + 1, outcomes[i]) for i, name in enumerate(order)]
            assert told(lines[-1:]) == [("z", None, "not_selected")], "the threshold is a rule of the call"
            moved = {line.key: (line.computed, line.departure) for line in lines if line.departure}
            assert moved == {key: (names.index(key) + 1, "Motif.")}


def test_out_of_the_ranking_leaves_its_place_to_the_next():
    lines = rank(entries(4), RULES, departures=[Departure("a", None, "Projet déjà aidé.")])
    assert told(lines) == [
        ("b", 1, "selected"), ("c", 2, "selected"), ("d", 3, "reserve"), ("a", None, "not_selected"),
        ("z", None, "not_selected"),
    ]  # fmt: skip
    assert (lines[3].why, lines[3].computed, lines[3].departure) == ("Projet déjà aidé.", 1, "Projet déjà aidé.")


def test_several_departures_follow_one_another():
    departures = [Departure("d", 1, "Un."), Departure("a", 4, "Deux."), Departure("c", None, "Trois.")]
    assert [line.key for line in rank(entries(5), RULES, departures=departures)] == ["d", "b", "e", "a", "c", "z"]


def test_a_file_put_among_tied_ones_stands_before_them_and_they_stay_tied():
    tied = [Entry(key, Decimal(50)) for key in "abc"] + [Entry("d", Decimal(40))]
    lines = rank(tied, RULES, departures=[Departure("d", 2, "Motif.")])
    assert [(line.key, line.rank, line.tied) for line in lines] == [
        ("d", 1, False), ("a", 2, True), ("b", 2, True), ("c", 2, True),
    ]  # fmt: skip


def test_a_departure_about_an_unranked_file_changes_nothing():
    assert rank(entries(3), RULES, departures=[Departure("z", 1, "Motif.")]) == rank(entries(3), RULES)


# --- in session ----------------------------------------------------------------------------------------------------


def voted() -> Scene:
    """Three files, 100, 82 and 64 points, all favourable; one place, one in reserve."""
    scene = declare_all(make_scene(3, max_selected=1, reserve_size=1))
    note_all(scene, (5, 5), (4, 3), (3, 3))
    open_the_session(plan_session(scene))
    for item in scene.items:
        hold_ballot(scene, item, "ppppppp")
    return scene


@pytest.mark.django_db
def test_the_minutes_give_both_ranks_and_the_reason():
    scene = voted()
    third = scene.items[2]
    depart(item=third, by=scene.president, place=1, reason="Équilibre du territoire.", at=scene.at)
    close_session(session=scene.session, by=scene.president, at=portal_now())
    kept = ProposalLine.objects.order_by("rank").values_list(
        "application__number", "rank", "outcome", "computed_rank", "departure"
    )
    assert list(kept) == [
        ("TPS-2027-0003", 1, "selected", 3, "Équilibre du territoire."),
        ("TPS-2027-0001", 2, "reserve", None, ""),
        ("TPS-2027-0002", None, "not_selected", None, ""),
    ]
    found = minutes_snapshot(scene.session)["deviations"]
    assert found == [
        {
            "number": "0003",
            "applicant": "Bénouville",
            "computed_rank": 3,
            "decided_rank": 1,
            "reason": "Équilibre du territoire.",
        }
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "reason", "sentence"),
    [
        (2, "  ", "S’écarter du classement demande un motif écrit."),
        (4, "Motif.", "Donnez une place de 1 à 3."),
        (0, "Motif.", "Donnez une place de 1 à 3."),
    ],
)
def test_what_is_refused_says_why(place, reason, sentence):
    scene = voted()
    with pytest.raises(Refused, match=sentence):
        depart(item=scene.items[0], by=scene.president, place=place, reason=reason, at=scene.at)
    assert not RankingDeparture.objects.exists()


@pytest.mark.django_db
def test_a_file_out_of_the_ranking_is_not_put_back_in_it():
    scene = make_open_session(2)
    hold_ballot(scene, scene.items[0], "ccccccc")
    with pytest.raises(Refused, match="Ce dossier est hors du classement\u00a0: avis défavorable du jury."):
        depart(item=scene.items[0], by=scene.president, place=1, reason="Motif.", at=scene.at)
    with pytest.raises(Refused, match="il n’est pas encore examiné."):
        depart(item=scene.items[1], by=scene.president, place=1, reason="Motif.", at=scene.at)


@pytest.mark.django_db
def test_who_is_recused_from_a_file_moves_none_and_managers_neither():
    scene = make_open_session(2, links={0: {1: "Étude en cours"}})
    hold_ballot(scene, scene.items[0], "ppppppp")
    manager = make_role(scene.call, "manager")
    for who, why in ((scene.president, "Vous êtes déporté d’un dossier"), (manager, "Seuls la présidence")):
        with pytest.raises(Refused, match=why):
            depart(item=scene.items[0], by=who, place=2, reason="Motif.", at=scene.at)


@pytest.mark.django_db
def test_on_screen_one_departs_then_comes_back(client):
    scene = voted()
    enter(client, scene.president)
    url = reverse("jury_depart", args=[scene.session.uuid, scene.items[1].uuid])
    page = client.get(reverse("jury_ranking", args=[scene.session.uuid]))
    assert url in page.content.decode()
    wrong = client.post(url, {"kind": "rang", "place": "", "reason": "Un motif déjà écrit."})
    assert "Écrivez la place décidée, par exemple 3." in text_of(wrong)
    assert "Un motif déjà écrit." in wrong.content.decode()
    client.post(url, {"kind": "hors", "place": "", "reason": "Projet déjà aidé."})
    page = text_of(client.get(reverse("jury_ranking", args=[scene.session.uuid])))
    assert "Les notes donnaient le rang 2\u202f; motif de l’écart\u00a0: Projet déjà aidé." in page
    client.post(url, {"annuler": "1"})
    assert not RankingDeparture.objects.exists()
    depart(item=scene.items[1], by=scene.president, place=1, reason="Motif.", at=scene.at)
    follow_the_notes(item=scene.items[1], by=scene.president, at=scene.at)
    assert not RankingDeparture.objects.exists()
