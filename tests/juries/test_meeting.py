"""The session on screen: attendance, quorum, ballots, reason, ranking, closing, minutes and their signature."""

from decimal import Decimal

import pytest
from django.urls import reverse

from juries.models import JurySession, Minutes, ProposalLine, Vote
from juries.queries import minutes_document, proposals
from juries.services.attendance import record_attendance
from juries.services.sessions import close_session, create_session, sign_minutes
from portal.core.models import FrozenDocument
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from tests.factories import make_role
from tests.juries.clicks import enter, said, text_of
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


def url(name: str, scene, *args) -> str:
    return reverse(name, args=[scene.session.uuid, *args])


def test_the_whole_meeting_on_screen(client):
    """The president alone with a browser, from the attendance to the signed minutes."""
    scene = declare_all(make_scene(2, voting=3, advisory=0, quorum=2))
    note_all(scene, (5, 5), (4, 3))
    plan_session(scene)
    enter(client, scene.president)
    refused = client.post(url("jury_open", scene))
    assert refused.status_code == 403
    assert "Le quorum n’est pas atteint : 0 présent sur 3 votants ; il en faut 2." in text_of(refused).replace(
        "\u00a0", " "
    ).replace("\u202f", " ")
    seats = {f"siege_{holder.seat_id}": "present" for holder in scene.holders}
    client.post(url("jury_attendance", scene), seats)
    assert (
        said(client.post(url("jury_open", scene), follow=True)) == "La séance est ouverte. Les notes ne changent plus."
    )
    for item, choices in zip(scene.items, (["for"] * 3, ["for", "against", "against"]), strict=True):
        client.post(url("jury_ballot_open", scene, item.uuid))
        for holder, choice in zip(scene.voters, choices, strict=True):
            enter(client, holder.user)
            client.post(url("jury_vote", scene), {"choice": choice, "dossier": item.uuid})
        enter(client, scene.president)
        client.post(url("jury_ballot_close", scene, item.uuid))
        client.post(url("jury_reason", scene, item.uuid), {"reason": f"Motif du dossier {item.position}."})
    ranking = text_of(client.get(url("jury_ranking", scene)))
    assert "1 Étretat" in ranking
    assert "Avis défavorable du jury." in ranking
    done = client.post(url("jury_close", scene))
    assert done.url == url("minutes", scene)
    assert list(ProposalLine.objects.values_list("application__number", "rank", "outcome", "score", "reason")) == [
        ("TPS-2027-0001", 1, "selected", Decimal("100.00"), "Motif du dossier 1."),
        ("TPS-2027-0002", None, "not_selected", Decimal("82.00"), "Motif du dossier 2. Avis défavorable du jury."),
    ]
    assert "Le procès-verbal se prépare" in text_of(client.get(done.url))
    assert client.post(url("minutes_sign", scene)).status_code == 403
    assert run_jobs() == 1
    assert "Relisez-le, puis signez-le" in text_of(client.get(done.url))
    client.post(url("minutes_sign", scene))
    minutes = Minutes.objects.get()
    assert (minutes.number, minutes.signed_by, minutes.session.state) == ("PV-TPS-2027-1", scene.president, "signed")
    pdf = client.get(url("minutes_file", scene))
    assert pdf.content[:5] == b"%PDF-"
    assert pdf["Content-Disposition"] == 'attachment; filename="PV-TPS-2027-1.pdf"'


def test_the_vote_of_the_picture_on_screen(client):
    scene = make_open_session(voting=9, advisory=0, quorum=5, links={4: {0: "Étude en cours"}})
    record_attendance(session=scene.session, seat=scene.holders[8].seat, presence="left", at=scene.at)
    from juries.services.ballots import cast_vote, close_ballot, open_ballot

    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    for holder, choice in zip(
        [h for i, h in enumerate(scene.voters) if i not in (4, 8)],
        ["for", "for", "for", "against", "for", "abstain", "for"],
        strict=True,
    ):
        cast_vote(item=item, holder=holder, choice=choice)
    close_ballot(item=item, by=scene.president)
    enter(client, scene.holders[1].user)
    page = text_of(client.get(url("jury_session", scene) + f"?dossier={item.uuid}"))
    assert "Moyenne du jury 82 sur 100" in page
    assert "5 voix sur 6 exprimées ; la majorité était de 4." in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert "7\u00a0présents sur 8\u00a0votants" in page
    assert "Un membre déporté n’est pas compté." in page
    assert "Agence régionale de santé Déporté" in page
    assert "Favorable, 5\u00a0voix" in page


