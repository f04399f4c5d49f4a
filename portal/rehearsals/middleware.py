"""Pages of a rehearsal: the same addresses under `/repetition/<call>/`, the same code, in its own space.

Only those who manage the call go in, under the name that they took on the board. Their own account signs them in; the
session inside is another one, so that nothing proved or kept there (a code, a role) counts outside.
"""

import logging
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.spaces import SpaceGone, current_space, inside

from . import queries
from .models import Entry, Rehearsal

ADDRESS = re.compile(r"/repetition/(?P<slug>[-\w]+)(?P<rest>/.*)")
# What has no sense inside: signing in, other rehearsals, the pages of development, the probe.
BARRED = ("allauth.", "portal.rehearsals.", "portal.accounts.views.account", "portal.accounts.views.development")
logger = logging.getLogger("portal.rehearsals")


class RehearsalSpaces:
    """Enters the space of the address, and leaves it once the answer is written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = ADDRESS.fullmatch(request.path_info)
        if found is None:
            return self.get_response(request)
        rehearsal = queries.rehearsals_of(request.user, portal_now()).filter(call__slug=found["slug"]).first()
        if rehearsal is None:
            raise Http404
        entry, board = queries.last_entry(request.user, rehearsal), reverse("rehearsal", args=[found["slug"]])
        if entry is None or queries.is_outdated(rehearsal):
            return redirect(board)
        request.rehearsal_board, request.path_info = board, found["rest"]
        if request.method == "POST":
            logger.info("répétition %s : le compte %s, %s", rehearsal.pk, request.user.pk, request.path)
        try:
            return self.live(request, rehearsal, entry)
        except SpaceGone as gone:
            raise Http404 from gone

    def live(self, request: HttpRequest, rehearsal: Rehearsal, entry: Entry) -> HttpResponse:
        """The answer of the space, to the person whose place was taken; the account and its session come back after."""
        account, session = request.user, request.session
        try:
            with inside(rehearsal.space):
                request.user, request.session = acting_of(entry), session_of(entry)
                request.rehearsal = entry
                response = self.get_response(request)
                keep_session(request.session, entry)
        finally:
            request.user, request.session = account, session
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if current_space() is None:
            return None
        if view.__module__.startswith(BARRED):
            messages.info(request, "Choisissez à la place de qui vous continuez la répétition.")
            return redirect(request.rehearsal_board)
        if not request.user.is_authenticated and not getattr(view, "is_public", False):
            messages.info(request, "Cette page demande un compte : choisissez à la place de qui vous entrez.")
            return redirect(request.rehearsal_board)
        return None


def acting_of(entry: Entry) -> Any:
    """The person whose place was taken; a visitor when that is nobody."""
    return User.objects.filter(pk=entry.acting_id, is_active=True).first() or AnonymousUser()


def session_of(entry: Entry) -> SessionBase:
    return import_module(settings.SESSION_ENGINE).SessionStore(entry.session_key)


def keep_session(session: SessionBase, entry: Entry) -> None:
    """Write the session of the space; a link of a mail that signs someone in changes whose place is taken."""
    if session.modified:
        session.save()
    changes: dict[str, Any] = {}
    if session.session_key and session.session_key != entry.session_key:
        changes["session_key"] = session.session_key
    signed_in = session.get(SESSION_KEY)
    if signed_in and int(signed_in) != entry.acting_id:
        user = User.objects.get(pk=signed_in)
        changes |= {"acting_id": user.pk, "acting_name": str(user)}
    if changes:
        Entry.objects.filter(pk=entry.pk).update(**changes)
