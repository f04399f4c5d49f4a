"""Development only: enter as a person of the demonstration, read the mails."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from portal.core.middleware import public
from portal.core.models import OutboundEmail

from ..dev_login import cards, demo_users
from .entry import safe_path


def only_in_development() -> None:
    if not settings.DEVELOPMENT_PAGES:
        raise Http404


@public
@require_http_methods(["GET", "POST"])
def development_login(request: HttpRequest) -> HttpResponse:
    """One card per role, one click."""
    only_in_development()
    if request.method == "POST":
        user = get_object_or_404(demo_users(), email=request.POST.get("email", ""))
        if request.user.is_authenticated:
            logout(request)
        get_adapter().login(request, user)
        return redirect(safe_path(request))
    return render(request, "home/dev_login.html", {"cards": cards()})


@public
@require_GET
def development_mails(request: HttpRequest) -> HttpResponse:
    """The mails written, the last one first."""
    only_in_development()
    mails = OutboundEmail.objects.order_by("-created_at")
    return render(request, "accounts/dev_mails.html", {"page": Paginator(mails, 50).get_page(request.GET.get("page"))})


@public
@require_GET
def development_mail(request: HttpRequest, uuid: str) -> HttpResponse:
    only_in_development()
    mail = get_object_or_404(OutboundEmail.objects.select_related("attachment"), pk=uuid)
    return render(request, "accounts/dev_mail.html", {"mail": mail})
