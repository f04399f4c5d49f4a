"""The list of organisations: found by a former name, kept by the administration alone, nothing typed lost."""

from datetime import date
from html import unescape

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Organisation
from tests.factories import ETRETAT, make_commune, make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db
URL = "/plateforme/organismes/"


@pytest.fixture
def admin(client):
    client.force_login(make_user(is_platform_admin=True))
    return client


def test_an_association_is_added_with_its_number_its_seat_and_its_former_name(admin):
    make_commune(ETRETAT)
    typed = {
        "kind": "association", "name": "Les Amis du port", "rna": "w762 000 123", "seat": "76254",
        "units": "Bureau\nBureau\nAntenne du Havre",
        "aliases": "Sauvons le port ; 01/02/2001 ; 2010-12-31\nL'ADP",
    }  # fmt: skip
    answer = admin.post(f"{URL}nouveau/", typed)
    one = Organisation.objects.get(rna="W762000123")
    assert (answer.status_code, answer.url) == (302, f"{URL}{one.uuid}/")
    assert (one.kind, one.seat_id, one.siren) == ("association", "76254", None)
    assert sorted(one.units.values_list("name", flat=True)) == ["Antenne du Havre", "Bureau"]
    assert {(a.name, a.since, a.until) for a in one.aliases.all()} == {
        ("Sauvons le port", date(2001, 2, 1), date(2010, 12, 31)), ("L'ADP", None, None),
    }  # fmt: skip
    page = admin.get(URL, {"q": "sauvons"}).content.decode()
    assert f'<a href="{URL}{one.uuid}/">Les Amis du port</a>' in page
    assert "anciennement Sauvons le port" in page
    again = admin.get(f"{URL}{one.uuid}/").content.decode()
    assert "Sauvons le port ; 01/02/2001 ; 31/12/2010" in again


def test_the_menu_leads_the_administration_there_and_nobody_else(client):
    for user, shown in ((make_user(is_platform_admin=True), True), (make_user(), False)):
        client.force_login(user)
        assert (f'href="{URL}"' in client.get("/mes-actions/").content.decode()) is shown


def test_a_commune_keeps_its_nature_and_its_siren(admin):
    hall = make_town_hall()
    typed = {"name": "Ville d’Étretat", "siren": "200084952", "kind": "firm", "siret": "217 602 549 00016"}
    assert admin.post(f"{URL}{hall.uuid}/", typed).status_code == 302
    hall.refresh_from_db()
    assert (hall.name, hall.kind, hall.siren, hall.siret) == (
        "Ville d’Étretat", "commune", "217602549", "21760254900016",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"siren": "123456789"}, "Ce numéro n’est pas un SIREN"),
        ({"siren": "217602549"}, "Un autre organisme porte déjà ce numéro."),
        ({"siret": "20008495200015"}, "Écrivez aussi le SIREN de l’organisme."),
        ({"siren": "200084952", "siret": "21760254900016"}, "ses neuf premiers chiffres diffèrent"),
        ({"rna": "W751234567"}, "Seule une association porte un numéro RNA."),
        ({"seat": "99999"}, "Aucune commune ne porte ce code Insee."),
        ({"aliases": "Ancien ; hier"}, "la date « hier » ne se lit pas"),
        ({"aliases": "Ancien ; 2012-01-01 ; 2011-01-01"}, "la fin doit suivre le début"),
        ({"aliases": " ; 2012-01-01"}, "Écrivez le nom avant ses dates."),
        ({"name": ""}, "Écrivez le nom complet."),
        ({"kind": ""}, "Choisissez la nature."),
        ({"kind": "commune"}, "Choisissez la nature dans la liste."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(admin, typed, sentence):
    make_town_hall()
    known = Organisation.objects.count()
    values = {"kind": "firm", "name": "Une entreprise", **typed}
    answer = admin.post(f"{URL}nouveau/", values)
    page = unescape(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")
    assert answer.status_code == 200
    assert sentence in page
    assert all(value.strip() in page for name, value in values.items() if name != "kind")
    assert Organisation.objects.count() == known


def test_the_list_is_cut_into_pages_at_a_constant_cost(admin):
    costs = []
    for more in (range(3), range(3, 35)):
        Organisation.objects.bulk_create(Organisation(kind="firm", name=f"Entreprise {n:02d}") for n in more)
        with CaptureQueriesContext(connection) as queries:
            page = admin.get(URL).content.decode()
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert page.count("Entreprise ") == 30
    assert "<b>35\u00a0organismes</b>" in page
    assert "Aucun organisme ne porte ce nom" in admin.get(URL, {"q": "zzzz"}).content.decode()


def test_nobody_else_opens_it(client):
    hall = make_town_hall()
    client.force_login(make_member(hall, "signatory"))
    for path in (URL, f"{URL}nouveau/", f"{URL}{hall.uuid}/"):
        assert client.get(path).status_code == 403


def test_every_edit_is_logged_and_nobody_rewrites_it(client):
    admin = make_user(is_platform_admin=True, full_name="Chargée des fiches")
    client.force_login(admin)
    client.post(f"{URL}nouveau/", {"kind": "association", "name": "Les Amis du port", "rna": "W762000123"})
    one = Organisation.objects.get(rna="W762000123")
    url = f"{URL}{one.uuid}/"
    same = {"kind": "association", "name": "Les Amis du port", "rna": "W762000123"}
    client.post(url, same)
    client.post(url, {**same, "name": "Les Amis des quais", "aliases": "Les Amis du port ; ; 01/02/2027"})
    assert [(edit.by, edit.created, edit.changes) for edit in one.edits.all()] == [
        (admin, False, [
            ["Nom", "Les Amis du port", "Les Amis des quais"],
            ["Autres noms", "", "Les Amis du port (jusqu’au 01/02/2027)"],
        ]),
        (admin, True, [
            ["Nature", "", "association"], ["Nom", "", "Les Amis du port"], ["Numéro RNA", "", "W762000123"],
        ]),
    ]  # fmt: skip
    page = unescape(client.get(url).content.decode()).replace("\u202f", " ").replace("\u00a0", " ")
    assert "Nom : « Les Amis des quais », avant « Les Amis du port »" in page
    assert page.count("Chargée des fiches") >= 2
    with pytest.raises(DatabaseError), transaction.atomic():
        one.edits.update(changes=[])
