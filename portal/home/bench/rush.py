"""The rush: 200 communes deposit at once through the web server of production; the portal, then its floor, in turn."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier
from time import perf_counter

from django.conf import settings
from django.db import connection

from portal.embedded import commands
from portal.embedded.paths import ROOT

from .caller import Caller, Request, UnexpectedAnswer
from .crowd import Writer, make_writers
from .measure import Figure
from .probes import depositing
from .world import World

AT_ONCE = 200
ROUNDS = 2
LIMIT = 2.0
START = 60.0  # seconds
NAME = "Dépôts, {} à la fois"


def measure_rush(world: World, n: int) -> Figure:
    """Seconds that each person waits in the queue; statements are those of one deposit."""
    at_once = AT_ONCE
    writers = iter(make_writers(world, 2 * ROUNDS * at_once + 2))
    undertakings = {f"undertaking_{row.code}": "on" for row in world.call.undertakings.all()}
    ours, floor = ([next(writers) for _ in range(ROUNDS * at_once)] for _ in range(2))
    caller = Caller()
    queries = caller.queries(depositing(next(writers), undertakings)), caller.queries(floored(next(writers)))
    portal_s: list[float] = []
    floor_s: list[float] = []
    with serving() as port:
        for start in range(0, ROUNDS * at_once, at_once):
            part = slice(start, start + at_once)
            portal_s += all_at_once(port, [depositing(writer, undertakings) for writer in ours[part]])
            floor_s += all_at_once(port, [floored(writer) for writer in floor[part]])
    return Figure(NAME.format(at_once), n, tuple(portal_s), tuple(floor_s), *queries, limit=LIMIT)


def floored(writer: Writer) -> Request:
    return depositing(writer, {}, "/plancher")


def all_at_once(port: int, requests: Sequence[Request]) -> list[float]:
    """Every request sent at the same moment, each on its own line; seconds to each. Raises `UnexpectedAnswer`."""
    barrier = Barrier(len(requests))

    def wait_for(request: Request) -> float:
        barrier.wait()
        begun = perf_counter()
        status = send(port, request)
        if status != request.status:
            raise UnexpectedAnswer(f"{request.path} : {status}")
        return perf_counter() - begun

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(wait_for, requests))


def send(port: int, request: Request) -> int:
    environ = request.environ
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    kept = {"Cookie": environ["HTTP_COOKIE"], "Content-Type": environ["CONTENT_TYPE"], "Connection": "close"}
    try:
        line.request(environ["REQUEST_METHOD"], request.path, environ["wsgi.input"].getvalue(), kept)
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()


@contextmanager
def serving() -> Iterator[int]:
    """The port of the web server of production, with the addresses of the floor beside those of the portal."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [word.replace("portal.wsgi", "portal.home.bench.wsgi") for word in commands.web()]
    words[words.index("--bind") + 1] = f"127.0.0.1:{port}"
    here = {"DATABASE_URL": database_url(), "FILES_ROOT": str(settings.MEDIA_ROOT)}
    server = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **here})  # noqa: S603
    try:
        wait(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=START)


def database_url() -> str:
    """The address of the database that this process uses, for another one."""
    parts = connection.settings_dict
    host = parts["HOST"] or parts["OPTIONS"].get("host", "")
    if host.startswith("/"):
        return f"postgresql://{parts['USER']}@/{parts['NAME']}?host={host}"
    return f"postgresql://{parts['USER']}:{parts['PASSWORD']}@{host}:{parts['PORT'] or 5432}/{parts['NAME']}"


def wait(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise UnexpectedAnswer("Le serveur web ne démarre pas.")
