"""The one place that says how each process of the portal is started, by `make run` and by docker-compose.yml alike."""

import http.client
import json
import os
import sys

from portal.embedded.paths import ROOT

DEFAULT_PORT = 8000


def port() -> int:
    """`PORT`, 8000 by default."""
    given = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise ValueError(f"PORT doit être un nombre entre 1 et 65535, et non « {given} ».")
    return int(given)


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def web() -> list[str]:
    """Gunicorn. `BIND_HOST` opens it to other machines (containers), `WEB_CONCURRENCY` sets its processes."""
    host = os.environ.get("BIND_HOST") or "127.0.0.1"
    return [
        sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"{host}:{port()}",
        "--workers", os.environ.get("WEB_CONCURRENCY") or "2", "--threads", "4", "--graceful-timeout", "10",
        "--log-level", "warning", "--no-control-socket", "--preload",
    ]  # fmt: skip


def worker() -> list[str]:
    return [
        sys.executable, "-m", "celery", "-A", "portal", "worker", "--concurrency", "2", "--loglevel", "INFO",
        "--without-gossip", "--without-mingle",
    ]  # fmt: skip


def beat() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "portal", "beat", "--loglevel", "INFO", "--pidfile="]


def migrate() -> list[str]:
    return manage("migrate", "--no-input")


PROCESSES = {"web": web, "worker": worker, "beat": beat, "migrate": migrate}


def is_healthy() -> bool:
    """True when this machine's web server answers `/sante/` and reaches the database.

    A late mail or a silent scheduler also turn that page red: they are for people, not a reason to replace the server.
    """
    hosts = os.environ.get("ALLOWED_HOSTS") or "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", port(), timeout=8)
    try:
        connection.request("GET", "/sante/", headers={"Host": hosts.split(",")[0].strip()})
        return json.loads(connection.getresponse().read()).get("base") == "vert"
    except (OSError, ValueError):
        return False
    finally:
        connection.close()


def become(name: str) -> None:
    """Replace this process by the named one (no shell, no parent: signals reach it)."""
    words = PROCESSES[name]()
    os.chdir(ROOT)
    os.execv(words[0], words)  # noqa: S606
