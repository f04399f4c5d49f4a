"""Proxies: within the ceiling of the call, void as soon as their bearer is away or recused, told in the minutes."""

import itertools

import pytest
from django.urls import reverse

from juries.documents import minutes_snapshot
from juries.models import Proxy, Recusal, Vote
from juries.proxies import Effect, Given, can_give, has_effect
from juries.queries import borne_by, hands_awaited, item_quorum, proxy_effects, session_quorum
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_proxy, cast_vote, close_ballot, enter_hands, open_ballot, record_reason
from juries.services.proxies import give_proxy, withdraw_proxy
from juries.services.sessions import close_session
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.juries.clicks import enter, said, text_of
from tests.juries.scenes import Scene, declare_all, make_scene, note_all, open_the_session, plan_session


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


# --- the rules, alone ------------------------------------------------------------------------------------------------


def test_a_proxy_has_effect_in_one_case_of_thirty_two():
    """Giver away, bearer here, neither recused, the file of both."""
    names = ("giver_here", "bearer_here", "giver_recused", "bearer_recused", "concerned")
    good = [
        values
        for values in itertools.product((False, True), repeat=5)
        if has_effect(Effect(giver="A", bearer="B", **dict(zip(names, values, strict=True))))
    ]
    assert good == [(False, True, False, False, True)]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"ceiling": 0}, "Le règlement de l’appel n’admet pas de pouvoir."),
        ({"borne": 1}, "Le règlement admet 1 pouvoir au plus par membre : « B » les porte déjà."),
        ({"giver_votes": False}, "« A » n’a pas de voix à confier."),
        ({"bearer_votes": False}, "« B » ne vote pas : il ne porte pas de pouvoir."),
        ({"giver_personal": True}, "La voix de « A » est attachée à sa personne."),
        ({"giver_bears": True}, "« A » porte déjà un pouvoir : il ne se transmet pas."),
        ({"bearer_gave": True}, "« B » a lui-même donné pouvoir."),
        ({}, ""),
    ],
)
def test_who_may_give_a_proxy_to_whom(facts, why):
    answer = can_give(Given(giver="A", bearer="B", **{"ceiling": 1, **facts}))
    assert (bool(answer), plain(answer.reason)) == (not why, why)


# --- in session ------------------------------------------------------------------------------------------------------


def open_with(files: int, rules: dict, **more) -> Scene:
    """An open session under these rules, written before it: they are frozen at the opening."""
    scene = declare_all(make_scene(files, **more))
    scene.call.extras["jury"] = rules
    scene.call.save(update_fields=["extras"])
    note_all(scene, *[(4, 3)] * files)
    return open_the_session(plan_session(scene))


def scene_with_proxy(*, counted: bool = False, **more) -> tuple[Scene, Proxy]:
    """Seven voters, the last one away, who gave their vote to the second one."""
    scene = open_with(2, {"proxies": 1, "proxies_in_quorum": counted}, **more)
    record_attendance(session=scene.session, seat=scene.holders[6].seat, presence="left", at=scene.at)
    proxy = give_proxy(
        session=scene.session,
        giver=scene.holders[6].seat,
        bearer=scene.holders[1].seat,
        reference="courriel du 2 mai",
        by=scene.president,
        at=scene.at,
    )
    return scene, proxy


