"""STAFF_TOTP_REQUIRED: staff set up a second factor before anything else; others are left alone."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from portal.accounts import rules
from tests.factories import make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(monkeypatch):
    user = make_user("instruction@exemple.fr")
    monkeypatch.setattr(rules, "STAFF_CHECKS", [lambda someone: someone.pk == user.pk])
    return user


def where(client, user, path="/territoires/recherche/"):
    client.force_login(user)
    answer = client.get(path)
    return answer.headers.get("Location", answer.status_code)


def test_staff_without_a_second_factor_are_led_to_it(client, settings, officer):
    settings.STAFF_TOTP_REQUIRED = True
    assert where(client, officer, "/gestion/rattachements/") == "/compte/2fa/totp/activate/"
    assert where(client, make_user(is_platform_admin=True), "/institution/nouvelle/") == "/compte/2fa/totp/activate/"
    assert where(client, officer) == 200
    TOTP.activate(officer, generate_totp_secret())
    assert where(client, officer, "/gestion/rattachements/") == 200


def test_others_are_left_alone(client, settings, officer):
    settings.STAFF_TOTP_REQUIRED = True
    town_hall = make_town_hall()
    assert where(client, make_member(town_hall, "manager"), f"/organismes/{town_hall.uuid}/membres/") == 200


def test_without_the_setting_nothing_is_asked(client, officer):
    assert where(client, officer, "/gestion/rattachements/") == 200
