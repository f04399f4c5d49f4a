"""The organisations, other than communes, on the invitation list of a call."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.typography import format_quantity

from ..definition.dump import dump
from ..definition.editing import BadEdit
from ..editor import screens
from ..forms_guests import GuestForm
from ..models import Call
from ..queries_guests import guest_states, guests_of, invited_codes
from ..rules import can_edit, can_list_guests, can_write_to_guests
from ..services import guests
from .staff import staffed_call

PAGE = 30


def call_guests(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is invited, what became of it; in preparation, the form that adds one."""
    call, now = staffed_call(request, slug), portal_now()
    require(can_list_guests(request.user, call, now))
    may_add = can_edit(request.user, call, now)
    form = GuestForm(request.POST or None)
    if request.method == "POST":
        require(may_add)
        if form.is_valid() and added(request, call, form):
            return redirect("call_guests", slug)
    page = Paginator(guests_of(call), PAGE).get_page(request.GET.get("page"))
    states = guest_states(call, page, now)
    context = {
        "call": call,
        "form": form,
        "may_add": may_add,
        "may_write": can_write_to_guests(request.user, call, now),
        "page": page,
        "rows": [(organisation, states.get(organisation.pk, "")) for organisation in page],
        "communes": sum(len(code) == 5 for code in invited_codes(call)),
    }
    return render(request, "calls/staff/guests.html", context)


def added(request: HttpRequest, call: Call, form: GuestForm) -> bool:
    """Whether the organisation is on the list; else the form says why not."""
    try:
        made = guests.add_guest(call=call, by=request.user, at=portal_now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except BadEdit as error:
        form.add_error(None, screens.told(error, dump(call)))
    else:
        messages.success(request, f"« {made.name} » est sur la liste. Rien ne lui est écrit avant la publication.")
        return True
    return False


@require_POST
def call_guests_write(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to all those of the list, or again to one whose link was lost."""
    call, now = staffed_call(request, slug), portal_now()
    require(can_write_to_guests(request.user, call, now))
    if request.POST.get("organisme"):
        one = get_object_or_404(guests_of(call).exclude(official_email=""), uuid=request.POST["organisme"])
        guests.write_again(call=call, organisation=one, by=request.user, at=now)
        messages.success(request, f"Un nouveau lien part vers « {one.name} ».")
        return redirect("call_guests", slug)
    written = guests.write_to_guests(call=call, by=request.user, at=now)
    gone = format_quantity(written, "courriel part", "courriels partent")
    messages.success(request, f"{gone} aux organismes invités." if written else "Tous ont déjà leur invitation.")
    return redirect("call_guests", slug)
