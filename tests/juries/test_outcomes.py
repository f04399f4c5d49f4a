"""Beside a ballot from one's device: files put off with requests, opinions without vote, show of hands, suspensions."""

from datetime import timedelta

import pytest
from django.urls import reverse

from calls.models import JuryRules, ReasonCode
from juries.documents import minutes_snapshot
from juries.models import AgendaItem, Vote
from juries.queries import hands_awaited
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, close_ballot, enter_hands, open_ballot, record_reason
from juries.services.outcomes import defer_file, give_opinion
from juries.services.sessions import close_session, create_session, resume_session, suspend_session
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.core.typography import format_time
from tests.factories import make_role
from tests.juries.clicks import enter, said, text_of
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

pytestmark = pytest.mark.django_db


def url(name: str, scene: Scene, item: AgendaItem | None = None) -> str:
    return reverse(name, args=[scene.session.uuid, *([item.uuid] if item else [])])


# --- put off -------------------------------------------------------------------------------------------------------


def test_a_file_put_off_says_what_is_asked_and_comes_back(client):
    scene = make_open_session(2)
    first, second = scene.items
    enter(client, scene.president)
    empty = client.post(url("jury_defer", scene, first), {"reason": "", "requests": "Un plan coté."})
    assert "Écrivez le motif" in text_of(empty)
    assert "Un plan coté." in empty.content.decode()
    client.post(url("jury_defer", scene, first), {"reason": "Le plan manque.", "requests": "Un plan coté."})
    page = text_of(client.get(url("jury_session", scene) + f"?dossier={first.uuid}"))
    assert "Dossier ajourné" in page
    assert "Ce que le jury demande à la commune Un plan coté." in page
    hold_ballot(scene, second, "ppppppp")
    close_session(session=scene.session, by=scene.president, at=portal_now())
    found = minutes_snapshot(scene.session)
    assert found["set_aside"] == [
        "Candidature TPS-2027-0001, Étretat : Le plan manque. Le jury demande : Un plan coté."
    ]
    assert [row["number"] for row in found["reasons"]] == ["0002"]
    again = create_session(
        call=scene.call, held_on=day_of(scene.at) + timedelta(days=40), place="salle", secretary_title="", at=scene.at
    )
    assert [item.application.number for item in again.items.all()] == ["TPS-2027-0001"]


def test_only_the_chair_puts_a_file_off_and_never_an_open_or_voted_one():
    scene = make_open_session(2)
    first, second = scene.items
    with pytest.raises(Refused, match="Seule la présidence"):
        defer_file(item=first, by=scene.holders[1].user, reason="Motif.", requests="")
    open_ballot(item=first, by=scene.president)
    with pytest.raises(Refused, match="Ajourner le dossier"):
        defer_file(item=first, by=scene.president, reason="Motif.", requests="")
    for holder in scene.holders[3:]:
        close_or_leave(scene, first, holder)
    with pytest.raises(Refused, match="Le quorum n’est pas atteint pour ce dossier"):
        defer_file(item=second, by=scene.president, reason="Motif.", requests="")


def close_or_leave(scene: Scene, item: AgendaItem, holder) -> None:
    if item.state == "voting":
        close_ballot(item=item, by=scene.president)
    record_attendance(session=scene.session, seat=holder.seat, presence="left", at=scene.at)


# --- reasons of the call -------------------------------------------------------------------------------------------


