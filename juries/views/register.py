"""The register of interests of a call: recusals, and links found then dismissed; one recusal pronounced early."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calls.models import Call
from portal.core.clock import portal_now
from portal.core.rules import Refused

from ..forms import EarlyPronounceForm
from ..links import FOUND, KINDS
from ..queries import dismissed_links, recusals_of
from ..services.interests import pronounce_recusal
from .common import names_of, posted
from .staff import staffed_call

ROWS = 50  # a page


@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: HttpRequest, slug: str) -> HttpResponse:
    """Recusals and dismissed links; a recusal may be pronounced from here, before the session."""
    at = portal_now()
    call = staffed_call(request, slug, at, manages=False)
    form = EarlyPronounceForm(posted(request), seats=call.seats.all(), call=call)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            pronounce_recusal(
                seat=data["seat"], application=data["file"], reason=data["reason"], by=request.user, at=at
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Déport prononcé\u00a0: {data['seat'].label}.")
            return redirect("jury_interests", slug=slug)
    return render(request, "juries/interests.html", {"call": call, "form": form, **lists_of(request, call)})


def lists_of(request: HttpRequest, call: Call) -> dict[str, Any]:
    recusals = Paginator(recusals_of(call), ROWS).get_page(request.GET.get("page"))
    dismissed = Paginator(dismissed_links(call), ROWS).get_page(request.GET.get("ecartes"))
    names = names_of(row.application for row in [*recusals, *dismissed])
    return {
        "recusals": recusals,
        "recusal_rows": [
            {"row": row, "name": names[row.application_id], "kind": KINDS.get(row.kind, "")} for row in recusals
        ],
        "dismissed": dismissed,
        "dismissed_rows": [
            {"row": row, "name": names[row.application_id], "found": "\u202f; ".join(FOUND[code] for code in row.found)}
            for row in dismissed
        ],
    }
