"""The second factor of staff, when the setting asks for it."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.core.spaces import current_space

from .rules import is_staff


class StaffSecondFactor:
    """`STAFF_TOTP_REQUIRED`: staff without a second factor are led to set one up before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not settings.STAFF_TOTP_REQUIRED or not request.user.is_authenticated:
            return None
        if current_space():  # a fictitious person: who plays it has given theirs to go in
            return None
        if view.__module__.startswith("allauth.") or getattr(view, "is_public", False):
            return None
        if getattr(view, "before_second_factor", False):
            return None
        if not is_staff(request.user) or is_mfa_enabled(request.user):
            return None
        messages.warning(request, "Votre rôle demande un second facteur : configurez-le pour continuer.")
        return redirect("mfa_activate_totp")
