"""Enter through allauth: every way in passes its stages (verified address, second factor)."""

from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ..limits import may_ask_code
from ..models import User


def enter(request: HttpRequest, user: User, path: str, method: str) -> HttpResponse:
    """Log `user` in after a proof by mail, then go to `path`. Another account signed in leaves first."""
    if request.user.is_authenticated:
        if request.user.pk == user.pk:
            return redirect(path)
        logout(request)
    record_authentication(request, user, method=method, email=user.email)
    return perform_login(request, Login(user=user, redirect_url=path, email=user.email))


def send_code(request: HttpRequest, user: User, path: str) -> HttpResponse | None:
    """Mail a login code and lead to the page that asks for it; None when too many were asked for this address."""
    if not may_ask_code(request, user.email):
        return None
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
    return redirect(f"{reverse('account_confirm_login_code')}?{urlencode({'next': path}, safe='/')}")


def safe_path(request: HttpRequest, default: str = "/mes-actions/") -> str:
    """The `next` of the request when it stays on this portal."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else default