def test_a_ballot_never_slips_to_the_next_file(client):
    scene = make_open_session()
    first, second = scene.items[:2]
    hold_ballot(scene, first, "ppppppp")
    from juries.services.ballots import open_ballot

    open_ballot(item=second, by=scene.president)
    enter(client, scene.holders[1].user)
    page = client.post(url("jury_vote", scene), {"choice": "for", "dossier": first.uuid})
    assert page.status_code == 403
    assert "Le scrutin est clos\u00a0: votre bulletin n’a pas été compté." in text_of(page)
    assert second.votes.count() == 0


def test_the_receipt_proves_presence_never_the_choice(client):
    scene = make_open_session()
    from juries.services.ballots import open_ballot

    open_ballot(item=scene.items[0], by=scene.president)
    pages = []
    for holder, choice in zip(scene.holders[1:3], ["for", "against"], strict=True):
        enter(client, holder.user)
        answer = client.post(url("jury_vote", scene), {"choice": choice, "dossier": scene.items[0].uuid}, follow=True)
        pages.append(text_of(answer).replace(holder.seat.label, ""))
    assert "Votre bulletin est dans l’urne" in pages[0]
    assert pages[0] == pages[1]
    again = client.post(url("jury_vote", scene), {"choice": "for", "dossier": scene.items[0].uuid})
    assert (again.status_code, Vote.objects.count()) == (403, 2)


def test_a_code_is_asked_before_a_seat_is_taken(client):
    """Step-up: an open session on a table is not enough to vote, to open a ballot nor to sign."""
    scene = make_open_session()
    client.force_login(scene.president)
    for name, args in (("jury_vote", []), ("jury_close", [])):
        assert client.get(url(name, scene, *args)).url.startswith(reverse("step_up"))
    for name, args in (("jury_ballot_open", [scene.items[0].uuid]), ("minutes_sign", []), ("jury_open", [])):
        assert client.post(url(name, scene, *args)).url.startswith(reverse("step_up"))
    scene.items[0].refresh_from_db()
    assert scene.items[0].state == "waiting"


def test_only_the_president_sees_who_has_voted_and_nobody_what(client):
    scene = make_open_session()
    from juries.services.ballots import cast_vote, open_ballot

    open_ballot(item=scene.items[0], by=scene.president)
    cast_vote(item=scene.items[0], holder=scene.holders[2], choice="against")
    pages = {}
    for who, user in (("president", scene.president), ("member", scene.holders[1].user), ("manager", scene.manager)):
        enter(client, user)
        pages[who] = text_of(client.get(url("jury_session", scene)))
    assert all("1\u00a0bulletin sur 7" in page for page in pages.values())
    assert ["A voté" in pages[who] for who in ("president", "member", "manager")] == [True, False, False]


def test_reasons_are_asked_before_closing(client):
    scene = make_open_session(files=1)
    enter(client, scene.president)
    assert "Il reste des dossiers à examiner." in text_of(client.get(url("jury_close", scene)))
    page = client.post(url("jury_close", scene))
    assert "Il reste à examiner\u00a0: TPS-2027-0001." in text_of(page)
    from juries.services.ballots import close_ballot, open_ballot

    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    close_ballot(item=item, by=scene.president)
    assert "Écrivez le motif porté au procès-verbal\u00a0: TPS-2027-0001." in text_of(
        client.post(url("jury_close", scene))
    )
    page = client.post(url("jury_reason", scene, item.uuid), {"reason": " "})
    assert "écrivez le motif\u00a0: le procès-verbal et la lettre le reprennent tel quel" in text_of(page)


def test_a_tie_is_settled_by_the_jury_when_closing(client):
    """Same notes, same population: two files at rank 1 for one place."""
    scene = make_open_session(files=2)
    for item in scene.items:
        hold_ballot(scene, item, "ppppppp")
    enter(client, scene.president)
    page = text_of(client.get(url("jury_close", scene)))
    assert "Candidatures à égalité" in page
    assert page.count("à départager") == 2
    first, second = scene.files
    both_first = {f"place_{first.pk}": 1, f"place_{second.pk}": 1, "reason": "Vote du jury."}
    assert "Donnez une place différente à chaque candidature à égalité." in text_of(
        client.post(url("jury_close", scene), both_first)
    )
    with pytest.raises(Refused, match="Des candidatures sont à égalité"):
        close_session(session=scene.session, by=scene.president, at=scene.at)
    order = [str(second.uuid), str(first.uuid)]
    with pytest.raises(Refused, match="Dites en une phrase"):
        close_session(session=scene.session, by=scene.president, at=scene.at, settled=order)
    client.post(url("jury_close", scene), {**both_first, f"place_{first.pk}": 2})
    assert list(scene.session.proposal.values_list("application", "rank", "outcome")) == [
        (second.pk, 1, "selected"),
        (first.pk, 2, "reserve"),
    ]
    snapshot = FrozenDocument.objects.get(kind="minutes").snapshot
    assert snapshot["observations"] == ["Candidatures à égalité de note et de critère : Vote du jury."]


