"""The club of laureates."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.accounts.models import Organisation
from portal.core.clock import portal_now

from .forms import ClubEventForm
from .queries import can_convene, clubs_of, events_to_come, laureates_of


@require_safe
def club_list(request: HttpRequest) -> HttpResponse:
    """My clubs; the only one opens at once."""
    clubs = list(clubs_of(request.user, portal_now())[:20])
    if len(clubs) == 1:
        return redirect("club", clubs[0].uuid)
    return render(request, "support/clubs.html", {"clubs": clubs})


def club_for(request: HttpRequest, uuid: str) -> Organisation:
    owner = get_object_or_404(clubs_of(request.user, portal_now()), uuid=uuid)
    request.institution = owner.profile
    return owner


@require_safe
def club(request: HttpRequest, uuid: str) -> HttpResponse:
    """The laureates of an organiser and the meetings to come."""
    owner, now = club_for(request, uuid), portal_now()
    context = {
        "owner": owner,
        "page": Paginator(laureates_of(owner, request.user, now), 25).get_page(request.GET.get("page")),
        "events": events_to_come(owner, now)[:12],
        "may_convene": can_convene(request.user, owner, now),
    }
    return render(request, "support/club.html", context)


def club_event_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Propose a meeting."""
    owner, now = club_for(request, uuid), portal_now()
    if not can_convene(request.user, owner, now):
        raise Http404
    form = ClubEventForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        form.instance.owner, form.instance.created_by = owner, request.user
        form.save()
        messages.success(request, "La rencontre est annoncée aux lauréates.")
        return redirect("club", uuid)
    return render(request, "support/club_event_form.html", {"form": form, "owner": owner})
