"""The table of schemes of an institution: found by theme and territory, kept by its staff."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.accounts.models import Organisation
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import require

from .forms_schemes import SchemeForm, SchemeSearch
from .models import FundingScheme
from .queries_plans import national, national_schemes, own_schemes
from .references import NATIONAL
from .rules import can_keep_schemes, reads_schemes


def scheme_owner(request: HttpRequest, uuid: str) -> Organisation:
    owner = get_object_or_404(Organisation.objects.select_related("profile"), uuid=uuid)
    if not reads_schemes(request.user, owner, portal_now()):
        raise Http404
    request.institution = getattr(owner, "profile", None)
    return owner


@require_safe
def schemes(request: HttpRequest, uuid: str) -> HttpResponse:
    """The schemes that hold today, or on the day asked."""
    owner, now = scheme_owner(request, uuid), portal_now()
    search = SchemeSearch(request.GET)
    on = search.day(day_of(now))
    found = search.kept(own_schemes(owner, on))
    context = {
        "owner": owner,
        "search": search,
        "page": Paginator(found, 25).get_page(request.GET.get("page")),
        "nationals": [] if search.said("theme") else national_schemes(owner, on),
        "keeps": can_keep_schemes(request.user, owner, now),
    }
    return render(request, "support/money/schemes.html", context)


def scheme_edit(request: HttpRequest, uuid: str, pk: int | None = None, code: str = "") -> HttpResponse:
    """Write a scheme; `code`: take up a national reference as the institution's own."""
    owner = scheme_owner(request, uuid)
    require(can_keep_schemes(request.user, owner, portal_now()))
    row = get_object_or_404(owner.funding_schemes, pk=pk) if pk else taken_up(code)
    row.owner, row.recorded_by = owner, request.user
    form = SchemeForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Le dispositif est à jour : les plans en cours suivent ces règles.")
        return redirect("schemes", uuid)
    context = {"form": form, "owner": owner, "taken_up": code, "back": reverse("schemes", args=[uuid])}
    return render(request, "support/money/scheme_form.html", context)


def taken_up(code: str) -> FundingScheme:
    """A new row, filled from the national reference of this code when one is asked."""
    if not code:
        return FundingScheme()
    known = next((one for one in NATIONAL if one["code"] == code), None)
    if known is None:
        raise Http404
    return national(known)
