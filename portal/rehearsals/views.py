"""The board of a rehearsal: start it, go in as someone, move its clock, read its mails, erase it."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.models import Call
from calls.queries import calls_staffed_by
from calls.rules import can_rehearse
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.spaces import inside
from portal.core.typography import format_instant, format_quantity

from . import queries, services
from .forms import AdvanceForm, StartForm
from .models import Rehearsal


def managed_call(request: HttpRequest, slug: str) -> Call:
    """The call of the address, if this person manages it."""
    call = get_object_or_404(calls_staffed_by(request.user, portal_now(), "manager"), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    return call


def rehearsal_for(request: HttpRequest, slug: str) -> Rehearsal:
    """The rehearsal of a call that this person manages; one that the portal has outgrown can only be erased."""
    found = get_object_or_404(queries.rehearsals_of(request.user, portal_now()), call__slug=slug)
    request.institution = getattr(found.call.owner, "profile", None)
    if queries.is_outdated(found):
        raise Refused("Le portail a été mis à jour depuis le début de cette répétition. Effacez-la et recommencez.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the rehearsal stands, or the form that starts one."""
    call, now = managed_call(request, slug), portal_now()
    found = Rehearsal.objects.filter(call=call).select_related("call").first()
    if found:
        return redirect("rehearsal", slug) if request.method == "POST" else board_page(request, found)
    require(can_rehearse(request.user, call, now))
    form = StartForm(request.POST or None, call=call)
    if request.method == "POST" and form.is_valid():
        started = services.start(call=call, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, f"La répétition commence, avec {format_quantity(started.files, 'dossier fictif')}.")
        return redirect("rehearsal", slug)
    return render(request, "rehearsals/start.html", {"call": call, "form": form})


def board_page(request: HttpRequest, found: Rehearsal) -> HttpResponse:
    context = {"call": found.call, "rehearsal_row": found, "entry": queries.last_entry(request.user, found)}
    if queries.is_outdated(found):
        return render(request, "rehearsals/outdated.html", context)
    with inside(found.space):
        state = queries.board_of(found)
    return render(request, "rehearsals/board.html", {**context, "board": state, "form": AdvanceForm()})


@require_safe
def places(request: HttpRequest, slug: str) -> HttpResponse:
    """The fictitious town halls, found by name."""
    found, search = rehearsal_for(request, slug), request.GET.get("q", "").strip()
    with inside(found.space):
        page = Paginator(queries.town_halls(search), 25).get_page(request.GET.get("page"))
        rows = [(hall.name, [member.user for member in hall.memberships.all()]) for hall in page]
    context = {"call": found.call, "page": page, "rows": rows, "search": search}
    return render(request, "rehearsals/places.html", context)


@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Take someone's place; nobody's makes a visitor without account."""
    found, wanted = rehearsal_for(request, slug), request.POST.get("person", "")
    if wanted and not wanted.isdecimal():
        raise Http404
    entry = services.enter(rehearsal=found, by=request.user, acting_id=int(wanted) if wanted else None, at=portal_now())
    page = "mes-actions/" if entry.acting_id else f"appels/{slug}/"
    return redirect(f"{found.space.prefix}/{page}")


@require_POST
def advance(request: HttpRequest, slug: str) -> HttpResponse:
    """Move the clock forward, to a moment of the call or to an instant typed."""
    found, to = rehearsal_for(request, slug), moment(request.POST.get("moment", ""))
    form = AdvanceForm(request.POST)
    if to is None and not form.is_valid():
        messages.error(request, "Choisissez un jour et une heure.")
        return redirect("rehearsal", slug)
    to = to or form.instant
    try:
        written = services.advance(rehearsal=found, to=to)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("rehearsal", slug)
    said = f" {format_quantity(written, 'relance')} en chemin." if written else ""
    messages.success(request, f"La répétition est au {format_instant(to, seconds=True)}.{said}")
    return redirect("rehearsal", slug)


def moment(text: str) -> datetime | None:
    """The instant of a button of the board."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


@require_safe
def mails(request: HttpRequest, slug: str) -> HttpResponse:
    """The mails that would have left, the latest first."""
    found = rehearsal_for(request, slug)
    with inside(found.space):
        page = Paginator(queries.shown_mails(), 50).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
    return render(request, "rehearsals/mails.html", {"call": found.call, "page": page})


@require_safe
def mail(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """One mail, as it would have been received."""
    found = rehearsal_for(request, slug)
    with inside(found.space):
        shown = get_object_or_404(queries.shown_mails().select_related("attachment"), pk=uuid)
    return render(request, "rehearsals/mail.html", {"call": found.call, "mail": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what goes, then erase it in one act."""
    call = managed_call(request, slug)
    found = get_object_or_404(Rehearsal.objects.select_related("call"), call=call)
    if request.method == "POST":
        services.erase(rehearsal=found)
        messages.success(request, "La répétition est effacée : il n’en reste rien.")
        return redirect("staff_call", slug)
    return render(request, "rehearsals/erase.html", {"call": call, "rehearsal_row": found})
