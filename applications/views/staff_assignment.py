"""Staff: who examines what, the workload of each, sharing out what nobody examines."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from calls.queries import held_in
from portal.core.clock import portal_now
from portal.core.rules import Refused, no, require
from portal.core.typography import format_quantity

from ..forms.assignment import AssignmentForm
from ..queries.assignment import unassigned, workload
from ..rules.staff import can_decide, can_examine
from ..services.assignment import assign, share_out
from .staff import staffed_call
from .staff_file import roles_on, staff_file

PAGE = 50
HOWS = ("evenly", "territory")


@require_http_methods(["GET", "HEAD", "POST"])
def staff_workload(request: HttpRequest, slug: str) -> HttpResponse:
    """What each has in hand, what nobody examines; POST shares it out."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    roles = held_in(request.user, call, at).over()
    require(can_examine(roles))
    given, refusal = [], ""
    if request.method == "POST":
        require(can_decide(roles) or no("Seule la gestion de l’appel répartit les candidatures."))
        how = request.POST.get("comment", "")
        try:
            given = share_out(call=call, how=how if how in HOWS else "evenly", by=request.user, at=at)
        except Refused as refused:
            refusal = str(refused)
        else:
            count = format_quantity(len(given), "candidature répartie", "candidatures réparties")
            messages.success(request, f"{count}.")
    page = Paginator(unassigned(call), PAGE).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "rows": workload(call, at),
        "page": page,
        "given": given,
        "refusal": refusal,
        "shares": can_decide(roles),
    }
    return render(request, "applications/staff/workload.html", context)


@require_POST
def staff_assign(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give a file to an officer, or take it up oneself."""
    at, file = portal_now(), staff_file(request, uuid)
    require(can_examine(roles_on(request, file, at)))
    form = AssignmentForm(workload(file.call, at), request.POST)
    if not form.is_valid():
        raise Refused("Choisissez une personne de la liste.")
    if assign(application=file, officer=form.chosen, by=request.user, at=at):
        who = f"instruite par {form.chosen}" if form.chosen else "sans personne chargée de l’instruire"
        messages.success(request, f"Candidature {file.number} {who}.")
    return redirect("staff_application", uuid=file.uuid)
