"""G: guessing, forged addresses, sessions that outlive a right, links poisoned by a header. One enters by a mailed code."""

import re
import time
from statistics import median
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.core.models import OutboundEmail
from tests.factories import make_member, make_town_hall, make_user

pytestmark = pytest.mark.django_db

HOME, ELSEWHERE = "192.0.2.10", "203.0.113.5"
PERSON = {"full_name": "Camille Essai", "role_title": "Secrétaire", "signs": "no"}


@pytest.fixture
def limits(settings) -> None:
    """Those of production: behind one relay, which adds the address that it sees."""
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


@pytest.fixture
def agent() -> User:
    return make_member(make_town_hall(), "editor", email="agent@exemple.fr")


def seen_from(address: str, forged: str = "") -> dict[str, Any]:
    """As the relay passes it on; `forged`: what the person themselves wrote in the header."""
    return {"REMOTE_ADDR": "10.0.0.1", "headers": {"X-Forwarded-For": f"{forged}, {address}" if forged else address}}


def ask(client: Client, email: str = "agent@exemple.fr", **seen: Any) -> int:
    return client.post("/compte/login/", {"login": email}, **seen).status_code


def give(client: Client, code: str, **seen: Any) -> int:
    return client.post("/compte/login/code/confirm/", {"code": code}, **seen).status_code


def last_code() -> str:
    return OutboundEmail.objects.filter(kind="login_code").latest("pk").subject.split()[-1]


def is_in(client: Client) -> bool:
    return client.get("/mes-actions/").status_code == 200


def enter(client: Client) -> None:
    ask(client, **seen_from(HOME))
    give(client, last_code(), **seen_from(HOME))
    assert is_in(client)


def test_a_code_cannot_be_guessed(limits, agent, client, full_counts: bool) -> None:
    """G1: a few wrong codes, and the right one is worth nothing, whatever the header says."""
    ask(client, **seen_from(HOME))
    right = last_code()
    for n in range(1000 if full_counts else 12):
        give(client, f"FAUX{n:04d}", **seen_from(HOME, forged=f"198.51.100.{n % 250}"))
    give(client, right, **seen_from(HOME))
    assert not is_in(client)


def test_a_code_is_worth_nothing_in_another_browser(limits, agent, client) -> None:
    ask(client, **seen_from(HOME))
    other = Client()
    give(other, last_code(), **seen_from(ELSEWHERE))
    assert not is_in(other)


def test_a_known_and_an_unknown_address_take_the_same_time(agent, full_counts: bool) -> None:
    """G2: nothing is learnt from the clock; both write one mail."""
    took: dict[str, list[float]] = {agent.email: [], "personne@exemple.fr": []}
    for _ in range(200 if full_counts else 40):
        for email, times in took.items():
            begun = time.perf_counter()
            ask(Client(), email)
            times.append(time.perf_counter() - begun)
    known, unknown = map(median, took.values())
    assert abs(known - unknown) < 0.010, (known, unknown)


def test_codes_asked_from_one_machine_are_counted_under_forged_addresses_too(limits) -> None:
    """G1: what a person writes in the header does not make them somebody else."""
    for n in range(40):
        make_user(f"personne-{n}@exemple.fr")
        ask(Client(), f"personne-{n}@exemple.fr", **seen_from(HOME, forged=f"198.51.100.{n}"))
    assert OutboundEmail.objects.filter(kind="login_code").count() == 20


def test_codes_asked_for_one_address_stop_at_three_a_minute(limits, agent) -> None:
    """G8."""
    for n in range(30):
        ask(Client(), **seen_from(f"192.0.2.{n}"))
    assert OutboundEmail.objects.filter(recipient=agent.email).count() == 3


def test_the_limits_count_machines_and_not_the_relay(limits) -> None:
    """Sixty town halls behind one relay ask for a code in the same minute: each has its own."""
    make_town_hall()
    for n in range(60):
        person = {**PERSON, "email": f"mairie{n}@exemple.fr"}
        assert Client().post("/rejoindre/76254/", person, **seen_from(f"192.0.2.{n}")).status_code == 302
    assert OutboundEmail.objects.filter(kind="login_code").count() == 60


def test_the_key_of_the_session_changes_at_the_entry(limits, agent, client) -> None:
    """G3: a session fixed before is not the one that is in."""
    ask(client, **seen_from(HOME))
    before = client.cookies["sessionid"].value
    give(client, last_code(), **seen_from(HOME))
    assert is_in(client)
    assert client.cookies["sessionid"].value != before
    fixed = Client()
    fixed.cookies["sessionid"] = before
    assert not is_in(fixed)


def test_a_session_does_not_outlive_an_account(limits, agent, client) -> None:
    """G4: an account closed, at the next request."""
    enter(client)
    User.objects.filter(pk=agent.pk).update(is_active=False)
    assert not is_in(client)


def test_a_right_taken_away_is_gone_at_the_next_request(limits, agent, client) -> None:
    """F7: an agent who left the town hall reads nothing of it any more."""
    enter(client)
    agent.memberships.update(state="ended")
    assert "Étretat" not in client.get("/mes-actions/").content.decode()
    assert "Étretat" not in client.get("/candidatures/").content.decode()


def test_leaving_closes_the_session_for_good(limits, agent, client) -> None:
    """G4: the cookie kept by someone else opens nothing."""
    enter(client)
    kept = client.cookies["sessionid"].value
    client.post("/compte/logout/")
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert not is_in(thief)


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host"])
def test_no_header_changes_the_links_of_mails(settings, agent, header: str) -> None:
    """G5."""
    value = "host=ailleurs.exemple.net" if header == "Forwarded" else "ailleurs.exemple.net"
    newcomer = Client()
    newcomer.post("/rejoindre/76254/", {**PERSON, "email": "agent-b@exemple.fr"}, headers={header: value})
    newcomer.post("/compte/login/code/confirm/", {"code": last_code()}, headers={header: value})
    newcomer.post("/rejoindre/76254/", PERSON, headers={header: value})
    mails = list(OutboundEmail.objects.all())
    assert len(mails) >= 2
    addresses = {found for mail in mails for found in re.findall(r"https?://[^/\s\"<]+", f"{mail.body} {mail.html}")}
    assert addresses == {settings.PORTAL_URL}
