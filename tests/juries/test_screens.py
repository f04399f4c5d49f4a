"""The member's three screens, the manager's, the officer's: who gets in, what is shown, what a click does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from juries.models import Assessment, FileScore, InterestDeclaration, JurySession, Recusal, SeatHolder
from juries.services.assessments import save_technical_notes, submit_technical
from juries.views import juror
from portal.accounts.models import Invitation
from portal.core.models import AccessRecord, OutboundEmail
from tests.factories import make_institution, make_role, make_user
from tests.juries.clicks import enter, said, text_of
from tests.juries.scenes import (
    declare_all,
    make_open_session,
    make_scene,
    make_seats,
    note_all,
    open_the_session,
    plan_session,
)

pytestmark = pytest.mark.django_db


def notes_of(c1: int, c2: int, act: str = "submit") -> dict[str, str]:
    return {"note_C1": str(c1), "note_C2": str(c2), "comment": "Dossier clair.", "act": act}


# --- three screens: home, declaration, first file ----------------------------------------------------------------


def test_from_the_declaration_to_the_first_file(client):
    scene = make_scene()
    holder = scene.holders[1]
    enter(client, holder.user)
    home = client.get(reverse("jury_home"))
    assert "Dites, pour 3\u00a0candidatures, si un lien vous unit à la commune." in text_of(home)
    answers = {f"lien_{file.pk}": "aucun" for file in scene.files}
    answers[f"lien_{scene.files[0].pk}"] = "lien"
    refused = client.post(reverse("jury_declare", args=[scene.call.slug]), answers)
    assert "écrivez quel est ce lien, en termes généraux" in text_of(refused)
    assert InterestDeclaration.objects.count() == 0
    assert "choisissez le genre de ce lien" in text_of(refused)
    answers[f"genre_{scene.files[0].pk}"] = "provider"
    answers[f"nature_{scene.files[0].pk}"] = "Étude en cours pour la commune"
    done = client.post(reverse("jury_declare", args=[scene.call.slug]), answers)
    assert (done.status_code, done.url) == (302, f"/jury/dossiers/{scene.files[1].uuid}/")
    assert InterestDeclaration.objects.filter(holder=holder).count() == 3
    recusal = Recusal.objects.get()
    assert (recusal.seat, recusal.application, recusal.origin, recusal.reason) == (
        holder.seat, scene.files[0], "declared", "Étude en cours pour la commune",
    )  # fmt: skip
    page = client.get(done.url)
    assert page.status_code == 200
    assert f"Besoins observés {scene.files[1].number}" in text_of(page)
    assert AccessRecord.objects.filter(user=holder.user).count() == 1


def test_a_long_declaration_is_made_page_by_page(client, monkeypatch):
    monkeypatch.setattr(juror, "DECLARED_AT_ONCE", 2)
    scene = make_scene(files=3)
    enter(client, scene.holders[1].user)
    path = reverse("jury_declare", args=[scene.call.slug])
    said = {f"lien_{file.pk}": "aucun" for file in scene.files}
    assert "Puis 1\u00a0autre candidature, à la page suivante." in text_of(client.get(path))
    assert client.post(path, said).url == path
    assert scene.holders[1].declarations.count() == 2
    assert "Il reste 1\u00a0candidature à déclarer." in text_of(client.get(path))
    assert client.post(path, said).url == reverse("jury_file", args=[scene.files[0].uuid])
    assert scene.holders[1].declarations.count() == 3


def test_a_jury_that_has_sat_asks_nothing_more(client):
    scene = plan_session(make_scene())
    juror_user = scene.holders[1].user
    enter(client, juror_user)
    for path in (reverse("jury_home"), reverse("my_actions")):
        assert "Déclarer mes liens" in text_of(client.get(path))
    JurySession.objects.update(state="closed", opened_at=scene.at, closed_at=scene.at)
    for path in (reverse("jury_home"), reverse("my_actions")):
        assert "Déclarer mes liens" not in text_of(client.get(path))
    home = text_of(client.get(reverse("jury_home")))
    assert "Le jury a siégé\u00a0: il n’y a plus rien à noter." in home
    assert home.count("Sans note de vous") == 3


def test_nothing_is_chosen_beforehand_in_the_declaration(client):
    scene = make_scene()
    enter(client, scene.holders[1].user)
    page = client.get(reverse("jury_declare", args=[scene.call.slug]))
    assert " checked" not in page.content.decode()
    empty = client.post(reverse("jury_declare", args=[scene.call.slug]), {})
    assert text_of(empty).count("dites si vous avez un lien avec cette candidature") == 3


def test_no_file_opens_before_the_whole_declaration(client):
    scene = make_scene()
    enter(client, scene.holders[1].user)
    page = client.get(reverse("jury_file", args=[scene.files[0].uuid]))
    assert page.status_code == 403
    assert "Déclarez d’abord vos liens avec les communes candidates\u00a0: il reste 3\u00a0candidatures." in text_of(
        page
    )
    assert "Besoins observés" not in text_of(page)


def test_the_grid_beside_the_file(client):
    scene = declare_all(make_scene())
    enter(client, scene.holders[1].user)
    url = reverse("jury_file", args=[scene.files[0].uuid])
    page = text_of(client.get(url))
    assert "Dossier 1 sur 3 · 0\u00a0noté" in page
    assert "Personne ne voit vos notes avant la séance." in page
    kept = client.post(url, {"note_C1": "4", "act": "save", "comment": ""})
    assert kept.status_code == 302
    page = text_of(client.get(url))
    assert ("48 sur 60" in page, "à noter" in page, "58sur 100 · 1\u00a0critère sur 2" in page) == (True, True, True)
    refused = client.post(url, {"note_C1": "4", "act": "submit", "comment": ""})
    assert "Il reste à noter\u00a0: Nature." in text_of(refused)
    done = client.post(url, notes_of(4, 3))
    assert done.url == reverse("jury_home")
    sheet = Assessment.objects.get()
    assert (sheet.state, sheet.total, sheet.comment) == ("submitted", Decimal("82.00"), "Dossier clair.")
    score = FileScore.objects.get()
    assert (score.members, score.base, score.bonus, score.total) == (1, Decimal("72.00"), 10, Decimal("82.00"))


def test_autosave_answers_in_json(client):
    scene = declare_all(make_scene())
    enter(client, scene.holders[1].user)
    url = reverse("jury_notes", args=[scene.files[0].uuid])
    answer = client.post(url, {"note_C2": "5", "comment": ""})
    assert set(answer.json()) == {"saved_at_label", "version", "completeness"}
    assert answer.json()["completeness"] == "1\u00a0critère sur 2"
    assert client.post(url, {"note_C2": "9", "comment": ""}).status_code == 422
    assert Assessment.objects.get().scores.get().note == Decimal("5.0")


def test_notes_are_taken_back_until_the_session(client):
    scene = declare_all(make_scene())
    note_all(scene, (4, 3), (4, 3), (4, 3))
    file, holder = scene.files[0], scene.holders[1]
    enter(client, holder.user)
    client.post(reverse("jury_reopen", args=[file.uuid]))
    assert FileScore.objects.get(application=file).members == 2
    client.post(reverse("jury_file", args=[file.uuid]), notes_of(5, 5))
    assert FileScore.objects.get(application=file).total == Decimal("91.33")
    open_the_session(plan_session(scene))
    assert client.post(reverse("jury_reopen", args=[file.uuid])).status_code == 403
    refused = client.post(reverse("jury_file", args=[file.uuid]), notes_of(0, 0))
    assert refused.status_code == 403
    assert "La séance est ouverte\u00a0: les notes ne changent plus." in text_of(refused)
    assert FileScore.objects.get(application=file).total == Decimal("91.33")


def test_a_member_stands_aside_from_the_file(client):
    scene = declare_all(make_scene())
    note_all(scene, (4, 3), (4, 3), (4, 3))
    file, holder = scene.files[0], scene.holders[1]
    enter(client, holder.user)
    url = reverse("jury_recuse", args=[file.uuid])
    assert "écrivez quel est ce lien" in text_of(client.post(url, {"kind": "provider", "nature": " "}))
    assert "choisissez le genre de ce lien" in text_of(client.post(url, {"nature": "Étude en cours"}))
    assert client.post(url, {"kind": "provider", "nature": "Étude en cours"}).url == reverse("jury_home")
    assert Assessment.objects.get(application=file, seat=holder.seat).state == "recused"
    assert FileScore.objects.get(application=file).members == 2
    closed = client.get(reverse("jury_file", args=[file.uuid]))
    assert closed.status_code == 403
    assert "Vous êtes déporté de ce dossier\u00a0: étude en cours." in text_of(closed)
    assert f"Besoins observés {file.number}" not in text_of(closed)


def test_an_advisory_member_reads_without_noting(client):
    scene = declare_all(make_scene())
    holder = scene.holders[-1]
    enter(client, holder.user)
    url = reverse("jury_file", args=[scene.files[0].uuid])
    page = text_of(client.get(url))
    assert "Vous lisez les dossiers et prenez part au débat, sans noter ni voter." in page
    assert "Valider mes notes" not in page
    refused = client.post(url, notes_of(5, 5))
    assert refused.status_code == 403
    assert "Votre siège a voix consultative\u00a0: vous lisez sans noter." in text_of(refused)
    assert Assessment.objects.count() == 0


# --- the officer ---------------------------------------------------------------------------------------------------


def test_the_technical_opinion_on_the_same_grid(client):
    scene = declare_all(make_scene())
    officer = make_role(scene.call, "officer")
    enter(client, officer)
    url = reverse("technical_assessment", args=[scene.files[0].uuid])
    assert "Le jury lira cet avis une fois validé." in text_of(client.get(url))
    client.post(url, notes_of(2, 2, act="save"))
    client.post(reverse("technical_notes", args=[scene.files[0].uuid]), {"note_C1": "3", "comment": "Solide."})
    done = client.post(url, notes_of(3, 3))
    assert done.url == reverse("staff_application", args=[scene.files[0].uuid])
    sheet = Assessment.objects.get()
    assert (sheet.kind, sheet.seat, sheet.state, sheet.total) == ("technical", None, "submitted", Decimal("70.00"))
    assert not FileScore.objects.filter(members__gt=0).exists()
    client.post(reverse("technical_reopen", args=[scene.files[0].uuid]))
    sheet.refresh_from_db()
    assert sheet.state == "in_progress"


@pytest.mark.parametrize(("visible", "shown"), [(True, True), (False, False)])
def test_the_jury_sees_the_technical_opinion_as_the_call_says(client, visible, shown):
    scene = declare_all(make_scene(technical_visible_to_jury=visible))
    officer, file = make_role(scene.call, "officer"), scene.files[0]
    notes = {"C1": Decimal(3), "C2": Decimal(3)}
    save_technical_notes(application=file, by=officer, notes=notes, comment="Canari technique", at=scene.at)
    enter(client, scene.holders[1].user)
    url = reverse("jury_file", args=[file.uuid])
    assert "Canari technique" not in text_of(client.get(url)), "not before it is validated"
    submit_technical(application=file, by=officer, at=scene.at)
    assert ("Canari technique" in text_of(client.get(url))) is shown


@pytest.mark.parametrize("role", ["reader", "secretary"])
def test_other_staff_gives_no_technical_opinion(client, role):
    scene = make_scene()
    enter(client, make_role(scene.call, role))
    page = client.get(reverse("technical_assessment", args=[scene.files[0].uuid]))
    assert page.status_code == 403
    assert "Seules les personnes chargées de l’instruction donnent l’avis technique." in text_of(page)


# --- the manager ---------------------------------------------------------------------------------------------------


def test_compose_then_invite_then_convene(client):
    scene = make_scene(2, voting=3, advisory=0, quorum=2)
    manager, call = scene.manager, scene.call
    enter(client, manager)
    url = reverse("jury_staff", args=[call.slug])
    first = scene.holders[0]
    client.post(reverse("jury_end", args=[call.slug, first.pk]))
    invite = reverse("jury_invite", args=[call.slug, first.seat.pk])
    client.post(invite, {"email": "elue@exemple.fr", "full_name": "", "role_title": "Vice-présidente"})
    invitation = Invitation.objects.get()
    assert (invitation.grant, invitation.grant_key, invitation.email) == (
        "jury-seat",
        str(first.seat.pk),
        "elue@exemple.fr",
    )
    assert "Invitation envoyée à elue@exemple.fr" in text_of(client.get(url))
    day = (scene.at + timedelta(days=12)).date()
    client.post(
        reverse("jury_session_new", args=[call.slug]),
        {"held_on": day, "place": "Salle du conseil", "secretary_title": ""},
    )
    session = JurySession.objects.get()
    assert [item.application for item in session.items.all()] == scene.files
    convene = reverse("jury_convene", args=[call.slug, session.uuid])
    assert said(client.post(convene, follow=True)) == "2\u00a0convocations envoyées."
    assert said(client.post(convene, follow=True)) == "Tous les membres en fonction étaient déjà convoqués."
    mails = OutboundEmail.objects.filter(kind="jury_convocation")
    assert sorted(mails.values_list("recipient", flat=True)) == sorted(h.user.email for h in scene.holders[1:])


def test_accepting_an_invitation_gives_the_seat_and_lands_on_the_declaration():
    from juries.services.seats import end_holding, invite_holder
    from portal.accounts.services import accept_invitation

    scene = make_scene()
    seat = scene.holders[2].seat
    end_holding(holder=scene.holders[2], at=scene.at)
    invitation = invite_holder(seat=seat, email="juree@exemple.fr", by=scene.manager, at=scene.at)
    user, path = accept_invitation(invitation=invitation, at=scene.at)
    assert (SeatHolder.objects.get(user=user).seat, path) == (seat, reverse("jury_declare", args=[scene.call.slug]))
    mail = OutboundEmail.objects.get(recipient="juree@exemple.fr")
    assert f"siéger au jury de l’appel « {scene.call.title} » ({seat.label})" in mail.body.replace("\u202f", " ")


def test_the_manager_never_reads_a_score_before_the_session(client):
    scene = declare_all(make_scene())
    note_all(scene, (4, 3), (4, 3), (4, 3))
    plan_session(scene)
    enter(client, scene.manager)
    for url in (reverse("jury_staff", args=[scene.call.slug]), reverse("jury_session", args=[scene.session.uuid])):
        page = text_of(client.get(url))
        assert not {"82", "72", "48"} & set(page.replace(",", " ").split()), url
    assert client.get(reverse("jury_ranking", args=[scene.session.uuid])).status_code == 403


def test_the_seats_come_from_the_call_and_are_made_once(client):
    from juries.services.seats import compose_jury

    scene = make_scene(0, voting=3, advisory=1)
    assert [(s.code, s.voting, s.president) for s in compose_jury(call=scene.call)] == [
        ("J1", True, True), ("J2", True, False), ("J3", True, False), ("J4", False, False),
    ]  # fmt: skip


# --- who gets in ---------------------------------------------------------------------------------------------------


def test_strangers_are_told_that_nothing_exists(client):
    scene = make_open_session()
    other = make_scene_of_another_owner()
    names = [
        reverse("jury_file", args=[scene.files[0].uuid]),
        reverse("jury_session", args=[scene.session.uuid]),
        reverse("jury_vote", args=[scene.session.uuid]),
        reverse("jury_ranking", args=[scene.session.uuid]),
        reverse("minutes", args=[scene.session.uuid]),
        reverse("jury_declare", args=[scene.call.slug]),
        reverse("jury_staff", args=[scene.call.slug]),
        reverse("technical_assessment", args=[scene.files[0].uuid]),
    ]
    for user in (make_user(), other):
        enter(client, user)
        assert [client.get(url).status_code for url in names] == [404] * len(names)
    assert client.get(reverse("jury_home")).status_code == 404


def make_scene_of_another_owner():
    """The manager of another organiser, whose call has a jury too."""
    from tests.factories import make_call

    call = make_call(make_institution("243100518", "Toulouse Métropole", "toulouse-metropole"), prefix="TLS")
    make_seats(call, 3, 0)
    return make_role(call, "manager")
