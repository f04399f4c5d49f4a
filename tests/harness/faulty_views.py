"""Views that do what the harness refuses, one fault each."""

import socket

from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from portal.core.middleware import public


def clean(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<!doctype html><title>Propre</title><p>Rien à redire.</p><script src="/static/a.js"></script>')


def inline_handler(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<button onclick="go()">Envoyer</button>')


def inline_style(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<p style="color: red">Rouge</p>')


def inline_script(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<script>go()</script>")


def leftover(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>Bonjour {{ user.name }}</p>")


def leftover_in_attribute(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<a href="{% url home %}">Accueil</a>')


def third_party(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        '<link rel="stylesheet" href="https://cdn.example/a.css"><a href="https://ailleurs.example/">x</a>'
    )


def two_styles(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<style>a{}</style><style>b{}</style>")


def accessible(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        '<!doctype html><html lang="fr"><head><title>Propre</title></head><body><main><h1>Rien à redire</h1>'
        "<noscript>sans script</noscript></main></body></html>"
    )


def inaccessible(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        '<!doctype html><html lang="fr"><head><title>Image</title></head><body><main><h1>Image</h1>'
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></main></body></html>'
    )


@csrf_exempt
def writes(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS harness_note (body text)")
        cursor.execute("INSERT INTO harness_note (body) VALUES ('vu')")
    return HttpResponse("écrit", content_type="text/plain")


def writes_by_orm(request: HttpRequest) -> HttpResponse:
    get_user_model().objects.filter(pk=-1).update(is_active=True)
    return HttpResponse("écrit", content_type="text/plain")


def writes_session(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = True
    return HttpResponse("session", content_type="text/plain")


def undefined_variable(request: HttpRequest) -> HttpResponse:
    template = Engine.get_default().from_string("<p>{{ nobody }}</p>{% if maybe %}oui{% endif %}")
    return HttpResponse(template.render(Context({})))


def method_with_arguments(request: HttpRequest) -> HttpResponse:
    template = Engine.get_default().from_string("<p>{{ word.replace }}</p>")
    return HttpResponse(template.render(Context({"word": "mot"})))


def swallowed_network(request: HttpRequest) -> HttpResponse:
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    except OSError:
        return HttpResponse("pas de réseau", content_type="text/plain")
    return HttpResponse("réseau", content_type="text/plain")


SLOW_ANSWERS: list[str] = []


def slow(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")
    SLOW_ANSWERS.append(request.GET["name"])
    return HttpResponse("enfin", content_type="text/plain")


VIEWS = [
    clean, inline_handler, inline_style, inline_script, leftover, leftover_in_attribute, third_party, two_styles,
    accessible, inaccessible, writes, writes_by_orm, writes_session, undefined_variable, method_with_arguments,
    swallowed_network, slow,
]  # fmt: skip
urlpatterns = [path(f"harness/{view.__name__}/", public(view)) for view in VIEWS]
