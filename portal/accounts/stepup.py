"""`@step_up_required`: a code mailed a moment ago before a grave act, again after thirty idle minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.core.clock import portal_now

IDLE = timedelta(minutes=30)
KEY = "step_up_at"


def step_up_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The person proves again who they are before this view; what they were sending by POST is given back after."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = portal_now()
        if not is_fresh(request, at):
            if request.method == "POST":
                keep_post(request)
            return redirect(f"{reverse('step_up')}?{urlencode({'next': request.get_full_path()})}")
        mark(request, at)
        return view(request, *args, **kwargs)

    return guarded


def is_fresh(request: HttpRequest, at: datetime) -> bool:
    """Whether a code was given in this session and the person has been active since."""
    marked = request.session.get(KEY)
    if not marked:
        return False
    return timedelta(0) <= at - datetime.fromisoformat(marked) <= IDLE


def mark(request: HttpRequest, at: datetime) -> None:
    request.session[KEY] = at.isoformat()


# --- what was being sent when the code was asked --------------------------------------------------------------------

POST_KEY = "step_up_post"
NOT_KEPT = {"csrfmiddlewaretoken"}


def keep_post(request: HttpRequest) -> None:
    """Keep the typed fields until the code is given; files must be chosen again."""
    fields = [(name, values) for name, values in request.POST.lists() if name not in NOT_KEPT]
    request.session[POST_KEY] = {"path": request.get_full_path(), "fields": fields}


def kept_post(request: HttpRequest, path: str) -> list[tuple[str, str]]:
    """The fields kept for this path, as pairs for hidden inputs."""
    kept = request.session.get(POST_KEY) or {}
    if kept.get("path") != path:
        return []
    return [(name, value) for name, values in kept["fields"] for value in values]
