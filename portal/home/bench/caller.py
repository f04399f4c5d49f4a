"""Requests sent straight to the WSGI application, timed: no socket, no test client, every middleware."""

import io
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

CSRF = "a" * 32


class UnexpectedAnswer(Exception):
    """A measured page did not answer as it should: nothing was measured."""


@dataclass(frozen=True)
class Request:
    """One request; with `data` it is a POST, with its CSRF token. `status` is the answer that counts as success."""

    path: str
    session: str = ""
    data: dict[str, Any] | None = None
    status: int = 200

    @property
    def environ(self) -> dict[str, Any]:
        body = urlencode({**(self.data or {}), "csrfmiddlewaretoken": CSRF}, doseq=True).encode()
        cookies = {settings.CSRF_COOKIE_NAME: CSRF, settings.SESSION_COOKIE_NAME: self.session}
        path, _, query = self.path.partition("?")
        return {
            "REQUEST_METHOD": "GET" if self.data is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost:8000",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items() if value),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


@dataclass
class Caller:
    """Sends requests to the portal of this process."""

    application: WSGIHandler = field(default_factory=WSGIHandler)

    def send(self, request: Request) -> tuple[float, bytes]:
        """Seconds from the request to the last byte of the answer, and its body. Raises `UnexpectedAnswer`."""
        environ, status = request.environ, []

        def start_response(line: str, headers: Any, exc_info: Any = None) -> Any:
            status.append(int(line.split()[0]))

        begun = perf_counter()
        response = self.application(environ, start_response)
        body = b"".join(response)
        response.close()
        seconds = perf_counter() - begun
        if status != [request.status]:
            words = HTTPStatus(status[0]).phrase
            raise UnexpectedAnswer(f"{request.path} : {status[0]} {words}\n{body[:2000].decode()}")
        return seconds, body

    def queries(self, request: Request) -> int:
        """How many statements one request makes, those that open transactions apart."""
        with CaptureQueriesContext(connection) as captured:
            self.send(request)
        return sum(not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for q in captured)