def test_the_proposal_reaches_the_decision():
    from applications.services.decision import proposal_for

    scene = make_open_session(files=2, max_selected=1, reserve_size=1)
    for item, choices in zip(scene.items, ("ppppppp", "ccccccc"), strict=True):
        hold_ballot(scene, item, choices)
    assert proposals(scene.call) == []
    close_session(session=scene.session, by=scene.president, at=scene.at)
    reason = "Réponse précise aux besoins."
    assert proposals(scene.call) == [
        (scene.files[0], "selected", 1, Decimal("82.00"), reason),
        (scene.files[1], "not_selected", None, Decimal("82.00"), f"{reason} Avis défavorable du jury."),
    ]
    assert [line.outcome for line in proposal_for(scene.call).values()] == ["selected", "not_selected"]


def test_a_file_without_quorum_comes_back_at_another_session():
    scene = make_open_session(files=2, links={i: {0: "Étude en cours"} for i in (3, 4, 5, 6)})
    from juries.services.ballots import settle_without_vote

    settle_without_vote(item=scene.items[0], by=scene.president)
    hold_ballot(scene, scene.items[1], "ppppppp")
    close_session(session=scene.session, by=scene.president, at=scene.at)
    assert list(scene.session.proposal.values_list("application", flat=True)) == [scene.files[1].pk]
    snapshot = minutes_document(scene.session).snapshot
    assert snapshot["session"]["counts"]["set_aside"] == 1
    assert snapshot["set_aside"][0].endswith("Il est renvoyé à une prochaine séance.")
    other = create_session(
        call=scene.call, held_on=scene.session.held_on, place="Salle", secretary_title="", at=scene.at
    )
    assert [item.application for item in other.items.all()] == [scene.files[0]]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ballot": "secret"}, "Le portail tient les scrutins nominaux\u202f; cet appel prévoit un scrutin secret."),
        ({"held_on": -1}, "Cette date est passée. Choisissez un jour à venir."),
        ({"again": True}, "Une séance de ce jury est déjà prévue. Tenez-la avant d’en prévoir une autre."),
        ({"seats": 0}, "Composez d’abord le jury\u00a0: une séance réunit ses membres."),
    ],
)
def test_when_a_session_cannot_be_planned(change, sentence):
    from datetime import timedelta

    from tests.factories import make_call

    scene = make_scene(1)
    call = make_call(prefix="VIDE") if "seats" in change else scene.call
    if "ballot" in change:
        call.jury_rules.ballot = "secret"
        call.jury_rules.save()
    if "again" in change:
        plan_session(scene)
    day = scene.at.date() + timedelta(days=change.get("held_on", 3))
    with pytest.raises(Refused) as refused:
        create_session(call=call, held_on=day, place="Salle", secretary_title="", at=scene.at)
    assert str(refused.value) == sentence
    assert JurySession.objects.count() == ("again" in change)


def test_attendance_arrivals_departures_and_substitutes():
    from datetime import timedelta

    from juries.services.seats import take_seat
    from tests.factories import make_user

    scene = open_the_session(plan_session(declare_all(make_scene(1))), present=7)
    seat = scene.holders[3].seat
    substitute = take_seat(seat=seat, user=make_user(), at=scene.at, substitute=True)
    later = [scene.at + timedelta(minutes=n) for n in range(5)]

    def note(presence, at):
        row = record_attendance(session=scene.session, seat=seat, presence=presence, at=at)
        return row.state, row.holder, row.arrived_at, row.left_at

    assert note("left", later[1]) == ("present", scene.holders[3], scene.at, later[1])
    assert note("present", later[2]) == ("present", scene.holders[3], scene.at, None)
    assert note("substitute", later[3]) == ("present", substitute, later[3], None)
    with pytest.raises(Refused, match="Cette personne a siégé\u00a0: notez son départ."):
        note("absent", later[4])
    vacant = scene.holders[7].seat
    assert record_attendance(session=scene.session, seat=vacant, presence="excused", at=later[4]).state == "excused"
    with pytest.raises(Refused, match="n’était pas présent"):
        record_attendance(session=scene.session, seat=vacant, presence="left", at=later[4])
    with pytest.raises(Refused, match="n’a pas de personne suppléante"):
        record_attendance(session=scene.session, seat=vacant, presence="substitute", at=later[4])


