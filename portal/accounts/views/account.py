"""My account: who one is, where one is signed in, another address."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.core.clock import portal_now
from portal.core.rules import Refused
from portal.core.typography import format_quantity

from ..forms.account import AddressCodeForm, AddressForm
from ..queries import open_sessions
from ..services.account import ask_address, close_others, confirm_address, open_change
from ..stepup import step_up_required

WRONG = "Ce code n’est pas le bon, ou il a expiré. Demandez-en un autre."


@require_http_methods(["GET", "POST"])
def my_account(request: HttpRequest) -> HttpResponse:
    """POST: everywhere else, one is out at once."""
    present = request.session.session_key or ""
    if request.method == "POST":
        closed = close_others(user=request.user, session_key=present)
        done = f"{format_quantity(closed, 'session')} fermée{'s' if closed > 1 else ''}."
        messages.success(request, done if closed else "Aucune autre session n’était ouverte.")
        return redirect("my_account")
    sessions, before = open_sessions(request.user), request.session.get("entered_before")
    context = {
        "sessions": sessions,
        "present": present,
        "others": any(row.session_key != present for row in sessions),
        "before": datetime.fromisoformat(before) if before else None,
    }
    return render(request, "accounts/my_account.html", context)


@require_http_methods(["GET", "POST"])
@step_up_required
def address_change(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_address(user=request.user, email=form.cleaned_data["email"], at=portal_now())
            return redirect("address_confirm")
        except Refused as refusal:
            form.add_error("email", str(refusal))
    return render(request, "accounts/address_change.html", {"form": form})


@require_http_methods(["GET", "POST"])
@step_up_required
def address_confirm(request: HttpRequest) -> HttpResponse:
    at = portal_now()
    change = open_change(request.user, at)
    if change is None:
        return redirect("address_change")
    form = AddressCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if confirm_address(user=request.user, code=form.cleaned_data["code"], at=at):
                messages.success(request, f"Votre adresse est désormais {change.new_email}.")
                return redirect("my_account")
            form.add_error("code", WRONG)
        except Refused as refusal:
            form.add_error("code", str(refusal))
    return render(request, "accounts/address_confirm.html", {"form": form, "change": change})
