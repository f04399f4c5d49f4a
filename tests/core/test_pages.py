"""Fixed pages, error pages and the pages of accounts: in French, in the portal's look, with nothing undefined."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import RequestFactory

from portal.accounts.stepup import KEY
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.views_errors import bad_request, forbidden, server_error
from tests.factories import make_institution, make_user

pytestmark = pytest.mark.django_db


def heading(response):
    (found,) = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    return found


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("/contact/", "Nous contacter"),
        ("/mentions-legales/", "Mentions légales"),
        ("/donnees-personnelles/", "Données personnelles"),
        ("/accessibilite/", "Déclaration d’accessibilité"),
        ("/plan-du-site/", "Plan du site"),
        ("/aide/", "Aide"),
        ("/code-source/", "Code source"),
    ],
)
@pytest.mark.parametrize("with_institution", [False, True])
def test_fixed_pages_open_without_account(client, url, title, with_institution):
    if with_institution:
        make_institution()
    response = client.get(url)
    assert response.status_code == 200
    assert heading(response) == title
    assert "Accessibilité\u00a0: non conforme" in response.content.decode()


def test_the_declaration_says_what_the_law_asks(client):
    text = client.get("/accessibilite/").content.decode()
    for part in (
        "État de conformité",
        "Résultats des tests",
        "Contenus non accessibles",
        "Établissement de cette déclaration",
        "Voies de recours",
        "Libre réponse 71120, 75342 Paris CEDEX 07",
        "Schéma pluriannuel et plan d’actions",
    ):
        assert part in text


def test_the_page_of_components_exists_only_in_development(client, settings):
    assert client.get("/composants/").status_code == 200
    settings.DEVELOPMENT_PAGES = False
    assert client.get("/composants/").status_code == 404


def test_an_unknown_address_gives_a_page_of_the_portal(client):
    response = client.get("/rien-ici/")
    assert (response.status_code, heading(response)) == (404, "Cette page n’existe pas")


def anonymous():
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/x/")
    request.user = AnonymousUser()
    return request


def test_a_refusal_gives_its_reason():
    response = forbidden(anonymous(), PermissionError("L’appel est clos."))
    assert (response.status_code, heading(response)) == (403, "Cette action n’est pas possible")
    assert "<b>L’appel est clos.</b>" in response.content.decode()
    assert heading(bad_request(anonymous(), ValueError())) == "Nous n’avons pas compris cette demande"


def test_an_incident_gives_a_number_and_needs_no_database(django_db_blocker):
    with django_db_blocker.block():
        response = server_error(anonymous())
    assert (response.status_code, heading(response)) == (500, "Un incident nous empêche de répondre")
    assert re.search(r'numéro\u00a0: <strong class="num">[0-9a-f]{8}</strong>', response.content.decode())


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("/compte/login/", "Se connecter"),
        ("/compte/login/code/", "Recevoir un code de connexion"),
        ("/compte/signup/", "Créer un accès"),
        ("/compte/inactive/", "Ce compte est fermé"),
    ],
)
def test_pages_of_accounts_are_ours(client, url, title):
    response = client.get(url)
    assert heading(response) == title
    assert 'class="site-header"' in response.content.decode()


def test_the_code_page_says_where_the_code_went(client):
    client.post("/compte/login/code/", {"email": make_user().email})
    response = client.get("/compte/login/code/confirm/")
    assert heading(response) == "Saisir le code de connexion"


def test_a_wrong_code_is_said_in_french_and_linked(client):
    client.post("/compte/login/code/", {"email": make_user().email})
    response = client.post("/compte/login/code/confirm/", {"code": "ZZZZZZ"})
    assert "Une réponse est à reprendre" in response.content.decode()
    assert 'href="#id_code"' in response.content.decode()


@pytest.mark.parametrize(
    ("url", "title"), [("/compte/logout/", "Se déconnecter\u202f?"), ("/compte/2fa/", "Double authentification")]
)
def test_pages_of_a_person_who_is_logged_in(client, url, title):
    log_in(client, make_user())
    assert heading(client.get(url)) == title


def test_the_style_block_of_an_institution_is_allowed_by_its_hash(client):
    make_institution(brand="#5B2E63", light="#7CCBC4")
    response = client.get("/aide/")
    (css,) = re.findall(r"<style>(.*?)</style>", response.content.decode())
    assert css.startswith(":root{--brand:#5B2E63;")
    from portal.core.theme import csp_hash

    assert csp_hash(css) in response.headers["Content-Security-Policy"]


def log_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def current_code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_the_second_factor_is_linked_then_unlinked_in_our_pages(client, faults):
    user, secret = make_user(), generate_totp_secret()
    log_in(client, user)
    assert client.get("/compte/2fa/totp/activate/").url.startswith("/confirmer-identite/")
    session = client.session
    session[KEY] = portal_now().isoformat()  # the code received by mail was given
    session.save()
    assert heading(client.get("/compte/2fa/totp/activate/")) == "Relier une application"
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    assert "En service" in client.get("/compte/2fa/").content.decode()
    refused = client.get("/compte/2fa/totp/deactivate/", follow=True)
    assert heading(refused) == "Confirmer que c’est bien vous"
    there = {"code": current_code(secret), "next": "/compte/2fa/totp/deactivate/"}
    confirmed = client.post("/compte/2fa/reauthenticate/", there, follow=True)
    assert heading(confirmed) == "Mettre l’application hors service\u202f?"
    codes = client.get("/compte/2fa/recovery-codes/").content.decode()
    assert "10\u00a0codes sur 10 restent utilisables" in codes
    # The accounts library notes on this GET that the codes were shown: its own row, nothing of ours.
    (noted,) = faults.take()
    assert "mfa_authenticator" in str(noted)
    assert heading(client.get("/compte/2fa/recovery-codes/generate/")) == "Créer des codes de secours\u202f?"


def test_a_person_with_a_second_factor_meets_the_second_step(client):
    user = make_user()
    user.set_password("un mot de passe assez long")
    user.save()
    TOTP.activate(user, generate_totp_secret())
    client.post("/compte/login/code/", {"email": user.email})
    code = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", OutboundEmail.objects.latest("created_at").body)[0]
    response = client.post("/compte/login/code/confirm/", {"code": code}, follow=True)
    assert heading(response) == "Deuxième étape"
