"""Login by default, refusals with their reason, private pages never kept by a cache, hash of the theme block."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .rules import Refused

Handler = Callable[[HttpRequest], HttpResponse]


def public(view: Callable) -> Callable:
    """Mark a view as readable without an account; `tests/test_access.py` lists them all."""
    view.is_public = True
    return view


class LoginRequiredByDefault:
    """Every view needs an account unless marked `@public` (allauth's own pages keep their own rules)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.user.is_authenticated or getattr(view, "is_public", False) or view.__module__.startswith("allauth."):
            return None
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")


class IdleSessions:
    """A session lives an hour after the last page: on the shared computer of a town hall, nobody finds it open."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.session.keep_alive()
        return self.get_response(request)


class RefusalPages:
    """A refused act answers 403 with its reason, in a page of the portal."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if transaction.get_connection().in_atomic_block and transaction.get_connection().needs_rollback:
            return None
        return render(request, "403.html", {"reason": str(exception)}, status=403)


class NoStore:
    """`no-store` for every page of a person who is logged in; the theme's hash joins the CSP."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        theme_hash = getattr(request, "theme_css_hash", "")
        if theme_hash:
            response._csp_update = {"style-src": [theme_hash]}
        return response
