"""The live server between two tests: nothing that a page asked for at its last moment may outlive its test."""

import socket
import threading
from typing import Any

_PATIENCE = 60  # seconds


def wait_until_idle(live_server: Any) -> None:
    """Return when the requests received are answered and their connections ended, pages being closed already.

    A page that saves as one types may close on a request that the server has not read yet; its answer would write in
    the tables while they are emptied for the next test.
    """
    _knock(live_server)
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(_PATIENCE)
            if thread.is_alive():
                raise RuntimeError(f"The live server still holds a connection after {_PATIENCE} s: {thread.name}")


def _knock(live_server: Any) -> None:
    """Connections are accepted in their order: once ours is ended, each earlier one has its thread."""
    with socket.create_connection((live_server.thread.host, live_server.thread.port), timeout=_PATIENCE) as knock:
        knock.shutdown(socket.SHUT_WR)
        knock.recv(1)
