"""G7, G10, G12: another address, a second factor, codes asked by somebody else, a computer left open."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.devices import device_of
from portal.accounts.models import AddressChange, OpenSession, User
from portal.accounts.services.account import ENTRIES_KEPT, ask_address, confirm_address, forget_entries
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from portal.settings.base import CODES_FROM_ELSEWHERE
from tests.accounts.helpers import text_of
from tests.factories import make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db

HOME, ELSEWHERE = "192.0.2.10", "203.0.113.5"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
def agent() -> User:
    return make_member(make_town_hall(), "editor", email="agent@exemple.fr")


@pytest.fixture
def limits(settings) -> None:
    """Those of production: behind one relay, which adds the address that it sees."""
    settings.ACCOUNT_RATE_LIMITS = {**CODES_FROM_ELSEWHERE}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def seen_from(address: str) -> dict[str, Any]:
    return {"REMOTE_ADDR": "10.0.0.1", "headers": {"X-Forwarded-For": address}}


def ask(client: Client, address: str, email: str = "agent@exemple.fr") -> None:
    client.post("/compte/login/", {"login": email}, **seen_from(address))


def code_of(kind: str, recipient: str) -> str:
    return OutboundEmail.objects.filter(kind=kind, recipient=recipient).latest("created_at").subject.split()[-1]


def enter(agent: User, address: str = HOME, device: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": device})
    ask(client, address, agent.email)
    code = code_of("login_code", agent.email)
    client.post("/compte/login/code/confirm/", {"code": code}, **seen_from(address))
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/mes-actions/").status_code == 200


def step_up(client: Client) -> None:
    session = client.session
    session["step_up_at"] = portal_now().isoformat()
    session.save()


def codes_sent() -> int:
    return OutboundEmail.objects.filter(kind="login_code").count()


# --- G7: what weakens an account ---------------------------------------------------------------------------------


def test_another_address_asks_for_a_fresh_code_proves_the_new_one_and_tells_the_old_one(agent) -> None:
    client = enter(agent)
    path = reverse("address_change")
    assert client.get(path).url.startswith(reverse("step_up"))
    assert client.post(path, {"email": "autre@exemple.fr"}).url.startswith(reverse("step_up"))
    step_up(client)
    wrong = client.post(path, {"email": "autre"})
    assert "Écrivez une adresse complète" in text_of(wrong)
    assert 'value="autre"' in wrong.content.decode()
    assert client.post(path, {"email": "Autre@Exemple.fr"}).url == reverse("address_confirm")
    told = OutboundEmail.objects.get(kind="address-change-asked")
    assert (told.recipient, "autre@exemple.fr" in told.body) == ("agent@exemple.fr", True)
    assert "n’est pas le bon" in text_of(client.post(reverse("address_confirm"), {"code": "12"}))
    assert User.objects.get(pk=agent.pk).email == "agent@exemple.fr"
    done = client.post(reverse("address_confirm"), {"code": code_of("address-code", "autre@exemple.fr")})
    assert done.url == reverse("my_account")
    assert User.objects.get(pk=agent.pk).email == "autre@exemple.fr"
    assert list(EmailAddress.objects.filter(user=agent).values_list("email", "verified", "primary")) == [
        ("autre@exemple.fr", True, True)
    ]
    assert OutboundEmail.objects.get(kind="address-changed").recipient == "agent@exemple.fr"
    agent.refresh_from_db()
    enter(agent)
    before = codes_sent()
    ask(Client(), HOME, "agent@exemple.fr")
    assert codes_sent() == before


def test_a_code_of_an_address_serves_once_and_dies_of_age_or_of_guesses(agent) -> None:
    at = portal_now()
    ask_address(user=agent, email="autre@exemple.fr", at=at)
    code = code_of("address-code", "autre@exemple.fr")
    assert not confirm_address(user=agent, code=code, at=at + timedelta(minutes=16))
    for n in range(5):
        assert not confirm_address(user=agent, code=f"x{n}", at=at)
    assert not confirm_address(user=agent, code=code, at=at)
    later = at + timedelta(seconds=30)
    ask_address(user=agent, email="autre@exemple.fr", at=later)
    code = code_of("address-code", "autre@exemple.fr")
    assert confirm_address(user=agent, code=code, at=later)
    assert not confirm_address(user=agent, code=code, at=later)


def test_the_address_of_another_account_is_not_taken_nor_told_before_its_owner_proved_it(agent) -> None:
    make_user("autre@exemple.fr")
    at = portal_now()
    ask_address(user=agent, email="autre@exemple.fr", at=at)
    with pytest.raises(Refused, match="Un compte existe déjà"):
        confirm_address(user=agent, code=code_of("address-code", "autre@exemple.fr"), at=at)
    assert User.objects.get(pk=agent.pk).email == "agent@exemple.fr"
    with pytest.raises(Refused, match="déjà votre adresse"):
        ask_address(user=agent, email="AGENT@exemple.fr", at=at)
    for n in range(4):
        ask_address(user=agent, email=f"autre-{n}@exemple.fr", at=at)
    with pytest.raises(Refused, match="Recommencez demain"):
        ask_address(user=agent, email="autre-9@exemple.fr", at=at)
    assert AddressChange.objects.count() == 5


@pytest.mark.parametrize(
    "door", ["email/", "password/change/", "password/set/", "password/reset/", "password/reset/done/"]
)
def test_no_other_door_leads_to_an_address_or_a_password(agent, door: str) -> None:
    """Those of allauth were open, in English, without a code nor a notice."""
    client = enter(agent)
    assert client.get(f"/compte/{door}").status_code == 404
    assert client.post(f"/compte/{door}", {"email": "autre@exemple.fr", "action_add": ""}).status_code == 404


def test_the_second_factor_comes_and_goes_with_a_code_and_its_owner_is_told(
    agent, django_capture_on_commit_callbacks
) -> None:
    client = enter(agent)
    pages = ["totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"]
    for page in pages:
        assert client.get(f"/compte/2fa/{page}").url.startswith(reverse("step_up")), page
        assert client.post(f"/compte/2fa/{page}").url.startswith(reverse("step_up")), page
    step_up(client)
    page = client.get("/compte/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert page.status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/compte/2fa/totp/activate/", {"code": code})
    assert agent.authenticator_set.filter(type="totp").exists()
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    asked = client.post("/compte/2fa/totp/deactivate/")
    assert asked.url.startswith("/compte/2fa/reauthenticate/")
    assert agent.authenticator_set.filter(type="totp").exists()
    spare = agent.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0]
    client.post(asked.url, {"code": spare})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/compte/2fa/totp/deactivate/")
    assert not agent.authenticator_set.filter(type="totp").exists()
    kinds = OutboundEmail.objects.filter(recipient=agent.email).exclude(kind="login_code")
    assert {"totp_activated", "totp_deactivated"} <= set(kinds.values_list("kind", flat=True))


# --- G10: somebody else asks for codes ---------------------------------------------------------------------------


def test_codes_asked_from_elsewhere_lock_nobody_out(limits, agent) -> None:
    """Without the network in the count, the town hall waits as long as the other one goes on."""
    for _ in range(12):
        ask(Client(), ELSEWHERE)
    assert codes_sent() == 3
    enter(agent, HOME)


def test_even_from_many_networks_a_device_that_came_in_before_gets_its_code(limits, agent) -> None:
    client = enter(agent, HOME)
    client.post("/compte/logout/")
    for n in range(30):
        ask(Client(), f"203.0.{n}.5")
    assert codes_sent() == 10
    stranger = Client()
    ask(stranger, HOME)
    assert codes_sent() == 10
    ask(client, HOME)
    assert codes_sent() == 11
    forged = Client()
    forged.cookies["appareil"] = client.cookies["appareil"].value + "x"
    ask(forged, HOME)
    assert codes_sent() == 11


# --- G12: a shared computer --------------------------------------------------------------------------------------


def ends_in(client: Client) -> timedelta:
    return Session.objects.get(pk=client.session.session_key).expire_date - timezone.now()


def leave_alone(client: Client, minutes: float) -> None:
    """As if nothing had been done meanwhile."""
    row = Session.objects.get(pk=client.session.session_key)
    Session.objects.filter(pk=row.pk).update(expire_date=row.expire_date - timedelta(minutes=minutes))


def test_an_hour_without_a_click_closes_a_session_and_work_keeps_it_open(agent) -> None:
    client = enter(agent)
    assert timedelta(minutes=59) < ends_in(client) <= timedelta(minutes=60)
    leave_alone(client, 3)
    assert is_in(client)
    assert ends_in(client) < timedelta(minutes=58)
    leave_alone(client, 40)
    assert is_in(client)
    assert ends_in(client) > timedelta(minutes=59)
    leave_alone(client, 60)
    assert not is_in(client)


def test_one_sees_where_one_is_signed_in_and_closes_the_rest(agent) -> None:
    town_hall, phone = enter(agent), enter(agent, device=PHONE)
    shown = text_of(phone.get(reverse("my_account")))
    assert "Firefox sous Windows, depuis le" in shown
    assert "Safari sur un iPhone, depuis le" in shown
    assert "Connexion précédente" in shown
    other = enter(make_user("autre@exemple.fr"))
    assert "Fermer les autres sessions" not in text_of(other.get(reverse("my_account")))
    answer = phone.post(reverse("my_account"), follow=True)
    assert "1 session fermée." in text_of(answer)
    assert "Firefox" not in text_of(answer)
    assert (is_in(phone), is_in(town_hall), is_in(other)) == (True, False, True)


def test_a_session_keeps_its_entry_when_a_fresh_code_changes_its_key(agent) -> None:
    client = enter(agent)
    path = reverse("step_up")
    client.post(path, {"send": "1", "next": "/mes-actions/"})
    client.post(path, {"code": code_of("step-up", agent.email), "next": "/mes-actions/"})
    assert [row.session_key for row in OpenSession.objects.all()] == [client.session.session_key]


def test_entries_are_forgotten_after_a_year(agent) -> None:
    enter(agent)
    forget_entries(portal_now() + ENTRIES_KEPT - timedelta(days=1))
    assert OpenSession.objects.count() == 1
    with at_instant(portal_now() + ENTRIES_KEPT + timedelta(days=1)):
        forget_entries(portal_now())
    assert not OpenSession.objects.exists()


def test_a_device_is_said_in_a_few_words() -> None:
    chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
    assert [device_of(agent) for agent in (FIREFOX, PHONE, chrome, chrome + " Edg/142.0", "", "curl/8")] == [
        "Firefox sous Windows", "Safari sur un iPhone", "Chrome sous Linux", "Edge sous Linux", "un navigateur",
        "un navigateur",
    ]  # fmt: skip
