"""The team of a call."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from portal.core.clock import portal_now
from portal.core.rules import require

from .. import rules
from ..forms import TeamForm
from ..queries import active_roles
from ..services.team import ask_role, end_role
from .staff import staffed_call


def call_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Who does what in this call; a manager invites, a second person confirms."""
    call, now = staffed_call(request, slug), portal_now()
    may_manage = rules.can_manage(request.user, call, now)
    form = TeamForm(request.POST or None, call=call, asked_by=request.user)
    if request.method == "POST":
        require(may_manage)
        if form.is_valid():
            ask_role(call=call, asked_by=request.user, at=now, **form.cleaned_data)
            messages.success(request, "La demande est partie : l’invitation suivra dès sa confirmation.")
            return redirect("call_team", slug)
    team = call.roles.filter(active_roles(now)).select_related("user").order_by("role", "user__email")[:100]
    context = {"call": call, "team": team, "form": form, "may_manage": may_manage}
    return render(request, "calls/staff/team.html", context)


@require_POST
def call_team_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Someone leaves the team."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules.can_manage(request.user, call, now))
    role = get_object_or_404(call.roles.filter(active_roles(now)), pk=pk)
    end_role(role=role, by=request.user, at=now)
    messages.success(request, "Ce rôle a pris fin.")
    return redirect("call_team", slug)
