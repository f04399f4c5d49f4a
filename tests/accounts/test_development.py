"""Development pages: demo people only, and only where the setting opens them."""

import pytest

from portal.accounts.dev_login import cards
from portal.accounts.services import invite
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from tests.accounts.helpers import text_of
from tests.factories import make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    return make_member(
        make_town_hall(), "editor", email="secretaire@demo.exemple.fr", role_title="secrétaire de mairie"
    )


def test_one_card_per_active_person_of_the_demonstration(secretary):
    make_user("vrai@exemple.fr")
    make_user("parti@demo.exemple.fr", is_active=False)
    assert [(c.title, c.line, c.email) for c in cards()] == [
        ("Entrer comme secrétaire de mairie", "Commune de Étretat", "secretaire@demo.exemple.fr")
    ]


def test_one_click_enters(client, secretary):
    assert "Entrer comme secrétaire de mairie" in text_of(client.get("/developpement/"))
    answer = client.post("/developpement/", {"email": secretary.email})
    assert answer.headers["Location"] == "/mes-actions/"
    assert client.session["_auth_user_id"] == str(secretary.pk)


def test_a_real_account_is_never_entered(client, secretary):
    make_user("vrai@exemple.fr")
    assert client.post("/developpement/", {"email": "vrai@exemple.fr"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_mails_are_read_in_full(client, secretary):
    manager = make_member(make_town_hall(), "manager")
    invite(
        email="a@exemple.fr",
        organisation=make_town_hall(),
        right="reader",
        by=manager,
        at=portal_now(),
        full_name="<b>",
    )
    mail = OutboundEmail.objects.get()
    assert f'href="/developpement/courriels/{mail.pk}/"' in text_of(client.get("/developpement/courriels/"))
    page = text_of(client.get(f"/developpement/courriels/{mail.pk}/"))
    assert "Bonjour &lt;b&gt;," in page
    assert '<a href="https://ami.exemple.fr/invitations/' in page


def test_without_the_setting_there_is_nothing(client, settings, secretary):
    settings.DEVELOPMENT_PAGES = False
    statuses = [client.get(path).status_code for path in ("/developpement/", "/developpement/courriels/")]
    assert [*statuses, client.post("/developpement/", {"email": secretary.email}).status_code] == [404, 404, 404]
    assert "_auth_user_id" not in client.session
