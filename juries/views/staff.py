"""The manager: compose the jury, invite its members, plan and convene the session. Never a score, never a vote."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.rankings import has_grid, has_points
from calls.models import Call
from calls.queries import calls_staffed_by, milestone_day, roles_over
from portal.accounts.models import Invitation
from portal.accounts.queries import organisation_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.typography import format_quantity

from .. import states
from ..forms import DrawForm, InviteForm, SessionForm
from ..models import Assessment, Seat, SeatDraw, SeatHolder
from ..queries import awaited_by_seat, files_of, preparing, seats_of
from ..rules import HELPING, can_manage_jury
from ..services.seats import GRANT, SUBSTITUTE, compose_jury, draw_commune, end_holding, invite_holder
from ..services.sessions import convene, create_session
from .common import posted, wear


def staffed_call(request: HttpRequest, slug: str, at: datetime, *, manages: bool = True) -> Call:
    """A call whose jury one looks after: 404 elsewhere (or without jury), 403 for an act that is the manager's."""
    calls = calls_staffed_by(request.user, at, *HELPING, whole=True).select_related("grid")
    call = get_object_or_404(calls, slug=slug, jury_rules__isnull=False)
    wear(request, call)
    if manages:
        require(can_manage_jury(roles_over(request.user, call, at)))
    return call


@require_safe
def jury(request: HttpRequest, slug: str) -> HttpResponse:
    """Seats, who holds them, who has declared and noted, and the sessions."""
    at = portal_now()
    call = staffed_call(request, slug, at, manages=False)
    seats = list(seats_of(call, at))
    sessions = list(call.jury_sessions.order_by("held_on", "pk"))
    context = {
        "call": call,
        "seats": seat_rows(call, seats, at),
        "composed": bool(seats),
        "graded": has_grid(call),
        "templates": call.seat_templates.count(),
        "sessions": sessions,
        "planned": next((s for s in sessions if s.state in states.COMING), None),
        "manages": bool(can_manage_jury(roles_over(request.user, call, at))),
        "files": files_of(call).count(),
        "jury_on": milestone_day(call, "jury"),
        "simulates": has_points(call) and preparing(call, at) is not None,
    }
    return render(request, "juries/staff.html", context)


def seat_rows(call: Call, seats: list[Any], at: datetime) -> list[dict[str, Any]]:
    """Each seat with its holder, its substitute, a pending invitation and how far they are: counts, never a score."""
    pending = {
        row.grant_key: row
        for row in Invitation.objects.filter(
            grant=GRANT, grant_key__in=invitation_keys(seats), accepted_at=None, expires_at__gt=at
        )
    }
    done = dict(
        Assessment.objects.filter(seat__call=call, state=states.SUBMITTED)
        .values_list("seat")
        .annotate(n=Count("pk"))
        .values_list("seat", "n")
    )
    recused = dict(
        call.seats.annotate(n=Count("recusals", filter=Q(recusals__application__state="admissible"))).values_list(
            "pk", "n"
        )
    )
    draws = {
        row.seat_id: row for row in SeatDraw.objects.filter(seat__call=call).order_by("n").select_related("commune")
    }
    awaited = awaited_by_seat(call)
    return [
        {
            "seat": seat,
            "nature": nature_of(seat),
            "draw": draws.get(seat.pk),
            "holder": next((h for h in seat.in_office if not h.substitute), None),
            "substitute": next((h for h in seat.in_office if h.substitute), None),
            "pending": pending.get(str(seat.pk)),
            "noted": done.get(seat.pk, 0),
            "awaited": awaited.get(seat.pk, 0),
            "recused": recused[seat.pk],
        }
        for seat in seats
    ]


def nature_of(seat: Seat) -> str:
    """« coprésidence, voix attachée à la personne »."""
    chair = "présidence" if seat.president else "coprésidence" if seat.co_chair else ""
    voice = "voix délibérative" if seat.voting else "observation" if seat.observer else "voix consultative"
    parts = [chair or voice, seat.college, "voix attachée à la personne" if seat.personal else ""]
    return ", ".join(part for part in (*parts, "tiré au sort" if seat.drawn else "") if part)


def invitation_keys(seats: list[Any]) -> list[str]:
    return [str(seat.pk) for seat in seats] + [f"{seat.pk}:{SUBSTITUTE}" for seat in seats]


@require_POST
def compose(request: HttpRequest, slug: str) -> HttpResponse:
    call = staffed_call(request, slug, portal_now())
    seats = compose_jury(call=call)
    messages.success(request, f"Le jury compte {format_quantity(len(seats), 'siège')}. Invitez ses membres.")
    return redirect("jury_staff", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Invite someone to a seat."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    seat = get_object_or_404(call.seats, pk=pk)
    draw = seat.draws.first()
    form = InviteForm(posted(request), call=call, initial={"commune": draw.commune_id if draw else None})
    if seat.personal:
        del form.fields["substitute"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        body = organisation_of(data["commune"], create=True) if data["commune"] else None
        fields = {name: data[name] for name in ("email", "full_name", "role_title", "substitute") if name in data}
        try:
            invite_holder(seat=seat, by=request.user, at=at, organisation=body, **fields)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Invitation envoyée à {data['email']}.")
            return redirect("jury_staff", slug=slug)
    return render(request, "juries/invite.html", {"call": call, "seat": seat, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Draw the commune that a seat represents; every draw stays on the page, with what lets anyone do it again."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    seat = get_object_or_404(call.seats, pk=pk, drawn=True)
    form = DrawForm(posted(request), again=seat.draws.exists())
    if request.method == "POST" and form.is_valid():
        try:
            found = draw_commune(seat=seat, by=request.user, at=at, reason=form.cleaned_data.get("reason", ""))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Commune tirée au sort\u00a0: {found.commune}.")
            return redirect("jury_draw", slug=slug, pk=pk)
    draws = seat.draws.select_related("commune", "by")
    return render(request, "juries/draw.html", {"call": call, "seat": seat, "form": form, "draws": draws})


@require_POST
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End someone's time on a seat."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    holder = get_object_or_404(SeatHolder, seat__call=call, pk=pk)
    end_holding(holder=holder, at=at)
    messages.success(request, f"Mandat terminé\u00a0: {holder.seat.label}. Le siège est libre.")
    return redirect("jury_staff", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan the session; its agenda is made of the admissible files."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    form = SessionForm(posted(request), initial={"held_on": milestone_day(call, "jury")})
    if request.method == "POST" and form.is_valid():
        try:
            session = create_session(call=call, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            count = format_quantity(session.items.count(), "candidature")
            messages.success(request, f"Séance prévue, {count} à l’ordre du jour. Convoquez maintenant les membres.")
            return redirect("jury_staff", slug=slug)
    return render(request, "juries/session_new.html", {"call": call, "form": form, "files": files_of(call).count()})


@require_POST
def convene_members(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    at = portal_now()
    call = staffed_call(request, slug, at)
    session = get_object_or_404(call.jury_sessions, uuid=uuid)
    sent = convene(session=session, at=at)
    said = f"{format_quantity(sent, 'convocation envoyée', 'convocations envoyées')}."
    messages.success(request, said if sent else "Tous les membres en fonction étaient déjà convoqués.")
    return redirect("jury_staff", slug=slug)
