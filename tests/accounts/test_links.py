"""Personal links: a GET never enters, single use, seven days, the second factor is never skipped."""

import threading

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection

from portal.accounts.models import LinkSession
from portal.accounts.services import personal_link, use_link
from portal.core.clock import at_instant, portal_now
from portal.core.rules import Refused
from portal.core.tokens import hashed
from tests.accounts.helpers import WEEK, text_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def mayor():
    return make_user("maire@exemple.fr", full_name="Sacha Essai")


def link_for(user, path="/candidatures/") -> str:
    return personal_link(user, path, at=portal_now())


def signed_in(client) -> str | None:
    return client.session.get("_auth_user_id")


def test_the_link_enters_after_a_click_and_lands_where_it_says(client, mayor):
    path = link_for(mayor)
    assert "au nom de Sacha Essai, une seule fois" in text_of(client.get(path))
    assert signed_in(client) is None
    assert client.post(path).headers["Location"] == "/candidatures/"
    assert signed_in(client) == str(mayor.pk)


def test_only_the_hash_is_kept(mayor):
    secret = link_for(mayor).split("/")[2]
    assert LinkSession.objects.get().token_sha256 == hashed(secret)


def test_a_link_that_served_proposes_a_code_to_the_same_place(client, mayor):
    path = link_for(mayor)
    client.post(path)
    client.logout()
    page = text_of(client.post(path))
    assert "Ce lien ne s’ouvre plus" in page
    assert 'href="/compte/login/code/?next=/candidatures/"' in page
    assert signed_in(client) is None


def test_a_link_lives_seven_days(client, mayor):
    path = link_for(mayor)
    with at_instant(portal_now() + WEEK):
        client.post(path)
    assert signed_in(client) is None


def test_one_who_is_already_there_goes_straight_on(client, mayor):
    path = link_for(mayor)
    client.force_login(mayor)
    assert client.get(path).headers["Location"] == "/candidatures/"
    assert LinkSession.objects.get().used_at is None


def test_another_account_leaves_before_the_recipient_enters(client, mayor):
    path = link_for(mayor)
    client.force_login(make_user("agent@exemple.fr"))
    assert "Continuer vous déconnecte de ce compte." in text_of(client.get(path))
    client.post(path)
    assert signed_in(client) == str(mayor.pk)


def test_a_closed_account_does_not_enter(client, mayor):
    path = link_for(mayor)
    type(mayor).objects.update(is_active=False)
    client.post(path)
    assert signed_in(client) is None


def test_the_second_factor_is_still_asked(client, mayor):
    TOTP.activate(mayor, generate_totp_secret())
    assert client.post(link_for(mayor)).headers["Location"].startswith("/compte/2fa/authenticate/")
    assert signed_in(client) is None


def test_the_session_key_is_new_after_entering(client, mayor):
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.post(link_for(mayor))
    assert client.session.session_key != before


def test_an_unknown_link_is_not_found(client):
    assert client.get("/liens/inconnu/").status_code == 404


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_use_the_link_once():
    link_for(make_user())
    link, barrier, results = LinkSession.objects.get(), threading.Barrier(2), []

    def click():
        barrier.wait()
        try:
            use_link(link=link, at=portal_now())
            results.append("used")
        except Refused:
            results.append("refused")
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == ["refused", "used"]
