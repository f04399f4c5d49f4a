"""The members' page: who sees it, who invites, the CSV and its report."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts.forms.csv_invitations import MODEL
from portal.accounts.models import Invitation, Membership
from portal.accounts.rules import rights_offered_by
from portal.accounts.services import claim_commune
from portal.core.clock import portal_now
from tests.accounts.helpers import text_of
from tests.factories import BENOUVILLE, make_institution, make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town_hall():
    return make_town_hall()


@pytest.fixture
def manager(client, town_hall):
    user = make_member(town_hall, "manager", full_name="Camille Essai")
    client.force_login(user)
    return user


def address(organisation, rest="membres/"):
    return f"/organismes/{organisation.uuid}/{rest}"


def test_only_confirmed_members_open_the_page(client, town_hall):
    people = {
        "reader": make_member(town_hall, "reader"),
        "pending": make_member(town_hall, "editor", state="pending"),
        "elsewhere": make_member(make_town_hall(BENOUVILLE), "manager"),
        "nowhere": make_user(),
        "admin": make_user(is_platform_admin=True),
    }
    statuses = {}
    for name, user in people.items():
        client.force_login(user)
        statuses[name] = client.get(address(town_hall)).status_code
    assert statuses == {"reader": 200, "pending": 404, "elsewhere": 404, "nowhere": 404, "admin": 404}


@pytest.mark.parametrize(
    ("right", "offered"),
    [
        ("reader", []),
        ("editor", ["reader", "editor", "signatory"]),
        ("signatory", ["reader", "editor", "signatory", "manager"]),
        ("manager", ["reader", "editor", "signatory", "manager"]),
    ],
)
def test_no_one_gives_more_than_their_place_allows(town_hall, right, offered):
    assert rights_offered_by(make_member(town_hall, right), town_hall) == offered
    assert rights_offered_by(make_member(town_hall, right, state="pending"), town_hall) == []


def test_the_platform_administrator_invites_in_institutions_only(town_hall):
    admin = make_user(is_platform_admin=True)
    assert rights_offered_by(admin, town_hall) == []
    assert rights_offered_by(admin, make_institution()) == ["reader", "editor", "signatory", "manager"]


def test_a_person_is_invited(client, town_hall, manager):
    form = {"email": "maire@exemple.fr", "right": "signatory", "role_title": "maire"}
    assert client.post(address(town_hall, "invitations/nouvelle/"), form).headers["Location"] == address(town_hall)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.right, invitation.role_title, invitation.invited_by) == (
        "maire@exemple.fr",
        "signatory",
        "maire",
        manager,
    )
    page = text_of(client.get(address(town_hall)))
    assert "maire@exemple.fr" in page
    assert "L’invitation part vers maire@exemple.fr. Elle vaut sept jours." in page


def test_a_right_that_is_not_offered_is_refused(client, town_hall):
    client.force_login(make_member(town_hall, "editor"))
    page = client.post(address(town_hall, "invitations/nouvelle/"), {"email": "a@exemple.fr", "right": "manager"})
    assert (page.status_code, Invitation.objects.count()) == (200, 0)
    client.force_login(make_member(town_hall, "reader"))
    for rest in ("invitations/nouvelle/", "invitations/fichier/"):
        assert client.get(address(town_hall, rest)).status_code == 403


def test_an_invitation_is_taken_back(client, town_hall, manager):
    client.post(address(town_hall, "invitations/nouvelle/"), {"email": "a@exemple.fr", "right": "reader"})
    row = Invitation.objects.get()
    client.post(address(town_hall, f"invitations/{row.pk}/retirer/"))
    row.refresh_from_db()
    assert row.expires_at <= portal_now()
    assert "Aucune invitation n’attend de réponse." in text_of(client.get(address(town_hall)))


def upload(client, organisation, content: str | bytes, name="invitations.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(address(organisation, "invitations/fichier/"), {"file": SimpleUploadedFile(name, content)})


@pytest.mark.usefixtures("manager")
def test_the_report_says_what_became_of_each_line(client, town_hall):
    content = (
        "adresse;nom;fonction;droit\r\n"
        "a@exemple.fr;Alix Essai;agent;rédaction\r\n"
        "\r\n"
        "pas-une-adresse;;;lecture\r\n"
        "b@exemple.fr;;;chef\r\n"
        "A@exemple.fr;;;lecture\r\n"
        "c@exemple.fr;;;Signature\r\n"
    )
    page = text_of(upload(client, town_hall, content))
    assert "2 invitations envoyées sur 5 lignes" in page
    rows = {(i.email, i.full_name, i.right) for i in Invitation.objects.all()}
    assert rows == {("a@exemple.fr", "Alix Essai", "editor"), ("c@exemple.fr", "", "signatory")}
    for number, sentence in (
        (4, "Écrivez une adresse complète, par exemple mairie@exemple.fr."),
        (5, "Droit inconnu ou que vous ne pouvez pas donner : lecture, rédaction, signature ou gestion."),
        (6, "Adresse déjà présente à la ligne 2."),
    ):
        row = page[page.index(f'<td class="num">{number}</td>') :]
        assert sentence in row[: row.index("</tr>")]


@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize(
    ("content", "invited"),
    [
        ("adresse,nom,fonction,droit\na@exemple.fr,Élodie,,lecture\n", {("a@exemple.fr", "Élodie")}),
        ("adresse;nom;fonction;droit\na@exemple.fr;Élodie;;lecture\n".encode("cp1252"), {("a@exemple.fr", "Élodie")}),
        (MODEL, {("agent@exemple.fr", "Prénom Nom")}),
        ("adresse;nom;fonction;droit;reste\na@exemple.fr;X;;lecture;y;z\n", {("a@exemple.fr", "X")}),
    ],
)
def test_files_of_every_spreadsheet_are_read(client, town_hall, content, invited):
    upload(client, town_hall, content)
    assert {(i.email, i.full_name) for i in Invitation.objects.all()} == invited


@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("nom;adresse\nx;y\n", "La première ligne doit porter les colonnes : adresse, nom, fonction, droit."),
        ("\n\n", "La première ligne doit porter les colonnes : adresse, nom, fonction, droit."),
        ("adresse;nom;fonction;droit\n" + "a@exemple.fr;;;lecture\n" * 501, "Ce fichier compte 501 lignes."),
        ("x" * 1_000_001, "Ce fichier dépasse 1 Mo."),
        ("", "Ce fichier est vide."),
    ],
)
def test_an_unreadable_file_says_what_to_do(client, town_hall, content, sentence):
    assert sentence in text_of(upload(client, town_hall, content))
    assert not Invitation.objects.exists()


@pytest.mark.usefixtures("manager")
def test_the_model_opens_in_a_spreadsheet(client, town_hall):
    answer = client.get(address(town_hall, "invitations/modele.csv"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="invitations.csv"'
    assert answer.content.decode() == MODEL


def test_a_person_in_charge_ends_an_access(client, town_hall, manager):
    editor = make_member(town_hall, "editor")
    membership = editor.memberships.get()
    client.post(address(town_hall, f"membres/{membership.pk}/retirer/"))
    membership.refresh_from_db()
    assert membership.state == "ended"
    client.force_login(editor)
    assert client.get(address(town_hall)).status_code == 404


def test_an_editor_ends_only_their_own_access(client, town_hall, manager):
    editor = make_member(town_hall, "editor")
    client.force_login(editor)
    other, own = manager.memberships.get(), editor.memberships.get()
    assert client.post(address(town_hall, f"membres/{other.pk}/retirer/")).status_code == 403
    assert client.post(address(town_hall, f"membres/{own.pk}/retirer/")).headers["Location"] == "/mes-actions/"
    assert set(Membership.objects.filter(state="ended")) == {own}


def test_an_institution_always_keeps_someone_in_charge(client):
    owner = make_institution()
    manager = make_member(owner, "manager")
    client.force_login(manager)
    answer = client.post(address(owner, f"membres/{manager.memberships.get().pk}/retirer/"))
    assert (answer.status_code, "ne peut pas rester sans responsable" in text_of(answer)) == (403, True)


def test_claims_are_answered_from_the_page(client, town_hall, manager):
    claimant = make_user("agent@exemple.fr")
    claim = claim_commune(user=claimant, commune=town_hall.commune, at=portal_now()).claims.get()
    page = text_of(client.get(address(town_hall)))
    assert f'action="/gestion/rattachements/{claim.pk}/"' in page
    answer = client.post(f"/gestion/rattachements/{claim.pk}/", {"answer": "yes", "next": address(town_hall)})
    assert answer.headers["Location"] == address(town_hall)
    claim.membership.refresh_from_db()
    assert (claim.membership.state, claim.membership.confirmed_by) == ("confirmed", manager)


def test_an_editor_does_not_answer_claims(client, town_hall):
    claim = claim_commune(user=make_user(), commune=town_hall.commune, at=portal_now()).claims.get()
    client.force_login(make_member(town_hall, "editor"))
    assert client.post(f"/gestion/rattachements/{claim.pk}/", {"answer": "yes"}).status_code == 403
    client.force_login(make_member(make_town_hall(BENOUVILLE), "signatory"))
    assert client.post(f"/gestion/rattachements/{claim.pk}/", {"answer": "yes"}).status_code == 404


def test_the_page_costs_the_same_at_three_members_and_at_thirteen(
    client, town_hall, manager, django_assert_max_num_queries
):
    for count in (3, 10):
        for _ in range(count):
            make_member(town_hall, "editor")
        with django_assert_max_num_queries(22):
            client.get(address(town_hall))
