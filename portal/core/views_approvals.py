"""The answer page of a two-person act, from the mail link (no account) or from *Mes actions*. A GET never acts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from .approvals import answer, approval_of_secret, can_answer
from .clock import portal_now
from .middleware import public
from .models import Approval
from .rules import Refused


@public
@require_http_methods(["GET", "POST"])
@sensitive_variables("secret")
def approval_answer(request: HttpRequest, secret: str) -> HttpResponse:
    """The secret was sent to the approver's mailbox: it speaks for them, unless another account is signed in."""
    approval = approval_of_secret(secret)
    if approval is None:
        raise Http404
    by = request.user if request.user.is_authenticated else approval.approver
    return page(request, approval, by)


@require_http_methods(["GET", "POST"])
def approval_awaited(request: HttpRequest, pk: str) -> HttpResponse:
    """The same page for the approver who is signed in."""
    mine = Approval.objects.filter(approver=request.user).select_related("asked_by", "approver")
    return page(request, get_object_or_404(mine, pk=pk), request.user)


def page(request: HttpRequest, approval: Approval, by: Any) -> HttpResponse:
    """Show the request, or take the answer."""
    at = portal_now()
    allowed = can_answer(approval, by, at)
    error = ""
    if request.method == "POST":
        try:
            given = answer(
                approval=approval,
                by=by,
                approved=request.POST.get("answer") == "yes",
                reason=request.POST.get("reason", ""),
                at=at,
            )
        except Refused as refusal:
            error = str(refusal)
        else:
            return answered(request, given)
    context = {"approval": approval, "allowed": allowed, "error": error, "reason": request.POST.get("reason", "")}
    return render(request, "approvals/answer.html", context)


def answered(request: HttpRequest, approval: Approval) -> HttpResponse:
    done = approval.state == Approval.State.APPROVED
    messages.success(
        request, "C’est confirmé et fait." if done else "Votre refus est transmis à la personne qui demande."
    )
    return redirect(request.get_full_path() if not request.user.is_authenticated else "/mes-actions/")