def test_the_reasons_of_the_call_come_before_the_text(client):
    scene = make_open_session(1)
    for code, outcome, label in (
        ("MUR", "not_selected", "La maturité du projet est insuffisante."),
        ("RANG", "not_selected", "Le rang ne le permet pas."),
        ("BON", "selected", "Le projet répond à un besoin avéré."),
    ):
        ReasonCode.objects.create(call=scene.call, code=code, outcome=outcome, label=label, position=1)
    item = hold_ballot(scene, scene.items[0], "ccccccc")
    enter(client, scene.president)
    page = client.get(url("jury_session", scene) + f"?dossier={item.uuid}")
    labels = [label for _, label in page.context["reason_form"].fields["codes"].choices]
    assert labels == ["La maturité du projet est insuffisante.", "Le rang ne le permet pas."]
    client.post(url("jury_reason", scene, item), {"codes": ["MUR"], "reason": "Le foncier reste à acquérir."})
    item.refresh_from_db()
    assert item.reason == "La maturité du projet est insuffisante. Le foncier reste à acquérir."
    assert item.reason_codes == ["MUR"]
    again = client.get(url("jury_session", scene) + f"?dossier={item.uuid}").context["reason_form"]
    assert (again["codes"].value(), again["reason"].value()) == (["MUR"], "Le foncier reste à acquérir.")
    client.post(url("jury_reason", scene, item), {"codes": ["MUR", "RANG"], "reason": ""})
    item.refresh_from_db()
    assert item.reason == "La maturité du projet est insuffisante. Le rang ne le permet pas."
    nothing = client.post(url("jury_reason", scene, item), {"reason": " "})
    assert "Écrivez le motif" in text_of(nothing)


# --- a committee that does not vote --------------------------------------------------------------------------------


def committee() -> Scene:
    scene = declare_all(make_scene(2, voting=3, advisory=0, quorum=2))
    JuryRules.objects.filter(call=scene.call).update(ballot="none")
    scene.call.refresh_from_db()
    note_all(scene, (5, 5), (4, 3))
    return open_the_session(plan_session(scene))


def test_a_committee_without_vote_ends_in_a_recorded_opinion(client):
    scene = committee()
    first, second = scene.items
    enter(client, scene.president)
    page = client.get(url("jury_session", scene))
    assert "Le comité rend un avis sans voter." in text_of(page)
    assert url("jury_ballot_open", scene, first) not in page.content.decode()
    with pytest.raises(Refused, match="Ce comité rend un avis sans vote"):
        open_ballot(item=first, by=scene.president)
    wrong = client.post(url("jury_opinion", scene, first), {"outcome": "", "reason": "Un motif déjà écrit."})
    assert "Choisissez l’avis du comité." in text_of(wrong)
    assert "Un motif déjà écrit." in wrong.content.decode()
    done = client.post(url("jury_opinion", scene, first), {"outcome": "for", "reason": "Projet utile."}, follow=True)
    assert said(done) == "L’avis du comité est consigné."
    give_opinion(item=second, by=scene.president, favourable=False, reason="Hors sujet.")
    close_session(session=scene.session, by=scene.president, at=portal_now())
    found = minutes_snapshot(scene.session)
    assert [(v["opinion"], v["voters"], v["voted_at"]) for v in found["votes"]] == [
        ("Favorable", 0, None),
        ("Défavorable", 0, None),
    ]
    assert found["hearings"] == [
        "Le comité rend un avis sans voter ; l’avis de chaque dossier et son motif sont consignés."
    ]
    assert [(row["proposal"], row["reason"]) for row in found["reasons"]] == [
        ("Retenue", "Projet utile."),
        ("Non retenue", "Hors sujet. Avis défavorable du jury."),
    ]


def test_a_jury_that_votes_gives_no_opinion_without_vote():
    scene = make_open_session(1)
    with pytest.raises(Refused, match="Ce jury vote\u00a0: ouvrez le scrutin."):
        give_opinion(item=scene.items[0], by=scene.president, favourable=True, reason="Motif.")


# --- show of hands -------------------------------------------------------------------------------------------------


