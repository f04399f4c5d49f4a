"""Outermost middleware of the tests: looks at each request and answer, of the test client and of the live server."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tests.harness.faults import LOG
from tests.harness.html import html_faults
from tests.harness.sql import WRITABLE_ON_GET, watch_writes

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class StrictMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._respond(request)
        if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
            content = response.content.decode(response.charset)
            for fault in html_faults(content, host=request.get_host()):
                LOG.record("page", f"{request.method} {request.path}: {fault}")
        return response

    def _respond(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)

        def on_write(table: str, sql: str) -> None:
            if table not in WRITABLE_ON_GET:
                LOG.record("write", f"{request.method} {request.path} writes {table}: {sql[:160]}")

        with watch_writes(on_write):
            return self.get_response(request)
