"""J2, J7: the relay of the documentation, before the server of production: TLS that holds, slow lines that wait there."""

import contextlib
import http.client
import socket
import ssl
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import relay, server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.race]

SLOW_LINES, PROBES = 200, 20
PROMPT, STUCK = 0.5, 5.0  # seconds: what a visitor may wait, what they do not


@pytest.fixture(autouse=True)
def old_versions_may_be_named() -> Iterator[None]:
    """Python warns whoever offers TLS 1.0, were it to see it refused."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"tests\.harness\.relay")
        yield


def ask(port: int, path: str = "/", *, secure: bool = False, name: str = "127.0.0.1") -> http.client.HTTPResponse:
    context = ssl._create_unverified_context()
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    line = kind("127.0.0.1", port, timeout=STUCK, **({"context": context} if secure else {}))
    try:
        line.request("GET", path, headers={"Host": name, **({} if secure else {"X-Forwarded-Proto": "https"})})
        answer = line.getresponse()
        answer.read()
        return answer
    finally:
        line.close()


def test_only_versions_and_suites_that_hold_are_agreed_to(production_folder: Path, tmp_path: Path) -> None:
    with server.running(production_folder) as port:
        with relay.before(port, tmp_path / "relais") as before:
            assert relay.accepted(before.secure) == {"TLS 1.3", *relay.GOOD}
            plain = ask(before.plain, "/appels/")
            assert (plain.status, plain.headers["Location"]) == (301, "https://127.0.0.1/appels/")
            page = ask(before.secure, "/", secure=True)
            assert (page.status, page.headers["Server"]) == (200, "nginx")
            assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        with relay.before(port, tmp_path / "ancien", changed=relay.CARELESS) as careless:
            weak = relay.accepted(careless.secure) - {"TLS 1.3", *relay.GOOD}
            assert {"TLS 1.0", "TLS 1.1", "AES128-SHA", "ECDHE-RSA-AES128-SHA256"} <= weak


@contextlib.contextmanager
def slow_lines(port: int, *, secure: bool = False) -> Iterator[None]:
    """Two hundred connections that never end their first lines."""
    context, lines = ssl._create_unverified_context(), []
    try:
        for n in range(SLOW_LINES):
            line = socket.create_connection(("127.0.0.1", port), timeout=STUCK)
            held = context.wrap_socket(line) if secure else line
            held.sendall(f"GET /?{n} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Lent: ".encode())
            lines.append(held)
        yield
    finally:
        for line in lines:
            line.close()


def waits(port: int, *, secure: bool = False) -> list[float]:
    """How long each visitor waits; a visitor who gives up has waited `STUCK`."""
    found = []
    for _ in range(PROBES):
        begun = time.monotonic()
        try:
            assert ask(port, "/contact/", secure=secure).status == 200
            found.append(time.monotonic() - begun)
        except OSError:
            found.append(STUCK)
            if found.count(STUCK) > 1:
                break
    return found


def test_slow_lines_wait_at_the_relay_and_nobody_behind_it(production_folder: Path, tmp_path: Path) -> None:
    """Straight to the web server, the same attack leaves no one an answer."""
    with server.running(production_folder) as port:
        with relay.before(port, tmp_path / "relais") as before:
            waits(before.secure, secure=True)
            with slow_lines(before.secure, secure=True):
                behind = sorted(waits(before.secure, secure=True))
        with slow_lines(port):
            alone = waits(port)
    assert behind[int(len(behind) * 0.95)] < PROMPT, behind
    assert STUCK in alone
