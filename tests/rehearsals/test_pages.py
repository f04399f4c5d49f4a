"""The screens: start, go in as each role, the band, the clock, the mails, the end; and what stays outside."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from applications.models import Application
from calls.models import Call, CallRole
from portal.accounts.models import User
from portal.accounts.services.links import personal_link
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import deliver_emails
from portal.core.spaces import inside
from portal.rehearsals import cast, services
from portal.rehearsals.models import Entry, Rehearsal
from tests.factories import make_role, make_user
from tests.juries.clicks import text_of
from tests.rehearsals.makers import make_document_call, play_steps, start_rehearsal

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return make_document_call(communes=4)


@pytest.fixture
def call(made) -> Call:
    return made[0]


@pytest.fixture
def manager(made) -> User:
    return made[1]


@pytest.fixture
def web(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def rehearsal(call: Call, manager: User) -> Rehearsal:
    found = start_rehearsal(call, manager, files=3)
    play_steps(found)
    return found


def board(name: str = "rehearsal", **kwargs) -> str:
    return reverse(name, kwargs={"slug": "places", **kwargs})


def person(rehearsal: Rehearsal, email: str) -> User:
    with inside(rehearsal.space):
        return User.objects.get(email__startswith=email)


def go_in(web: Client, rehearsal: Rehearsal, email: str = "") -> str:
    pk = person(rehearsal, email).pk if email else ""
    return web.post(board("rehearsal_enter"), {"person": pk})["Location"]


def test_a_manager_starts_a_rehearsal_and_sees_where_it_stands(web, call, manager) -> None:
    page = text_of(web.get(board()))
    assert "Répéter cet appel" in page
    assert web.post(board(), {"stage": "closed", "files": "2"}).status_code == 302
    rehearsal = Rehearsal.objects.get()
    assert (rehearsal.call, rehearsal.started_by, rehearsal.files) == (call, manager, 2)
    assert "0 étapes faites sur 3" in text_of(web.get(board()))
    play_steps(rehearsal)
    page = text_of(web.get(board()))
    assert "avril 2027" in page.replace("\xa0", " ")
    assert "étapes faites" not in page


@pytest.mark.parametrize(
    ("stage", "files"), [("open", "201"), ("open", "-1"), ("open", "x"), ("other", "1"), ("", "1")]
)
def test_a_bad_start_says_what_to_write(web, call, stage, files) -> None:
    assert web.post(board(), {"stage": stage, "files": files}).status_code == 200
    assert not Rehearsal.objects.exists()


def test_a_call_has_one_rehearsal_at_a_time(web, call, rehearsal) -> None:
    assert web.post(board(), {"stage": "open", "files": "1"}).status_code == 302
    assert Rehearsal.objects.get() == rehearsal


def test_nobody_but_a_manager_knows_of_it(client, call, rehearsal) -> None:
    paths = [board(), board("rehearsal_mails"), board("rehearsal_erase"), board("rehearsal_places")]
    paths += ["/repetition/places/", "/repetition/places/mes-actions/", "/repetition/places/appels/places/"]
    posts = [board("rehearsal_enter"), board("rehearsal_advance"), board("rehearsal_erase")]
    for role in ("officer", "reader", "secretary", "adviser", ""):
        client.force_login(make_role(call, role) if role else make_user())
        assert {client.get(path).status_code for path in paths} == {404}
        assert {client.post(path, {"person": ""}).status_code for path in posts} == {404}
    assert Rehearsal.objects.exists()


def test_without_an_account_the_address_says_nothing(client, rehearsal) -> None:
    assert client.get("/repetition/places/appels/places/").status_code == 404


def test_one_goes_in_from_the_board_only(web, rehearsal) -> None:
    assert web.get("/repetition/places/mes-actions/")["Location"] == board()


def test_each_role_sees_its_own_space_under_the_band(web, rehearsal) -> None:
    menus = {"officer": "Appels", "secretariat-77001": "Nos candidatures", "maire-77002": "Nos candidatures"}
    for email, entry in menus.items():
        path = go_in(web, rehearsal, email)
        assert path == "/repetition/places/mes-actions/"
        page = web.get(path).content.decode()
        assert "Répétition, rien n’est envoyé" in page
        assert person(rehearsal, email).role_title in page
        assert entry in page
        assert 'href="/mes-actions/"' not in page
        assert 'href="/repetition/places/mes-actions/"' in page


def test_a_visitor_reads_the_public_page_and_is_asked_whom_to_be_elsewhere(web, rehearsal) -> None:
    assert go_in(web, rehearsal) == "/repetition/places/appels/places/"
    assert web.get("/repetition/places/appels/places/").status_code == 200
    assert web.get("/repetition/places/mes-actions/")["Location"] == board()
    assert web.get("/repetition/places/compte/login/")["Location"] == board()


def test_no_rehearsal_in_a_rehearsal(web, rehearsal, manager) -> None:
    go_in(web, rehearsal, manager.email)
    assert web.get("/repetition/places" + board())["Location"] == board()
    page = web.get("/repetition/places/gestion/appels/places/").content.decode()
    assert "Répéter cet appel" not in page


def test_what_is_done_inside_is_done_there_and_under_whose_name(web, rehearsal, manager) -> None:
    """The officer played admits a file of the rehearsal; the account that played is kept with the entry."""
    services.advance(rehearsal=rehearsal, to=portal_now() + timedelta(days=400))
    officer = person(rehearsal, "officer")
    go_in(web, rehearsal, "officer")
    with inside(rehearsal.space):
        file = Application.objects.filter(state="submitted").first()
        path = reverse("staff_admission", args=[file.uuid])
    assert web.post(path).status_code == 302
    with inside(rehearsal.space):
        file.refresh_from_db()
        assert (file.state, file.transitions.last().by) == ("admissible", officer)
    assert not Application.objects.exists()
    entry = Entry.objects.get()
    assert (entry.user, entry.acting_id) == (manager, officer.pk)


def test_a_request_of_a_rehearsal_shifts_nobody_else(web, rehearsal, call) -> None:
    """On one connection: a page of the rehearsal, then one of the portal, each at its own instant."""
    services.advance(rehearsal=rehearsal, to=portal_now() + timedelta(days=1000))
    go_in(web, rehearsal, "officer")
    for _ in range(2):
        assert "2029" in web.get("/repetition/places/mes-actions/").content.decode()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), clock_timestamp() - portal_now() < interval '1 second'")
            assert cursor.fetchone() == ("public", True)
        assert "2029" not in web.get("/mes-actions/").content.decode()


def test_a_page_that_breaks_inside_gives_the_connection_back(web, rehearsal) -> None:
    go_in(web, rehearsal, "officer")
    assert web.get("/repetition/places/nulle-part/").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == ("public",)


def test_a_code_given_in_a_rehearsal_opens_nothing_outside(web, rehearsal) -> None:
    go_in(web, rehearsal, "officer")
    before = dict(web.session)
    web.get("/repetition/places/code/")
    web.post("/repetition/places/code/", {"send": "1"})
    assert dict(web.session) == before


def test_the_mails_are_shown_with_addresses_of_the_rehearsal_and_never_leave(web, rehearsal, mailoutbox) -> None:
    page = web.get(board("rehearsal_mails")).content.decode()
    assert "mairie-77001@repetition.invalid" in page
    with inside(rehearsal.space):
        mail = OutboundEmail.objects.filter(kind="call.invitation").first()
    text = web.get(board("rehearsal_mail", uuid=mail.pk)).content.decode()
    assert "https://ami.exemple.fr/repetition/places/appels/places/" in text
    assert "jamais envoyé" in text
    deliver_emails()
    assert (mailoutbox, OutboundEmail.objects.count()) == ([], 0)


def test_the_clock_goes_forward_and_writes_the_reminders_met_on_the_way(web, rehearsal) -> None:
    """Two files deposited, one draft: its two people are told seven and two days before the limit."""
    with inside(rehearsal.space):
        limit = Call.objects.get().windows.get(code="W1").closes_at
    response = web.post(board("rehearsal_advance"), {"day": f"{limit:%Y-%m-%d}", "hour": "12:00"}, follow=True)
    assert "4 relances en chemin" in text_of(response).replace("\xa0", " ")
    with inside(rehearsal.space):
        assert timedelta(0) < limit - portal_now() < timedelta(days=1)


def test_a_clock_that_cannot_go_there_says_why(web, rehearsal) -> None:
    refusals = [
        ({}, "Choisissez un jour et une heure."),
        ({"day": "2020-01-01", "hour": "09:00"}, "choisissez un instant plus tard"),
        ({"day": "2090-01-01", "hour": "09:00"}, "Avancez de trois ans au plus"),
        ({"moment": "demain"}, "Choisissez un jour et une heure."),
    ]
    for data, said in refusals:
        assert said in text_of(web.post(board("rehearsal_advance"), data, follow=True))


def test_nobody_of_elsewhere_can_be_played(web, rehearsal) -> None:
    assert web.post(board("rehearsal_enter"), {"person": "999999"}).status_code == 403
    assert web.post(board("rehearsal_enter"), {"person": "x"}).status_code == 404


def test_the_town_halls_are_found_by_name(web, rehearsal) -> None:
    assert text_of(web.get(board("rehearsal_places"))).count("Entrer comme Maire") == 3
    assert "Aucune mairie à ce nom" in text_of(web.get(board("rehearsal_places"), {"q": "zzz"}))


def test_everything_is_erased_from_the_screen(web, rehearsal) -> None:
    go_in(web, rehearsal, "officer")
    assert "Tout effacer" in web.get(board("rehearsal_erase")).content.decode()
    assert web.post(board("rehearsal_erase")).status_code == 302
    assert (Rehearsal.objects.count(), Entry.objects.count()) == (0, 0)
    assert web.get("/repetition/places/mes-actions/").status_code == 404
    assert web.get(board()).status_code == 200


def test_a_rehearsal_that_the_portal_has_outgrown_can_only_be_erased(web, rehearsal) -> None:
    go_in(web, rehearsal, "officer")
    Rehearsal.objects.update(structure=0)
    assert web.get("/repetition/places/mes-actions/")["Location"] == board()
    assert "a été mis à jour" in text_of(web.get(board()))
    assert web.get(board("rehearsal_mails")).status_code == 403
    assert web.post(board("rehearsal_erase")).status_code == 302


def test_the_managers_alone_keep_their_name_inside(rehearsal, manager) -> None:
    with inside(rehearsal.space):
        real = set(User.objects.exclude(email__endswith=cast.DOMAIN).values_list("pk", "email"))
        assert real == {(manager.pk, manager.email)}
        assert set(CallRole.objects.values_list("role", flat=True)) == set(CallRole.Role.values)


def test_the_link_of_a_mail_takes_the_place_of_its_recipient(web, rehearsal, manager) -> None:
    """As in life: the mayor's link opens the mayor's page; outside, the account that plays is still signed in."""
    go_in(web, rehearsal, "secretariat-77001")
    mayor = person(rehearsal, "maire-77001")
    with inside(rehearsal.space):
        path = personal_link(mayor, reverse("my_actions"), at=portal_now())
    response = web.post(f"/repetition/places{path}" if not path.startswith("/repetition/") else path)
    assert response["Location"] == "/repetition/places/mes-actions/"
    assert "à la place de : Maire" in text_of(web.get(response["Location"])).replace("\xa0", " ")
    assert Entry.objects.get().acting_id == mayor.pk
    assert web.get("/mes-actions/").wsgi_request.user == manager
