"""`/rejoindre/`: search, say who one is, receive a code, draft; nothing reveals who has an account."""

import re

import pytest
from django.core import mail

from portal.accounts.models import Membership, User
from portal.core.outbox import deliver_emails
from tests.accounts.helpers import mails, path_in, text_of
from tests.factories import BENOUVILLE, ETRETAT, make_commune, make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db
PERSON = {"full_name": "Camille Essai", "role_title": "secrétaire de mairie", "signs": "no"}


def code_for(address: str) -> str:
    """The code of the last mail really sent to this address."""
    deliver_emails()
    message = next(m for m in reversed(mail.outbox) if m.to == [address])
    return re.search(r"Votre code de connexion\s: (\S+)", message.subject)[1]


def arrive(client, email="agent@exemple.fr", insee="76254", **person):
    return client.post(f"/rejoindre/{insee}/", {**PERSON, "email": email, **person})


def give_code(client, address):
    return client.post("/compte/login/code/confirm/?next=/rejoindre/76254/", {"code": code_for(address)})


def test_the_search_leads_to_the_commune(client):
    make_commune(ETRETAT)
    page = client.get("/rejoindre/", {"q": "etretat", "next": "/appels/tps/"}).content.decode()
    assert '<a href="/rejoindre/76254/?next=/appels/tps/">Étretat</a>' in page
    assert client.get("/rejoindre/", {"commune": "76254"}).headers["Location"] == "/rejoindre/76254/"


def test_a_newcomer_arrives_with_a_mailed_code(client):
    make_town_hall()
    answer = arrive(client)
    assert answer.headers["Location"] == "/compte/login/code/confirm/?next=/rejoindre/76254/"
    assert not Membership.objects.exists()
    entered = give_code(client, "agent@exemple.fr")
    assert entered.headers["Location"] == "/rejoindre/76254/"
    page = client.get("/rejoindre/76254/").content.decode()
    assert 'value="Camille Essai"' in page
    assert 'value="secrétaire de mairie"' in page
    done = client.post("/rejoindre/76254/", {**PERSON, "next": "/candidatures/"})
    assert done.headers["Location"] == "/candidatures/"
    membership = Membership.objects.get()
    assert (membership.user.email, membership.right, membership.state) == ("agent@exemple.fr", "editor", "pending")
    assert (membership.user.full_name, membership.user.role_title) == ("Camille Essai", "secrétaire de mairie")
    assert mails("claim-official")[0].recipient == "mairie.76254@exemple.fr"


def test_whoever_signs_asks_for_the_right_to_sign(client):
    make_town_hall()
    client.force_login(make_user())
    client.post("/rejoindre/76254/", {**PERSON, "signs": "yes"})
    assert Membership.objects.get().right == "signatory"


def test_a_known_and_an_unknown_address_get_the_same_answer(client, django_user_model):
    make_town_hall()
    known = make_user("connu@exemple.fr", full_name="Nom Connu", role_title="maire")
    first = arrive(client, known.email)
    second = arrive(client.__class__(), "inconnu@exemple.fr")
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    known.refresh_from_db()
    assert (known.full_name, known.role_title) == ("Nom Connu", "maire")


def test_a_wrong_code_does_not_enter(client):
    make_town_hall()
    arrive(client)
    right = code_for("agent@exemple.fr")
    client.post("/compte/login/code/confirm/", {"code": "000000" if right != "000000" else "111111"})
    assert client.get("/mes-actions/").status_code == 302


def test_errors_keep_what_was_typed(client):
    make_town_hall()
    page = text_of(arrive(client, "pas-une-adresse", full_name=""))
    assert "Écrivez une adresse complète, par exemple mairie@exemple.fr." in page
    assert "Écrivez vos prénom et nom." in page
    assert 'value="pas-une-adresse"' in page
    assert not User.objects.filter(email="pas-une-adresse").exists()


def test_too_many_codes_for_one_address_are_refused(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key"}
    make_town_hall()
    answers = [arrive(client, "presse@exemple.fr").status_code for _ in range(4)]
    assert answers == [302, 302, 302, 200]
    assert len(mails("login_code")) == 3


def test_a_member_goes_straight_where_they_were_going(client):
    client.force_login(make_member(make_town_hall()))
    assert client.get("/rejoindre/76254/?next=/appels/").headers["Location"] == "/appels/"


@pytest.mark.parametrize("path", ["https://ailleurs.exemple.net/", "//ailleurs.exemple.net", "javascript:alert(1)"])
def test_one_is_never_sent_to_another_site(client, path):
    client.force_login(make_member(make_town_hall()))
    assert client.get("/rejoindre/76254/", {"next": path}).headers["Location"] == "/mes-actions/"


def test_an_uninhabited_or_unknown_commune_is_not_found(client):
    commune = make_commune(BENOUVILLE)
    type(commune).objects.update(inhabited=False)
    assert [client.get(f"/rejoindre/{insee}/").status_code for insee in ("76079", "99999")] == [404, 404]


def test_the_code_mail_is_complete_in_plain_text(client):
    make_town_hall()
    arrive(client)
    row = mails("login_code")[0]
    assert row.body.split("\n\n")[0] == "Bonjour,"
    assert "Il sert une seule fois et vaut quinze minutes." in row.body
    assert (row.from_name, row.state) == ("Portail des appels à manifestation d’intérêt", "queued")
    assert "https" not in row.body


def test_logging_in_with_an_unknown_address_says_so_by_mail_only(client):
    answer = client.post("/compte/login/code/", {"email": "personne@exemple.fr"})
    assert answer.headers["Location"] == "/compte/login/code/confirm/"
    assert path_in(mails("unknown_account")[0]) == "/rejoindre/"