def test_the_secretary_holds_the_pen_but_not_the_ballot(client):
    scene = make_open_session(files=1)
    enter(client, make_role(scene.call, "secretary"))
    assert client.get(url("jury_attendance", scene)).status_code == 200
    for name in ("jury_ballot_open", "jury_settle"):
        page = client.post(url(name, scene, scene.items[0].uuid))
        assert page.status_code == 403
        assert "Seule la présidence du jury ouvre et clôt la séance et les scrutins." in text_of(page)
    assert client.get(url("jury_vote", scene)).status_code == 403
    assert client.get(url("jury_close", scene)).status_code == 403


def test_a_member_does_not_hold_the_pen(client):
    scene = make_open_session(files=1)
    enter(client, scene.holders[1].user)
    item = scene.items[0]
    for method, name, args in (
        (client.get, "jury_attendance", []),
        (client.get, "jury_pronounce", [item.uuid]),
        (client.post, "jury_reason", [item.uuid]),
    ):
        page = method(url(name, scene, *args))
        assert page.status_code == 403
        assert "Seuls la présidence et le secrétariat du jury tiennent la séance." in text_of(page)


def test_a_recusal_is_pronounced_from_the_screen(client):
    scene = make_open_session(files=1)
    item, seat = scene.items[0], scene.holders[4].seat
    enter(client, scene.manager)
    page = client.post(url("jury_pronounce", scene, item.uuid), {"seat": seat.pk, "reason": "Étude en cours"})
    assert page.status_code == 302
    recusal = item.application.recusals.get()
    assert (recusal.seat, recusal.origin, recusal.by) == (seat, "pronounced", scene.manager)


def test_minutes_are_signed_once_ready_and_never_change():
    scene = make_open_session(files=1)
    hold_ballot(scene, scene.items[0], "ppppppp")
    close_session(session=scene.session, by=scene.president, at=scene.at)
    with pytest.raises(Refused, match="Le procès-verbal est en préparation"):
        sign_minutes(session=scene.session, by=scene.president, at=scene.at)
    run_jobs()
    with pytest.raises(Refused, match="Seule la présidence"):
        sign_minutes(session=scene.session, by=scene.holders[1].user, at=scene.at)
    minutes = sign_minutes(session=scene.session, by=scene.president, at=scene.at)
    assert minutes.document.state == "ready"
    with pytest.raises(Refused, match="n’est plus possible"):
        sign_minutes(session=scene.session, by=scene.president, at=scene.at)


def test_a_session_where_no_file_could_be_voted_has_minutes_too():
    scene = make_open_session(files=1, links={i: {0: "Étude en cours"} for i in (3, 4, 5, 6)})
    from juries.services.ballots import settle_without_vote

    settle_without_vote(item=scene.items[0], by=scene.president)
    close_session(session=scene.session, by=scene.president, at=scene.at)
    run_jobs()
    document = minutes_document(scene.session)
    assert (document.state, document.failure) == ("ready", "")
    assert document.snapshot["session"]["counts"] == {
        "deposited": 1, "set_aside": 1, "examined": 0, "places": 1, "selected": 0, "reserve": 0, "not_selected": 0,
    }  # fmt: skip


def test_a_file_admitted_during_the_session_stops_no_vote(client):
    from juries.services.ballots import cast_vote, open_ballot
    from tests.juries.scenes import SANDOUVILLE, make_file

    scene = make_open_session(files=1)
    make_file(scene.call, SANDOUVILLE, 8)
    enter(client, scene.holders[1].user)
    assert client.get(url("jury_session", scene)).status_code == 200
    open_ballot(item=scene.items[0], by=scene.president)
    cast_vote(item=scene.items[0], holder=scene.holders[1], choice="for")
    assert scene.items[0].votes.count() == 1


def test_an_undeclared_member_declares_before_the_session(client):
    scene = plan_session(make_scene(1))
    enter(client, scene.holders[1].user)
    assert client.get(url("jury_session", scene)).url == reverse("jury_declare", args=[scene.call.slug])
