"""`make run` as a process: it serves, and leaves nothing behind whatever stops it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from portal.embedded.commands import PROCESSES
from tests.embedded.test_children import is_alive, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]  # one folder for all the runs
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def var():
    """One `PORTAL_VAR` for all the runs of this file: the first creates the database, the others find it."""
    path = Path(tempfile.mkdtemp(prefix="portail-run-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


class Run:
    """`python -m portal.embedded run --empty`, without the services of the tests."""

    def __init__(self, var: Path, port: int, **env: str) -> None:
        self.port = port
        own = {"PORTAL_VAR": str(var), "PORT": str(port), "DATABASE_URL": "", "REDIS_URL": "", **env}
        inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.embedded", "run", "--empty"],
            cwd=ROOT,
            env={**inherited, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []

    def read_until(self, text: str) -> bool:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if text in line:
                return True
        return False

    def descendants(self) -> set[int]:
        found, waiting = set(), [self.process.pid]
        while waiting:
            children = children_of(waiting.pop())
            found |= children
            waiting.extend(children)
        return found

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def children_of(pid: int) -> set[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return {int(word) for word in path.read_text().split()} if path.exists() else set()


def role_of(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    roles = {"postgres": "database", "redis": "queue", "valkey": "queue", "gunicorn": "web"}
    found = {role for word, role in roles.items() if word in words} | {w for w in words.split("\0") if w in PROCESSES}
    return " and ".join(found)


@pytest.fixture
def start(var):
    runs: list[Run] = []

    def make(port: int | None = None, **env: str) -> Run:
        runs.append(Run(var, port or free_port(), **env))
        return runs[-1]

    yield make
    for run in runs:
        run.end()


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def health(port: int) -> int:
    words = [sys.executable, "-m", "portal.embedded", "health"]
    return subprocess.run(words, cwd=ROOT, env={**os.environ, "PORT": str(port)}, check=False).returncode


def test_it_serves_alone_then_sigterm_leaves_no_process(start):
    run = start()
    assert run.read_until("Portail prêt : "), run.lines
    assert run.lines[-1] == f"Portail prêt : http://127.0.0.1:{run.port}"
    assert "Mise à jour de la base de données…" in run.lines
    assert status(run.port, "/sante/") in {200, 503}  # 503 until the first beat
    assert health(run.port) == 0
    assert run.read_until("Ctrl-C pour arrêter.")
    processes = run.descendants()
    assert sorted(map(role_of, children_of(run.process.pid))) == ["beat", "database", "queue", "web", "worker"]

    second = start()
    assert second.process.wait(30) == 1
    assert second.read_until("Le portail est déjà en marche dans ce dossier.")

    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(30) == 0
    assert [pid for pid in processes if is_alive(pid)] == []
    assert run.read_until("Portail arrêté.")


def test_a_second_start_skips_what_is_done_and_a_dead_process_stops_the_whole(start):
    run = start()
    assert run.read_until("Portail prêt : "), run.lines
    assert "Mise à jour de la base de données…" not in run.lines
    assert run.read_until("Ctrl-C pour arrêter.")
    processes = run.descendants()
    (beat,) = (pid for pid in children_of(run.process.pid) if role_of(pid) == "beat")
    os.kill(beat, signal.SIGKILL)
    assert run.process.wait(30) == 1
    assert run.read_until("Le processus « minuterie » s’est arrêté (code -9) : le portail s’arrête avec lui.")
    assert [pid for pid in processes if is_alive(pid)] == []


def test_ctrl_c_while_it_starts_leaves_no_process(start):
    run = start()
    assert run.read_until("Démarrage de la base de données"), run.lines
    assert wait_for(lambda: len(run.descendants()) >= 4, seconds=30)
    processes = run.descendants()
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(30) == 0
    assert [pid for pid in processes if is_alive(pid)] == []


def test_a_taken_port_is_named(start):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        run = start(port)
        assert run.process.wait(30) == 1
        assert run.read_until(
            f"Le port {port} est déjà pris. Choisissez-en un autre, par exemple : PORT={port + 1} make run"
        )


def test_a_port_that_is_not_a_number_is_refused(start):
    run = start(PORT="huit mille")
    assert run.process.wait(30) == 1
    assert run.read_until("PORT doit être un nombre entre 1 et 65535, et non « huit mille ».")