def test_hands_and_devices_make_one_box(client):
    """Two vote from their device, the secretary writes the hands of three; one recused and one away are not asked."""
    scene = make_open_session(1, links={4: {0: "Étude en cours"}})
    item, secretary = scene.items[0], make_role(scene.call, "secretary")
    record_attendance(session=scene.session, seat=scene.holders[6].seat, presence="left", at=scene.at)
    open_ballot(item=item, by=scene.president)
    for holder, choice in zip(scene.voters[:2], ("for", "against"), strict=True):
        cast_vote(item=item, holder=holder, choice=choice)
    assert [row.seat for row in hands_awaited(item)] == [scene.holders[n].seat for n in (2, 3, 5)]
    enter(client, secretary)
    page = client.get(url("jury_hands", scene, item))
    assert set(page.context["form"].fields) == {f"siege_{scene.holders[n].seat_id}" for n in (2, 3, 5)}
    nobody = client.post(url("jury_hands", scene, item), {})
    assert "Notez au moins un vote à main levée." in text_of(nobody)
    raised = {f"siege_{scene.holders[n].seat_id}": "for" for n in (2, 3)}
    done = client.post(url("jury_hands", scene, item), raised, follow=True)
    assert said(done) == "2\u00a0votes à main levée dans l’urne."
    kept = Vote.objects.order_by("seat__position").values_list("seat", "choice", "entered_by")
    assert list(kept) == [
        (scene.holders[0].seat_id, "for", None),
        (scene.holders[1].seat_id, "against", None),
        (scene.holders[2].seat_id, "for", secretary.pk),
        (scene.holders[3].seat_id, "for", secretary.pk),
    ]
    close_ballot(item=item, by=scene.president)
    record_reason(item=item, reason="Projet utile.")
    close_session(session=scene.session, by=scene.president, at=portal_now())
    found = minutes_snapshot(scene.session)
    assert [(v["in_favour"], v["against"], v["mark"]) for v in found["votes"]] == [(3, 1, "§")]
    assert found["votes_note"] == "§ Votes exprimés à main levée, consignés par le secrétariat."


def test_hands_are_all_written_or_none_and_never_twice():
    scene = make_open_session(1, links={4: {0: "Étude en cours"}})
    item = scene.items[0]
    with pytest.raises(Refused, match="Le scrutin n’est pas ouvert"):
        enter_hands(item=item, choices={scene.holders[1].seat_id: "for"}, by=scene.president)
    open_ballot(item=item, by=scene.president)
    cast_vote(item=item, holder=scene.voters[1], choice="against")
    for refused in (1, 4, 7):  # has voted, recused, advisory
        with pytest.raises(Refused, match=scene.holders[refused].seat.label):
            enter_hands(
                item=item,
                choices={scene.holders[0].seat_id: "for", scene.holders[refused].seat_id: "for"},
                by=scene.president,
            )
    assert Vote.objects.count() == 1
    with pytest.raises(Refused, match="Seuls la présidence et le secrétariat"):
        enter_hands(item=item, choices={scene.holders[0].seat_id: "for"}, by=make_role(scene.call, "manager"))


# --- suspension ----------------------------------------------------------------------------------------------------


def test_nothing_is_voted_while_the_session_is_suspended(client):
    scene = make_open_session(1)
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    with pytest.raises(Refused, match="Un scrutin est ouvert"):
        suspend_session(session=scene.session, by=scene.president, at=portal_now())
    close_ballot(item=item, by=scene.president)
    record_reason(item=item, reason="Projet utile.")
    enter(client, scene.president)
    away = scene.at + timedelta(minutes=60)
    suspend_session(session=scene.session, by=scene.president, at=away)
    page = text_of(client.get(url("jury_session", scene)))
    assert "La séance est suspendue" in page
    for refused in (
        lambda: record_reason(item=item, reason="Autre."),
        lambda: close_session(session=scene.session, by=scene.president, at=portal_now()),
        lambda: suspend_session(session=scene.session, by=scene.president, at=portal_now()),
    ):
        with pytest.raises(Refused, match="La séance est suspendue"):
            refused()
    record_attendance(session=scene.session, seat=scene.holders[6].seat, presence="left", at=away)
    with pytest.raises(Refused, match="Seule la présidence"):
        resume_session(session=scene.session, by=scene.holders[1].user, at=away)
    resume_session(session=scene.session, by=scene.president, at=away + timedelta(minutes=30))
    close_session(session=scene.session, by=scene.president, at=portal_now())
    hours = minutes_snapshot(scene.session)["session"]["hours"]
    start, end = format_time(away), format_time(away + timedelta(minutes=30))
    assert f" ; suspension de {start} à {end} ; " in hours
