"""The web server of production (gunicorn, settings of production) on the database of a test, and a client behind a relay."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote as quote
from urllib.parse import urlencode as urlencode

from django.conf import settings
from django.test import Client

from portal.accounts.models import User
from portal.embedded import commands
from portal.home.bench.rush import database_url as database_url

START = 60.0  # seconds
TOKEN = "t" * 32
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def production(port: int, folder: Path, **more: str) -> dict[str, str]:
    """The environment of a server of production, its sessions readable here; `folder`: its static files."""
    # Tests in a browser set this variable for their whole process; production refuses to start with it.
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": settings.SECRET_KEY,
        "PORTAL_URL": f"https://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database_url(),
        "PORTAL_VAR": str(folder),
        "FILES_ROOT": str(settings.MEDIA_ROOT),
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        **more,
    }


def collect_static(folder: Path, *, root: Path = ROOT) -> None:
    """What an operator does once, before the server starts; `root`: where another version of the program is."""
    words = [sys.executable, str(root / "manage.py"), "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(words, env=production(1, folder), cwd=root, check=True)


@contextlib.contextmanager
def running(folder: Path, *, app: str = "", root: Path = ROOT, **more: str) -> Iterator[int]:
    """The port of a server that answers; `app`: another WSGI module, `root`: another version of the program.

    Stopped on leaving, its journal in `folder`.
    """
    port = free_port()
    environment = production(port, folder, **more)
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen(_words(port, app), env=environment, cwd=root, stdout=log, stderr=log)
    try:
        _wait(port, process, folder / "web.log")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=START)


def _words(port: int, app: str) -> Sequence[str]:
    words = commands.web()
    words[words.index("--bind") + 1] = f"127.0.0.1:{port}"
    return [app if app and word == "portal.wsgi:application" else word for word in words]


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            Visitor(port).get("/sante/")
            return
    raise RuntimeError(f"{sys.executable} gunicorn: {log.read_text(errors='replace')[-2000:]}")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class Visitor:
    """Someone behind the relay that ensures HTTPS: one connection for each request, as a hurried browser does."""

    def __init__(self, port: int, session: str = "", *, through: int = 0) -> None:
        self.port, self.session, self.through = port, session, through or port

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, data: Mapping[str, str]) -> Answer:
        return self.send("POST", path, urlencode(data).encode(), "application/x-www-form-urlencoded")

    def attach(self, path: str, name: str, content: bytes) -> Answer:
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = head + content + f"\r\n--{boundary}--\r\n".encode()
        return self.send("POST", path, body, f"multipart/form-data; boundary={boundary}")

    def send(
        self, method: str, path: str, body: bytes = b"", kind: str = "", without: tuple[str, ...] = (), **headers: str
    ) -> Answer:
        """Raises `OSError` or `http.client.HTTPException` when no whole answer comes.

        `headers` replace those of an honest browser, `without` takes some away.
        """
        line = http.client.HTTPConnection("127.0.0.1", self.through, timeout=120)
        cookies = f"__Host-csrf={TOKEN}" + (f"; __Host-session={self.session}" if self.session else "")
        told = {
            "Host": f"127.0.0.1:{self.port}",
            "Origin": f"https://127.0.0.1:{self.port}",
            "X-Forwarded-Proto": "https",
            "Connection": "close",
            "X-CSRFToken": TOKEN,
            "Cookie": cookies,
            **({"Content-Type": kind} if kind else {}),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        for name in without:
            del told[name]
        try:
            line.request(method, path, body or None, told)
            answer = line.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            line.close()


def session_of(user: User) -> str:
    """The key of a session of this person."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
