"""The limits of frequency hold for all the web processes together; without Redis, nobody is refused and the journal says so."""

import re
from pathlib import Path

import pytest

from applications.models import Deposit
from portal.core.models import OutboundEmail
from tests.factories import make_call, make_town_hall
from tests.faults.acts import make_communes
from tests.harness import server
from tests.harness.server import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

PERSON = {"full_name": "Camille Essai", "role_title": "secrétaire de mairie", "signs": "no"}
ALLOWED, ASKED = 3, 14  # codes for one address in a minute; requests, over two processes


def ask_codes(port: int, address: str) -> list[int]:
    person = {**PERSON, "email": address}
    return [Visitor(port).post("/rejoindre/76254/", person).status for _ in range(ASKED)]


def codes_for(address: str) -> int:
    return OutboundEmail.objects.filter(kind="login_code", recipient=address).count()


def test_two_processes_count_together(production_folder: Path) -> None:
    make_town_hall()
    with server.running(production_folder, WEB_CONCURRENCY="2") as port:
        answers = ask_codes(port, "agent@exemple.fr")
    assert (answers.count(302), answers.count(200)) == (ALLOWED, ASKED - ALLOWED)
    assert codes_for("agent@exemple.fr") == ALLOWED


def test_without_redis_codes_leave_deposits_are_received_and_the_journal_says_so(production_folder: Path) -> None:
    """C10, J10."""
    make_town_hall()
    communes = make_communes(make_call(), 4)
    journal = production_folder / "web.log"
    start = journal.stat().st_size if journal.exists() else 0
    with server.running(production_folder, REDIS_URL="unix:///nowhere/redis.sock?db=0") as port:
        answers = ask_codes(port, "autre@exemple.fr")
        told = [commune.is_told(commune.deposit(port)) for commune in communes]
    assert set(answers) == {302}
    assert told == [True] * len(communes)
    assert Deposit.objects.count() == len(communes)
    said = journal.read_text()[start:]
    assert len(re.findall("les limites de fréquence ne sont pas comptées", said)) >= 1
