"""Sober error pages: what happened, what to do, and a number to quote."""

import secrets

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not hasattr(request, "user"):  # refused before anyone knows who asks: a foreign host, a body without end
        request.user = AnonymousUser()
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request: no context of the portal, so that an absent database still gets its page.
    return render(None, "500.html", {"incident": secrets.token_hex(4)}, status=500)
