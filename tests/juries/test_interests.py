"""Recusals: of right, declared, pronounced; separation of duties. The recused reads, scores and votes nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from applications.rules.files import READERS
from calls.models import CallRole
from calls.services.team import INCOMPATIBLE
from juries.links import NO_LINK, OTHER, Said
from juries.models import FileScore, Recusal, SeatHolder
from juries.queries import files_for, holders_of, reads_as_juror, undeclared
from juries.services.attendance import record_attendance
from juries.services.ballots import cast_vote, close_ballot, open_ballot, record_reason
from juries.services.interests import declare_interests, declare_link, pronounce_recusal
from juries.services.scores import score_values
from juries.services.seats import end_holding, invite_holder, take_seat
from juries.services.sessions import close_session, convene, sign_minutes
from portal.core.clock import portal_now
from portal.core.outbox import run_jobs
from portal.core.rules import Refused
from tests.factories import ETRETAT, HARFLEUR, TILLEUL, make_member, make_role, make_town_hall, make_user
from tests.juries.clicks import enter, text_of
from tests.juries.scenes import (
    BENOUVILLE,
    declare_all,
    join,
    make_file,
    make_open_session,
    make_scene,
    note_all,
    open_the_session,
    plan_session,
)

pytestmark = pytest.mark.django_db


def free_seat(scene, index: int):
    end_holding(holder=scene.holders[index], at=scene.at)
    return scene.holders[index].seat


def recusals(scene) -> set[tuple[str, str, str, str]]:
    rows = Recusal.objects.select_related("seat", "application")
    return {(row.seat.code, row.application.number, row.origin, row.reason) for row in rows}


# --- of right ------------------------------------------------------------------------------------------------------


def test_the_mayor_of_an_applicant_commune_is_recused_of_right():
    scene = make_scene()
    mayor = make_user(role_title="Maire du Tilleul")
    take_seat(seat=free_seat(scene, 3), user=mayor, organisation=make_town_hall(TILLEUL), at=portal_now())
    expected = ("J4", "TPS-2027-0002", "automatic", "Représente la collectivité candidate (Commune de Le Tilleul)")
    assert recusals(scene) == {expected}


def test_so_is_an_agent_of_the_commune_and_the_mayor_of_a_co_applicant():
    scene = make_scene()
    join(scene.files[0], make_town_hall(HARFLEUR))
    agent = make_member(make_town_hall(ETRETAT), "editor", state="pending")
    take_seat(seat=free_seat(scene, 3), user=agent, at=portal_now())
    take_seat(seat=free_seat(scene, 4), user=make_user(), organisation=make_town_hall(HARFLEUR), at=portal_now())
    assert recusals(scene) == {
        ("J4", "TPS-2027-0001", "automatic", "Exerce une fonction dans la collectivité candidate (Commune de Étretat)"),
        ("J5", "TPS-2027-0001", "automatic", "Représente la collectivité candidate (Commune de Harfleur)"),
    }


def test_whoever_left_the_commune_is_not_tied():
    scene = make_scene()
    agent = make_member(make_town_hall(ETRETAT), "editor")
    agent.memberships.update(state="ended")
    take_seat(seat=free_seat(scene, 3), user=agent, at=portal_now())
    assert recusals(scene) == set()


def test_a_file_admitted_later_recuses_when_the_session_is_convened():
    scene = make_scene(2)
    mayor = make_user()
    take_seat(seat=free_seat(scene, 3), user=mayor, organisation=make_town_hall(BENOUVILLE), at=portal_now())
    declare_all(plan_session(scene))
    late = make_file(scene.call, BENOUVILLE, 9)
    assert reads_as_juror(mayor, late) is False, "a tie closes the file before any row is written"
    convene(session=scene.session, at=portal_now())
    assert {row[:3] for row in recusals(scene)} == {("J4", "TPS-2027-0009", "automatic")}
    assert [item.application.number for item in scene.items][-1] == "TPS-2027-0009"


def test_a_tie_born_after_the_declaration_closes_the_file_at_once(client):
    scene = declare_all(make_scene())
    user = scene.holders[1].user
    enter(client, user)
    url = reverse("jury_file", args=[scene.files[0].uuid])
    assert client.get(url).status_code == 200
    make_member(make_town_hall(ETRETAT), "reader", user=user)
    page = client.get(url)
    assert page.status_code == 403
    assert "lien avec une commune candidate de ce dossier" in text_of(page)


def test_a_substitute_tied_to_a_file_recuses_the_seat_only_by_sitting():
    scene = declare_all(make_scene(2))
    seat = scene.holders[3].seat
    substitute = take_seat(
        seat=seat, user=make_user(), organisation=make_town_hall(ETRETAT), at=scene.at, substitute=True
    )
    assert recusals(scene) == set()
    assert [file.recusal != "" for file in files_for(substitute)] == [True, False]
    plan_session(scene)
    record_attendance(session=scene.session, seat=seat, presence="substitute", at=portal_now())
    assert {row[:3] for row in recusals(scene)} == {("J4", "TPS-2027-0001", "automatic")}


# --- declared, pronounced ------------------------------------------------------------------------------------------


def test_a_recusal_voids_the_assessment_and_the_score_is_computed_again():
    scene = declare_all(make_scene(1))
    note_all(scene, (4, 3))
    file = scene.files[0]
    sheet = scene.holders[0].seat.assessments.get()
    sheet.scores.filter(criterion__code="C1").update(note=Decimal(1))
    pronounce_recusal(
        seat=scene.holders[1].seat, application=file, reason="Étude en cours", by=scene.president, at=scene.at
    )
    score = FileScore.objects.get(application=file)
    assert (score.members, score.base, score.total) == (2, Decimal("54.00"), Decimal("64.00"))
    voided = scene.holders[1].seat.assessments.get()
    assert (voided.state, list(voided.transitions.values_list("transition", "reason"))) == (
        "recused", [("recuse", "Étude en cours")],
    )  # fmt: skip
    assert {name: getattr(score, name) for name in score_values(file)} == score_values(file)


def test_every_stored_score_is_what_computing_again_gives():
    scene = declare_all(make_scene(3))
    note_all(scene, (5, 5), (1, 4), (3, 2), members=5)
    declare_link(holder=scene.holders[2], application=scene.files[2], nature="Étude en cours", at=scene.at)
    rows = list(FileScore.objects.order_by("application__number"))
    assert [(row.members, row.total, row.knocked_out) for row in rows] == [
        (5, Decimal("100.00"), False),
        (5, Decimal("54.00"), True),
        (4, Decimal("62.00"), False),
    ]
    for row in rows:
        fresh = score_values(row.application)
        assert {name: getattr(row, name) for name in fresh} == fresh


def test_declaring_twice_keeps_the_first_reason_and_never_takes_a_link_back():
    scene = make_scene(2)
    holder, (first, second) = scene.holders[1], scene.files
    declare_interests(holder=holder, links={first: Said(kind=OTHER, nature="Étude en cours")}, at=scene.at)
    assert holder.declared_at is None
    declare_interests(holder=holder, links={first: NO_LINK, second: NO_LINK}, at=scene.at)
    declare_link(holder=holder, application=first, nature="Autre lien", at=scene.at)
    assert recusals(scene) == {("J2", "TPS-2027-0001", "declared", "Étude en cours")}
    said = {d.application_id: (d.linked, d.nature) for d in holder.declarations.all()}
    assert said == {first.pk: (True, "Étude en cours"), second.pk: (False, "")}
    assert holder.declared_at == scene.at


def test_what_cannot_be_declared_nor_pronounced():
    scene, other = make_scene(1), make_call_file()
    with pytest.raises(Refused, match="Cette candidature n’est pas présentée à ce jury."):
        declare_interests(holder=scene.holders[1], links={other: NO_LINK}, at=scene.at)
    with pytest.raises(Refused, match="Cette candidature n’est pas présentée à ce jury."):
        pronounce_recusal(seat=scene.holders[1].seat, application=other, reason="x", by=scene.manager, at=scene.at)
    with pytest.raises(Refused, match="Un déport prononcé demande un motif"):
        pronounce_recusal(
            seat=scene.holders[1].seat, application=scene.files[0], reason=" ", by=scene.manager, at=scene.at
        )
    with pytest.raises(Refused, match="Dites d’une formule générale"):
        declare_link(holder=scene.holders[1], application=scene.files[0], nature=" ", at=scene.at)


def make_call_file():
    from tests.factories import make_call

    return make_file(make_call(prefix="AUTRE"), HARFLEUR, 1)


# --- the recused, state by state (reliability E5) ------------------------------------------------------------------


CANARIES = ("Besoins observés TPS-2027-0001", "Motif canari", "81,99", "Avis favorable", "Favorable,")


def check_recused(client, scene, state: str) -> None:
    """Every door of the file, for the recused member, now."""
    file, holder = scene.files[0], scene.holders[3]
    enter(client, holder.user)
    notes = {"note_C1": "5", "note_C2": "5", "comment": "", "act": "submit"}
    closed = {
        "file": client.get(reverse("jury_file", args=[file.uuid])),
        "score": client.post(reverse("jury_file", args=[file.uuid]), notes),
        "autosave": client.post(reverse("jury_notes", args=[file.uuid]), notes),
        "reopen": client.post(reverse("jury_reopen", args=[file.uuid])),
        "recuse": client.get(reverse("jury_recuse", args=[file.uuid])),
    }
    if scene.session:
        vote = {"choice": "for", "dossier": str(scene.items[0].uuid)}
        closed["vote"] = client.post(reverse("jury_vote", args=[scene.session.uuid]), vote)
    assert {name: page.status_code for name, page in closed.items()} == dict.fromkeys(closed, 403), state
    readable = [client.get(reverse("jury_home"))]
    if scene.session:
        readable.append(
            client.get(reverse("jury_session", args=[scene.session.uuid]) + f"?dossier={scene.items[0].uuid}")
        )
        readable.append(client.get(reverse("jury_ranking", args=[scene.session.uuid])))
    for page in [*closed.values(), *readable]:
        found = [canary for canary in CANARIES if canary in text_of(page)]
        assert found == [], (state, page.request["PATH_INFO"])
    assert not any(reader(holder.user, file) for reader in READERS), state
    assert file.assessments.filter(seat=holder.seat).exclude(state="recused").count() == 0
    assert not file.agenda_items.filter(votes__seat=holder.seat).exists()


@pytest.mark.parametrize("origin", ["declared", "pronounced", "automatic"])
def test_the_recused_member_state_by_state(client, origin):
    scene = declare_all(make_scene(1))
    file, holder = scene.files[0], scene.holders[3]
    if origin == "declared":
        declare_link(holder=holder, application=file, nature="Étude en cours", at=scene.at)
    elif origin == "pronounced":
        pronounce_recusal(seat=holder.seat, application=file, reason="Étude en cours", by=scene.manager, at=scene.at)
    else:
        make_member(make_town_hall(ETRETAT), "reader", user=holder.user)
    check_recused(client, scene, "before the session is planned")
    note_all(scene, (4, 3))
    FileScore.objects.update(total=Decimal("81.99"))
    check_recused(client, plan_session(scene), "session planned")
    open_the_session(scene)
    check_recused(client, scene, "session open")
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    check_recused(client, scene, "ballot open")
    for voter in scene.voters:
        if voter != holder:
            cast_vote(item=item, holder=voter, choice="for")
    close_ballot(item=item, by=scene.president)
    record_reason(item=item, reason="Motif canari")
    item.refresh_from_db()
    assert (item.votes_for, item.recused_count, item.present_count) == (6, 1, 6)
    check_recused(client, scene, "ballot closed")
    close_session(session=scene.session, by=scene.president, at=scene.at)
    check_recused(client, scene, "session closed")
    run_jobs()
    sign_minutes(session=scene.session, by=scene.president, at=scene.at)
    check_recused(client, scene, "minutes signed")


def test_the_canaries_would_be_seen_by_another_member(client):
    """The matrix above looks for something that leaks: another member does see it."""
    scene = make_open_session(files=1)
    FileScore.objects.update(total=Decimal("81.99"))
    item = scene.items[0]
    open_ballot(item=item, by=scene.president)
    for voter in scene.voters:
        cast_vote(item=item, holder=voter, choice="for")
    close_ballot(item=item, by=scene.president)
    record_reason(item=item, reason="Motif canari")
    enter(client, scene.holders[3].user)
    pages = text_of(client.get(reverse("jury_session", args=[scene.session.uuid])))
    pages += text_of(client.get(reverse("jury_file", args=[scene.files[0].uuid])))
    assert [canary for canary in CANARIES if canary not in pages] == []


# --- separation of duties ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", CallRole.Role.values)
def test_whoever_works_on_the_call_cannot_hold_a_seat(role):
    scene = make_scene(1)
    seat, user = free_seat(scene, 2), make_role(scene.call, role)
    sentence = "Une personne qui gère, instruit ou suit cet appel ne peut pas siéger à son jury."
    with pytest.raises(Refused) as refused:
        invite_holder(seat=seat, email=user.email, by=scene.manager, at=scene.at)
    assert str(refused.value) == sentence
    with pytest.raises(Refused) as refused:
        take_seat(seat=seat, user=user, at=scene.at)
    assert str(refused.value) == sentence


def test_a_member_is_given_no_role_on_the_call():
    """Refused by the rule that the team asks, and by the database."""
    scene = declare_all(make_scene(1))
    user = scene.holders[1].user
    assert [check(user, scene.call, portal_now()) for check in INCOMPATIBLE] == [
        "Cette personne siège au jury de cet appel\u00a0: elle ne peut pas aussi y travailler."
    ]
    assert [check(scene.manager, scene.call, portal_now()) for check in INCOMPATIBLE] == [""]
    with pytest.raises(DatabaseError, match="who sits in a jury does not work on its call"), transaction.atomic():
        make_role(scene.call, "officer", user=user)
    end_holding(holder=scene.holders[1], at=portal_now())
    make_role(scene.call, "officer", user=user)


@pytest.mark.parametrize("role", CallRole.Role.values)
def test_the_database_seats_nobody_who_works_on_the_call(role):
    scene = make_scene(1)
    seat, worker = free_seat(scene, 2), make_role(scene.call, role)
    for user in (worker, make_user(is_platform_admin=True)):
        with pytest.raises(DatabaseError, match="who works on a call does not sit in its jury"), transaction.atomic():
            SeatHolder.objects.create(seat=seat, user=user, starts_at=scene.at)
    CallRole.objects.filter(user=worker).update(ends_at=portal_now())
    SeatHolder.objects.create(seat=seat, user=worker, starts_at=scene.at)


def test_the_administrator_of_the_platform_does_not_sit():
    scene = make_scene(1)
    admin = make_user(is_platform_admin=True)
    with pytest.raises(Refused) as refused:
        take_seat(seat=free_seat(scene, 2), user=admin, at=scene.at)
    assert str(refused.value) == "Une personne qui administre le portail ne peut pas siéger à un jury avec ce compte."


def test_one_holder_a_seat_one_seat_a_person():
    scene = make_scene(1)
    with pytest.raises(Refused, match="Ce siège est déjà occupé\u00a0: mettez d’abord fin à son mandat."):
        take_seat(seat=scene.holders[1].seat, user=make_user(), at=scene.at)
    take_seat(seat=scene.holders[1].seat, user=make_user(), at=scene.at, substitute=True)
    with pytest.raises(Refused, match="Ce siège a déjà une personne suppléante"):
        invite_holder(seat=scene.holders[1].seat, email="x@exemple.fr", by=scene.manager, at=scene.at, substitute=True)
    seat = free_seat(scene, 2)
    with pytest.raises(Refused, match="Cette personne occupe déjà un siège de ce jury."):
        take_seat(seat=seat, user=scene.holders[3].user, at=scene.at)
    with pytest.raises(Refused, match="Ce mandat a déjà pris fin."):
        end_holding(holder=scene.holders[2], at=scene.at)


def test_rights_follow_the_holder():
    scene = declare_all(make_scene(1))
    old, seat = scene.holders[2].user, scene.holders[2].seat
    later = scene.at + timedelta(hours=1)
    end_holding(holder=scene.holders[2], at=scene.at)
    new = take_seat(seat=seat, user=make_user(), at=scene.at)
    assert (list(holders_of(old, later)), list(holders_of(new.user, later))) == ([], [new])
    assert undeclared(new).count() == 1


def test_readers_of_applications_include_the_juror():
    scene = declare_all(make_scene(1))
    file = scene.files[0]
    assert [any(reader(user, file) for reader in READERS) for user in (scene.holders[1].user, make_user())] == [
        True,
        False,
    ]
    file.state = "submitted"
    assert reads_as_juror(scene.holders[1].user, file) is False
