"""The live server ends what it was asked before the next test begins."""

import socket

import pytest

from tests.harness.faulty_views import SLOW_ANSWERS
from tests.harness.live import wait_until_idle

pytestmark = pytest.mark.urls("tests.harness.faulty_views")


def test_a_request_whose_client_has_left_is_ended_before_the_next_test(live_server, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("portal.")]
    SLOW_ANSWERS.clear()
    for name in ("un", "deux"):
        with socket.create_connection((live_server.thread.host, live_server.thread.port)) as client:
            client.sendall(f"GET /harness/slow/?name={name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    wait_until_idle(live_server)
    assert sorted(SLOW_ANSWERS) == ["deux", "un"]
