"""The directory of engineering bodies, and the desks of those who are asked: partners, providers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.core.clock import portal_now
from portal.core.rules import require

from .forms_expertise import BodyForm
from .queries_expertise import given_to, mine, projects_around, with_plan
from .rules import can_keep_directory
from .views import club_for


@require_safe
def directory(request: HttpRequest, uuid: str) -> HttpResponse:
    """Whom one may ask, for what and where."""
    owner, now = club_for(request, uuid), portal_now()
    keeps = can_keep_directory(request.user, owner, now)
    bodies = owner.engineering_bodies.all() if keeps else owner.engineering_bodies.filter(active=True)
    page = Paginator(bodies, 25).get_page(request.GET.get("page"))
    return render(request, "support/directory.html", {"owner": owner, "keeps": keeps, "page": page})


def body_edit(request: HttpRequest, uuid: str, pk: int | None = None) -> HttpResponse:
    """Add a body to the directory, or change what it says."""
    owner = club_for(request, uuid)
    require(can_keep_directory(request.user, owner, portal_now()))
    row = get_object_or_404(owner.engineering_bodies, pk=pk) if pk else None
    form = BodyForm(request.POST if request.method == "POST" else None, instance=row, owner=owner)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "L’annuaire est à jour.")
        return redirect("directory", uuid)
    return render(request, "support/body_form.html", {"form": form, "owner": owner, "body": row})


@require_safe
def partner_desk(request: HttpRequest) -> HttpResponse:
    """The desk of an engineering body: what it owes, by date, and the projects of its territory."""
    owed = with_plan(given_to(request.user)).order_by("answered_on", "due_on", "pk")
    context = {
        "bodies": mine(request.user).select_related("owner")[:20],
        "page": Paginator(owed, 20).get_page(request.GET.get("page")),
        "projects": Paginator(projects_around(request.user), 20).get_page(request.GET.get("projets")),
    }
    return render(request, "support/partner_desk.html", context)
