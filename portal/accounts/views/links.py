"""Pages that a mail opens: invitation, personal link, step-up code. A GET never acts: mail scanners follow links."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from portal.core.clock import portal_now
from portal.core.middleware import public
from portal.core.rules import Refused

from ..forms.people import CodeForm
from ..services import accept_invitation, check_step_up_code, send_step_up_code, use_link
from ..services.account import follow_key
from ..services.invitations import NO_LONGER_VALID, invitation_of_secret, is_open, offer_of
from ..services.links import is_usable, link_of_secret
from ..stepup import kept_post, mark
from .entry import enter, safe_path


@public
@require_http_methods(["GET", "POST"])
@sensitive_variables("secret")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Read the invitation; accepting enters with the account of the invited address."""
    row, at = invitation_of_secret(secret), portal_now()
    if row is None:
        raise Http404
    if hasattr(row.organisation, "profile"):
        request.institution = row.organisation.profile
    signed_in = request.user if request.user.is_authenticated else None
    if request.method == "POST":
        user, path = accept_invitation(invitation=row, at=at, signed_in=signed_in)
        messages.success(request, "Bienvenue. Votre accès est ouvert.")
        return enter(request, user, path, "invitation")
    context = {"invitation": row, "offer": offer_of(row), "open": is_open(row, at), "no_longer": NO_LONGER_VALID}
    return render(request, "accounts/invitation.html", {**context, "other": signed_in and signed_in.email != row.email})


@public
@require_http_methods(["GET", "POST"])
@sensitive_variables("secret")
def personal_link(request: HttpRequest, secret: str) -> HttpResponse:
    """A mail opens the portal as its recipient, once."""
    link, at = link_of_secret(secret), portal_now()
    if link is None:
        raise Http404
    if request.user.is_authenticated and request.user.pk == link.user_id:
        return redirect(link.next_path)
    usable = is_usable(link, at)
    if request.method == "POST" and usable:
        link = use_link(link=link, at=at)
        return enter(request, link.user, link.next_path, "link")
    return render(request, "accounts/personal_link.html", {"link": link, "usable": usable})


@require_http_methods(["GET", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Ask for a fresh code, then give back what was being sent."""
    path, at = safe_path(request), portal_now()
    if request.POST.get("send"):
        return code_sent(request, path)
    asked = bool(request.session.get("step_up_asked"))
    form = CodeForm(request.POST or None) if asked else CodeForm()
    if asked and request.method == "POST" and form.is_valid():
        if check_step_up_code(user=request.user, code=form.cleaned_data["code"], at=at):
            return confirmed(request, path)
        form.add_error("code", "Ce code n’est pas le bon, ou il a expiré. Demandez-en un autre.")
    return render(request, "accounts/step_up.html", {"form": form, "asked": asked, "next": path})


step_up.before_second_factor = True  # what sets the factor up asks for a code first


def code_sent(request: HttpRequest, path: str) -> HttpResponse:
    error = ""
    try:
        send_step_up_code(user=request.user, at=portal_now())
        request.session["step_up_asked"] = True
    except Refused as refusal:
        error = str(refusal)
    asked = bool(request.session.get("step_up_asked"))
    return render(request, "accounts/step_up.html", {"form": CodeForm(), "asked": asked, "next": path, "error": error})


def confirmed(request: HttpRequest, path: str) -> HttpResponse:
    """New session key; then the page asked for, or the fields that were being sent, to send again."""
    before = request.session.session_key
    request.session.cycle_key()
    follow_key(old=before, new=request.session.session_key)
    request.session.pop("step_up_asked", None)
    mark(request, portal_now())
    fields = kept_post(request, path)
    request.session.pop("step_up_post", None)
    if fields:
        return render(request, "accounts/step_up_resume.html", {"fields": fields, "path": path})
    return redirect(path)
