"""Refusals that no ordinary click meets: stale screens, empty juries, acts out of their time."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from juries.actions import actions_for
from juries.models import FileScore, Seat
from juries.services.assessments import (
    open_sheet,
    reopen_assessment,
    save_notes,
    save_technical_notes,
    submit_assessment,
    submit_technical,
    technical_of,
)
from juries.services.attendance import record_attendance
from juries.services.seats import end_holding
from juries.services.sessions import close_session, convene, open_session
from portal.core.rules import Refused
from tests.factories import make_call, make_role, make_user
from tests.juries.clicks import enter, said, text_of
from tests.juries.scenes import (
    declare_all,
    hold_ballot,
    make_open_session,
    make_scene,
    make_seats,
    note_all,
    open_the_session,
    plan_session,
)

pytestmark = pytest.mark.django_db
NOTES = {"C1": Decimal(3), "C2": Decimal(3)}


def test_notes_out_of_the_grid_or_out_of_time():
    scene = declare_all(make_scene(1))
    holder, file = scene.holders[1], scene.files[0]
    with pytest.raises(Refused, match="Vous n’avez encore noté aucun critère de ce dossier."):
        submit_assessment(holder=holder, application=file, at=scene.at)
    for notes, sentence in (
        ({"C9": Decimal(3)}, "Ce critère n’est pas dans la grille de ce dossier."),
        ({"C1": Decimal(6)}, "La note va de 0 à 5, par demi-point."),
    ):
        with pytest.raises(Refused) as refused:
            save_notes(holder=holder, application=file, notes=notes, comment="", at=scene.at)
        assert str(refused.value) == sentence
    save_notes(holder=holder, application=file, notes=NOTES, comment="", at=scene.at)
    submit_assessment(holder=holder, application=file, at=scene.at)
    with pytest.raises(Refused, match="Vos notes sont validées\u00a0: reprenez-les d’abord pour les modifier."):
        save_notes(holder=holder, application=file, notes=NOTES, comment="", at=scene.at)
    with pytest.raises(Refused, match="n’est plus possible"):
        submit_assessment(holder=holder, application=file, at=scene.at)


def test_the_last_notes_taken_back_leave_no_score():
    scene = declare_all(make_scene(1))
    note_all(scene, (4, 3), members=1)
    reopen_assessment(holder=scene.holders[0], application=scene.files[0], at=scene.at)
    row = FileScore.objects.get()
    assert (row.members, row.base, row.total, row.tie_break, row.bonus) == (0, None, None, [], 0)


def test_half_points_count():
    scene = declare_all(make_scene(1))
    save_notes(
        holder=scene.holders[1], application=scene.files[0], notes={"C1": Decimal("3.5"), "C2": Decimal("0.5")},
        comment="", at=scene.at,
    )  # fmt: skip
    submit_assessment(holder=scene.holders[1], application=scene.files[0], at=scene.at)
    assert FileScore.objects.get().base == Decimal("46.00")


def test_a_substitute_does_not_write_on_the_sheet_of_the_holder():
    from juries.services.seats import take_seat

    scene = make_scene(1)
    substitute = take_seat(seat=scene.holders[1].seat, user=make_user(), at=scene.at, substitute=True)
    scene.holders.append(substitute)
    declare_all(scene)
    note_all(scene, (4, 3))
    with pytest.raises(Refused, match="Une autre personne a déjà noté ce dossier pour ce siège."):
        save_notes(holder=substitute, application=scene.files[0], notes=NOTES, comment="", at=scene.at)
    end_holding(holder=scene.holders[1], at=scene.at)
    with pytest.raises(Refused, match="Vos notes sont validées"):
        save_notes(holder=substitute, application=scene.files[0], notes=NOTES, comment="", at=scene.at)


def test_technical_notes_have_their_time():
    scene = declare_all(make_scene(1))
    officer, file = make_role(scene.call, "officer"), scene.files[0]
    with pytest.raises(Refused, match="Aucune note technique n’est encore saisie."):
        submit_technical(application=file, by=officer, at=scene.at)
    with pytest.raises(Refused, match="Seules les personnes chargées de l’instruction"):
        save_technical_notes(application=file, by=make_user(), notes=NOTES, comment="", at=scene.at)
    save_technical_notes(application=file, by=officer, notes=NOTES, comment="", at=scene.at)
    assert technical_of(file).total is None
    file.state = "withdrawn"
    with pytest.raises(Refused, match="L’avis technique porte sur une candidature déposée."):
        save_technical_notes(application=file, by=officer, notes=NOTES, comment="", at=scene.at)
    file.state = "admissible"
    open_the_session(plan_session(scene))
    with pytest.raises(Refused, match="La séance est ouverte"):
        save_technical_notes(application=file, by=officer, notes=NOTES, comment="", at=scene.at)
    assert open_sheet(file, "technical", seat=None, author=officer, at=scene.at).state == "in_progress"


def test_the_refused_technical_opinion_says_why(client):
    scene = declare_all(make_scene(1))
    enter(client, make_role(scene.call, "officer"))
    page = client.post(reverse("technical_assessment", args=[scene.files[0].uuid]), {"note_C1": "3", "act": "submit"})
    assert "Il reste à noter\u00a0: Nature." in text_of(page)
    bad = client.post(reverse("technical_notes", args=[scene.files[0].uuid]), {"note_C1": "12"})
    assert bad.status_code == 422


def test_a_session_that_was_held_is_over():
    scene = make_open_session(files=1)
    with pytest.raises(Refused, match="La séance a eu lieu\u00a0: elle ne se convoque plus."):
        convene(session=scene.session, at=scene.at)
    hold_ballot(scene, scene.items[0], "ppppppp")
    close_session(session=scene.session, by=scene.president, at=scene.at)
    with pytest.raises(Refused, match="La séance est close\u00a0: plus rien n’y change."):
        record_attendance(session=scene.session, seat=scene.holders[1].seat, presence="left", at=scene.at)
    with pytest.raises(Refused, match="La séance est close"):
        close_session(session=scene.session, by=scene.president, at=scene.at)


def test_a_session_without_a_file_does_not_open(client):
    scene = plan_session(make_scene(0))
    for holder in scene.holders:
        record_attendance(session=scene.session, seat=holder.seat, presence="present", at=scene.at)
    with pytest.raises(Refused, match="Aucune candidature recevable n’est à l’ordre du jour."):
        open_session(session=scene.session, by=scene.president, at=scene.at)
    enter(client, scene.president)
    assert "Aucune candidature recevable" in text_of(client.get(reverse("jury_session", args=[scene.session.uuid])))


def test_without_the_president_the_first_member_chairs():
    scene = plan_session(declare_all(make_scene(1)))
    for holder in scene.holders[1:]:
        record_attendance(session=scene.session, seat=holder.seat, presence="present", at=scene.at)
    with pytest.raises(Refused, match="Seule la présidence"):
        open_session(session=scene.session, by=scene.holders[2].user, at=scene.at)
    open_session(session=scene.session, by=scene.holders[1].user, at=scene.at)
    scene.session.refresh_from_db()
    assert scene.session.state == "open"


def test_the_screen_says_who_is_away_and_why(client):
    scene = plan_session(declare_all(make_scene(1)))
    for i, presence in enumerate(["present"] * 5 + ["excused"]):
        record_attendance(session=scene.session, seat=scene.holders[i].seat, presence=presence, at=scene.at)
    open_session(session=scene.session, by=scene.president, at=scene.at)
    record_attendance(
        session=scene.session, seat=scene.holders[4].seat, presence="left", at=scene.at + timedelta(minutes=9)
    )
    enter(client, scene.holders[1].user)
    page = text_of(client.get(reverse("jury_session", args=[scene.session.uuid])))
    assert "Agence régionale de santé parti à " in page
    assert "Département de la Seine-Maritime Excusé" in page
    assert "Agence d’urbanisme Absent" in page


def test_everyone_is_noted_present_in_one_click(client):
    scene = plan_session(declare_all(make_scene(1)))
    end_holding(holder=scene.holders[6], at=scene.at)
    enter(client, scene.manager)
    client.post(reverse("jury_attendance", args=[scene.session.uuid]), {"tous": "1"})
    rows = scene.session.attendances.order_by("seat__position").values_list("state", flat=True)
    assert list(rows) == ["present"] * 6 + ["absent", "present"]


def test_the_manager_creates_the_seats_and_meets_refusals(client):
    call = make_call()
    manager = make_role(call, "manager")
    make_seats(call, 2, 0)
    Seat.objects.all().delete()
    enter(client, manager)
    page = text_of(client.get(reverse("jury_staff", args=[call.slug])))
    assert "Le règlement de l’appel décrit 2\u00a0sièges." in page
    answer = client.post(reverse("jury_compose", args=[call.slug]), follow=True)
    assert said(answer) == "Le jury compte 2\u00a0sièges. Invitez ses membres."
    invite = reverse("jury_invite", args=[call.slug, call.seats.first().pk])
    page = text_of(client.post(invite, {"email": manager.email, "full_name": "", "role_title": ""}))
    assert "Une personne qui gère, instruit ou suit cet appel ne peut pas siéger à son jury." in page
    past = {"held_on": "2020-01-01", "place": "Salle", "secretary_title": ""}
    assert "Cette date est passée." in text_of(client.post(reverse("jury_session_new", args=[call.slug]), past))
    assert client.get(reverse("jury_session_new", args=[call.slug])).status_code == 200
    secretary = make_role(call, "secretary")
    enter(client, secretary)
    assert client.get(reverse("jury_staff", args=[call.slug])).status_code == 200
    refused = client.post(reverse("jury_compose", args=[call.slug]))
    assert (refused.status_code, "Seule la gestion de l’appel compose le jury" in text_of(refused)) == (403, True)


def test_the_president_recused_writes_no_reason(client):
    scene = make_open_session(files=1, links={0: {0: "Étude en cours"}})
    enter(client, scene.president)
    page = client.post(
        reverse("jury_reason", args=[scene.session.uuid, scene.items[0].uuid]), {"reason": "Mon avis quand même"}
    )
    assert page.status_code == 403
    assert "Vous êtes déporté de ce dossier\u00a0: vous n’en écrivez pas le motif." in text_of(page)


def test_nothing_is_awaited_from_a_visitor():
    scene = make_scene(0, voting=1, advisory=0)
    assert actions_for(AnonymousUser(), scene.at) == []


def test_a_tie_seen_after_the_ballot_changes_nothing():
    """The substitute of a tied commune sits once its file is voted: what was counted stays."""
    from juries.services.seats import take_seat
    from tests.factories import make_town_hall
    from tests.juries.scenes import ETRETAT

    scene = make_open_session(files=1)
    hold_ballot(scene, scene.items[0], "ppppppp")
    seat = scene.holders[3].seat
    take_seat(seat=seat, user=make_user(), organisation=make_town_hall(ETRETAT), at=scene.at, substitute=True)
    row = record_attendance(session=scene.session, seat=seat, presence="substitute", at=scene.at)
    again = record_attendance(session=scene.session, seat=seat, presence="substitute", at=scene.at + timedelta(hours=1))
    assert (again.arrived_at, scene.files[0].recusals.count()) == (row.arrived_at, 0)


def test_a_call_without_bonus():
    from juries.queries import bonuses_of

    scene = make_scene(1)
    scene.call.bonuses.all().delete()
    assert bonuses_of(scene.files[0]) == []
