"""An even vote: the steps of the call in their order, a second ballot beside the first, required seats."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from juries.ballot import Count, steps_in, steps_on_offer, tie_sentence, tie_steps, verdict
from juries.documents import minutes_snapshot
from juries.models import JurySession
from juries.queries import item_quorum, minutes_document, ranking_of, session_quorum
from juries.quorum import QuorumRules, SeatFact, quorum_of
from juries.services.attendance import record_attendance
from juries.services.ballots import record_reason
from juries.services.sessions import close_session, create_session
from juries.services.ties import offered_steps, open_second_ballot, settle_tie
from portal.core.rules import Refused
from tests.factories import make_role
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

STEPS = ("casting_vote", "second_ballot", "joint_decision", "deferral")
REASON = "Les deux coprésidences en conviennent."


def even_scene(*tie: str, required: tuple[str, ...] = (), choices: str = "pppccca", votes: bool = True) -> Scene:
    """One file, voted three against three, in a call that settles even votes by these steps."""
    scene = declare_all(make_scene(1, max_selected=1))
    scene.call.extras["jury"] = {"tie": list(tie), "required_seats": list(required)}
    scene.call.jury_rules.casting_vote = not tie or "casting_vote" in tie
    scene.call.jury_rules.save()
    scene.call.save()
    note_all(scene, (4, 3))
    open_the_session(plan_session(scene))
    if votes:
        hold_ballot(scene, scene.items[0], choices)
    return scene


# --- pure ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "president", "step", "sentence"),
    [
        (("second_ballot",), "for", "second_ballot", "le règlement prévoit\u00a0: second scrutin."),
        (("joint_decision", "deferral"), None, "joint_decision", "le règlement prévoit\u00a0: décision conjointe des coprésidences."),
        (("casting_vote", "deferral"), "abstain", "deferral", "le règlement prévoit\u00a0: renvoi à une prochaine séance."),
        (("casting_vote", "deferral"), "for", "", "la voix de la présidence, favorable, est prépondérante."),
        ((), "for", "", "la proposition n’est pas adoptée."),
    ],
)  # fmt: skip
def test_the_first_step_that_can_be_taken(steps, president, step, sentence):
    found = verdict(Count(3, 3, 1), steps=steps, president=president)
    assert (found.step, found.sentence.partition("\u202f; ")[2]) == (step, sentence)


def test_other_boxes_know_no_step():
    assert {verdict(Count(*box), steps=STEPS[1:]).step for box in ((4, 3, 0), (0, 0, 7), (3, 4, 0))} == {""}
    assert verdict(Count(3, 3, 0), majority="absolute", steps=STEPS[1:]).step == ""


def test_the_short_form_and_the_words():
    assert (tie_steps((), casting_vote=True), tie_steps((), casting_vote=False)) == (("casting_vote",), ())
    assert tie_steps(("deferral",), casting_vote=True) == ("deferral",)
    assert tie_sentence(("second_ballot", "deferral")) == (
        "En cas de partage égal des voix\u00a0: second scrutin, puis renvoi à une prochaine séance."
    )


@given(st.lists(st.sampled_from(STEPS), max_size=6), st.integers(1, 4))
def test_each_ballot_uses_up_the_steps_before_it(steps, ballots):
    left = steps_in(steps, ballots)
    assert left == tuple(steps[len(steps) - len(left) :])
    assert left.count("second_ballot") == max(0, steps.count("second_ballot") - (ballots - 1))


def test_a_joint_decision_may_fail_and_the_next_step_follows():
    assert steps_on_offer(("joint_decision", "deferral"), "joint_decision") == ("joint_decision", "deferral")
    assert steps_on_offer(("second_ballot", "deferral"), "second_ballot") == ("second_ballot",)
    assert steps_on_offer(STEPS, "") == ()


@given(st.lists(st.tuples(*[st.booleans()] * 4), max_size=12), st.integers(1, 6))
def test_required_seats_only_add_a_condition(rows, needed):
    seats = [SeatFact(v, p, r, q, f"S{i}") for i, (v, p, r, q) in enumerate(rows)]
    plain = quorum_of([SeatFact(s.voting, s.present, s.recused) for s in seats], QuorumRules(needed))
    found = quorum_of(seats, QuorumRules(needed))
    awaited = [s.label for s in seats if s.required and not s.present and not s.recused]
    assert found.absent == tuple(awaited)
    assert found.reached is (plain.reached and not awaited)
    assert (found.present, found.base, found.recused) == (plain.present, plain.base, plain.recused)


# --- a session -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_second_ballot_is_another_ballot_and_the_first_stays_closed():
    scene = even_scene("second_ballot", "deferral")
    first = scene.items[0]
    assert (first.state, first.result, first.tie_step, first.votes_for, first.votes_against) == (
        "closed",
        "tied",
        "",
        3,
        3,
    )
    assert ranking_of(scene.session) == []
    with pytest.raises(Refused, match="Un partage égal des voix reste à régler"):
        close_session(session=scene.session, by=scene.president, at=scene.at)
    again = open_second_ballot(item=first, by=scene.president)
    assert (again.round, again.position, again.state) == (2, 1, "voting")
    vote_all(scene, again, "ppppcca")
    from juries.services.ballots import close_ballot

    close_ballot(item=again, by=scene.president)
    record_reason(item=again, reason="Le débat a levé le doute.")
    first.refresh_from_db()
    assert (first.state, first.votes_for, first.votes_against, first.result) == ("closed", 3, 3, "tied")
    with pytest.raises(Refused, match="Le règlement de l’appel ne le prévoit pas"):
        open_second_ballot(item=first, by=scene.president)
    close_session(session=scene.session, by=scene.president, at=scene.at)
    votes = minutes_snapshot(scene.session)["votes"]
    assert [(row["applicant"], row["in_favour"], row["opinion"]) for row in votes] == [
        ("Étretat", 3, "Partage égal"),
        ("Étretat, second scrutin", 4, "Favorable"),
    ]
    assert minutes_document(scene.session) is not None


@pytest.mark.django_db
def test_a_second_even_vote_goes_on_to_the_next_step():
    scene = even_scene("second_ballot", "deferral")
    again = open_second_ballot(item=scene.items[0], by=scene.president)
    from juries.services.ballots import close_ballot

    vote_all(scene, again, "pppccca")
    close_ballot(item=again, by=scene.president)
    assert (again.result, offered_steps(again)) == ("tied", ("deferral",))
    settle_tie(item=again, by=scene.president, step="deferral", favourable=False, reason="Précisions demandées.")
    again.refresh_from_db()
    assert (again.result, again.tie_step, again.reason) == ("deferred", "deferral", "Précisions demandées.")
    close_session(session=scene.session, by=scene.president, at=scene.at)
    assert not scene.session.proposal.exists()
    assert minutes_snapshot(scene.session)["set_aside"][0].endswith("Précisions demandées.")
    day = scene.session.held_on
    later = create_session(call=scene.call, held_on=day, place="Le Havre", secretary_title="", at=scene.at)
    assert [item.application for item in later.items.all()] == scene.files


@pytest.mark.django_db
def test_a_joint_decision_is_written_by_the_president_or_the_secretary_with_its_reason():
    scene = even_scene("joint_decision", "deferral")
    item, secretary = scene.items[0], make_role(scene.call, "secretary")
    act = {"item": item, "step": "joint_decision", "favourable": True}
    for by in (scene.manager, scene.holders[1].user):
        with pytest.raises(Refused, match="Seuls la présidence et le secrétariat"):
            settle_tie(by=by, reason=REASON, **act)
    with pytest.raises(Refused, match="demande un motif"):
        settle_tie(by=secretary, reason=" ", **act)
    with pytest.raises(Refused, match="ne le prévoit pas"):
        settle_tie(by=secretary, reason=REASON, **{**act, "step": "second_ballot"})
    settle_tie(by=secretary, reason=REASON, **act)
    item.refresh_from_db()
    assert (item.result, item.tie_step, item.reason, item.casting_vote_used) == (
        "favourable", "joint_decision", REASON, False,
    )  # fmt: skip
    assert item.transitions.get(transition="settle_tie").reason == REASON
    with pytest.raises(Refused, match="rien à régler"):
        settle_tie(by=secretary, reason=REASON, **act)
    close_session(session=scene.session, by=scene.president, at=scene.at)
    snapshot = minutes_snapshot(scene.session)
    assert snapshot["votes"][0]["mark"] == "‡"
    assert "décision conjointe des coprésidences, puis renvoi" in snapshot["hearings"][0]


@pytest.mark.django_db
def test_the_screen_offers_what_the_rules_allow(client):
    scene = even_scene("joint_decision", "second_ballot")
    item = scene.items[0]
    page = reverse("jury_session", args=[scene.session.uuid])
    tie = reverse("jury_settle_tie", args=[scene.session.uuid, item.uuid])
    enter(client, scene.president)
    text = text_of(client.get(page))
    assert "Partage égal des voix" in text
    assert "Ouvrir le second scrutin" in text
    assert "Décision conjointe\u00a0: retenir la candidature" in text
    assert "Renvoi à une prochaine séance" not in text
    refused = client.post(tie, {"outcome": "joint_decision:for", "reason": ""})
    assert "Écrivez le motif" in text_of(refused)
    assert client.post(tie, {"outcome": "deferral:", "reason": REASON}).status_code == 200
    assert client.post(reverse("jury_second_ballot", args=[scene.session.uuid, item.uuid])).status_code == 302
    assert "Second scrutin nominal" in text_of(client.get(page))
    assert "Premier scrutin\u00a0: Partage égal des voix, 3 contre 3" in text_of(client.get(page))
    assert client.post(tie, {"outcome": "joint_decision:for", "reason": REASON}).status_code == 200
    enter(client, scene.holders[1].user)
    assert "Ouvrir le second scrutin" not in text_of(client.get(page))


@pytest.mark.django_db
def test_without_a_required_seat_there_is_no_quorum():
    scene = even_scene(required=("J2", "J8"), votes=False)
    assert session_quorum(scene.session).reached
    record_attendance(session=scene.session, seat=scene.holders[1].seat, presence="left", at=scene.at)
    found = item_quorum(scene.items[0])
    assert (found.reached, found.absent) == (False, (scene.holders[1].seat.label,))
    with pytest.raises(Refused, match="Présence requise et manquante\u00a0: Vice-présidence Environnement."):
        hold_ballot(scene, scene.items[0], "p-ppppp")


@pytest.mark.django_db
def test_a_required_seat_recused_is_not_awaited_for_that_file():
    scene = make_scene(1)
    scene.call.extras["jury"] = {"required_seats": ["J2"]}
    scene.call.save()
    declare_all(scene, {1: {0: "Étude en cours"}})
    note_all(scene, (4, 3))
    open_the_session(plan_session(scene))
    record_attendance(session=scene.session, seat=scene.holders[1].seat, presence="left", at=scene.at)
    assert item_quorum(scene.items[0]).reached
    assert not session_quorum(JurySession.objects.get(pk=scene.session.pk)).reached