@pytest.mark.django_db
def test_a_proxy_votes_once_and_is_told_in_the_minutes():
    scene, proxy = scene_with_proxy()
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    bearer = scene.holders[1]
    assert [row.pk for row in borne_by(bearer, item)] == [proxy.pk]
    cast_vote(item=item, holder=bearer, choice="against")
    cast_proxy(item=item, proxy=proxy, voter=bearer.user, choice="for")
    with pytest.raises(Refused, match="déjà dans l’urne"):
        cast_proxy(item=item, proxy=proxy, voter=bearer.user, choice="against")
    assert borne_by(bearer, item) == []
    cast_vote(item=item, holder=scene.holders[2], choice="for")
    close_ballot(item=item, by=scene.president)
    record_reason(item=item, reason="Projet utile.")
    item.refresh_from_db()
    assert (item.votes_for, item.votes_against, item.present_count) == (2, 1, 6)
    vote = Vote.objects.get(proxy=proxy)
    assert (vote.seat, vote.voter, vote.choice) == (proxy.giver, bearer.user, "for")
    second = scene.items[1]
    open_ballot(item=second, by=scene.president)
    cast_vote(item=second, holder=bearer, choice="for")
    close_ballot(item=second, by=scene.president)
    record_reason(item=second, reason="Projet utile.")
    order = [str(file.uuid) for file in scene.files]
    close_session(session=scene.session, by=scene.president, at=portal_now(), settled=order, reason="Tirage.")
    found = minutes_snapshot(scene.session)
    assert [(row["proxies"], row["voters"]) for row in found["votes"]] == [(1, 3), (0, 1)]
    assert found["proxies"].startswith(
        f"« {proxy.giver.label} » à « {proxy.bearer.label} » (courriel du 2 mai). Un pouvoir ne compte pas"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("counted", [False, True])
def test_a_proxy_counts_in_the_quorum_where_the_call_says_so(counted):
    scene, _ = scene_with_proxy(counted=counted)
    assert session_quorum(scene.session).present == 6 + counted
    assert item_quorum(scene.items[0]).present == 6 + counted


@pytest.mark.django_db
def test_a_proxy_is_void_when_its_bearer_leaves_or_is_recused():
    scene, proxy = scene_with_proxy(counted=True)
    first, second = scene.items
    bearer = scene.holders[1]
    Recusal.objects.create(
        seat=bearer.seat, application=first.application, origin="declared", reason="Étude", recused_at=scene.at
    )
    assert [bool(answer) for _, answer in proxy_effects(first)] == [False]
    assert [bool(answer) for _, answer in proxy_effects(second)] == [True]
    assert (item_quorum(first).present, item_quorum(second).present) == (5, 7)
    open_ballot(item=first, by=scene.president)
    with pytest.raises(Refused, match="qui le porte, est déporté de ce dossier"):
        cast_proxy(item=first, proxy=proxy, voter=bearer.user, choice="for")
    close_ballot(item=first, by=scene.president)
    record_attendance(session=scene.session, seat=bearer.seat, presence="left", at=portal_now())
    open_ballot(item=second, by=scene.president)
    with pytest.raises(Refused, match="n’est pas présent"):
        cast_proxy(item=second, proxy=proxy, voter=bearer.user, choice="for")
    assert proxy.giver_id not in {row.seat_id for row in hands_awaited(second)}
    assert not Vote.objects.exists()


@pytest.mark.django_db
def test_the_vote_of_a_bearer_recused_during_the_ballot_does_not_count():
    scene, proxy = scene_with_proxy()
    item, bearer = scene.items[0], scene.holders[1]
    open_ballot(item=item, by=scene.president)
    cast_vote(item=item, holder=scene.holders[2], choice="for")
    cast_proxy(item=item, proxy=proxy, voter=bearer.user, choice="against")
    Recusal.objects.create(
        seat=bearer.seat, application=item.application, origin="declared", reason="Étude", recused_at=scene.at
    )
    close_ballot(item=item, by=scene.president)
    item.refresh_from_db()
    assert (item.votes_for, item.votes_against) == (1, 0)


@pytest.mark.django_db
def test_a_proxy_carries_no_casting_vote():
    scene = open_with(1, {"proxies": 1})
    record_attendance(session=scene.session, seat=scene.holders[0].seat, presence="left", at=scene.at)
    chair, item = scene.holders[1], scene.items[0]
    proxy = give_proxy(
        session=scene.session, giver=scene.holders[0].seat, bearer=chair.seat, reference="x", by=chair.user, at=scene.at
    )
    open_ballot(item=item, by=chair.user)
    cast_proxy(item=item, proxy=proxy, voter=chair.user, choice="for")
    cast_vote(item=item, holder=scene.holders[2], choice="against")
    close_ballot(item=item, by=chair.user)
    item.refresh_from_db()
    assert (item.votes_for, item.votes_against, item.result, item.casting_vote_used) == (1, 1, "unfavourable", False)


@pytest.mark.django_db
def test_hands_are_raised_for_an_absent_member_too():
    scene, proxy = scene_with_proxy()
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    assert proxy.giver_id in {row.seat_id for row in hands_awaited(item)}
    enter_hands(item=item, choices={proxy.giver_id: "for", scene.holders[2].seat_id: "against"}, by=scene.president)
    kept = Vote.objects.order_by("seat__position").values_list("choice", "proxy", "voter", "entered_by")
    assert list(kept) == [
        ("against", None, scene.holders[2].user_id, scene.president.pk),
        ("for", proxy.pk, scene.holders[1].user_id, scene.president.pk),
    ]


@pytest.mark.django_db
def test_proxies_do_not_change_during_a_ballot_nor_after_the_session():
    scene, proxy = scene_with_proxy()
    open_ballot(item=scene.items[0], by=scene.president)
    acts = [
        lambda: withdraw_proxy(proxy=proxy, by=scene.president, at=scene.at),
        lambda: give_proxy(
            session=scene.session, giver=scene.holders[3].seat, bearer=scene.holders[4].seat, reference="x",
            by=scene.president, at=scene.at,
        ),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(Refused, match="Un scrutin est ouvert"):
            act()
    close_ballot(item=scene.items[0], by=scene.president)
    withdraw_proxy(proxy=proxy, by=scene.president, at=scene.at)
    with pytest.raises(Refused, match="déjà retiré"):
        withdraw_proxy(proxy=proxy, by=scene.president, at=scene.at)
    assert proxy_effects(scene.items[1]) == []


@pytest.mark.django_db
def test_on_screen_a_proxy_is_given_used_then_withdrawn(client):
    scene, proxy = scene_with_proxy()
    url = reverse("jury_proxies", args=[scene.session.uuid])
    enter(client, scene.president)
    again = {"giver": scene.holders[5].seat_id, "bearer": scene.holders[1].seat_id, "reference": "lettre du 3 mai"}
    page = client.post(url, again)
    assert "Le règlement admet 1 pouvoir au plus par membre" in plain(text_of(page))
    assert "lettre du 3 mai" in page.content.decode()
    item, bearer = scene.items[0], scene.holders[1]
    open_ballot(item=item, by=scene.president)
    enter(client, bearer.user)
    vote = reverse("jury_vote", args=[scene.session.uuid])
    page = text_of(client.get(vote))
    assert f"Au nom de « {proxy.giver.label} »" in plain(page)
    data = {"choice": "for", "dossier": item.uuid}
    done = client.post(vote, {**data, "pouvoir": proxy.pk}, follow=True)
    assert said(done) == "Votre bulletin est dans l’urne."
    assert "Au nom de" not in text_of(done)
    assert client.post(vote, {**data, "pouvoir": proxy.pk}).status_code == 403
    enter(client, scene.holders[2].user)
    assert client.post(vote, {**data, "pouvoir": proxy.pk}).status_code == 403
    assert list(Vote.objects.values_list("seat", "voter")) == [(proxy.giver_id, bearer.user_id)]
