"""The meeting: its screen, the vote of each member from their own device, attendance, the president's acts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from .. import states
from ..forms import AttendanceForm, OpinionForm, PronounceForm, ReasonForm, SettleTieForm, VoteForm
from ..forms.meeting import TIE_CHOICES
from ..models import AgendaItem, JurySession, Proxy, SeatHolder, Vote
from ..queries import (
    attendance_of,
    borne_by,
    holders_by_seat,
    items_of,
    recused_files,
    sessions_visible_to,
    undeclared_in,
    vote_facts,
)
from ..rules import can_help, can_vote
from ..services.attendance import record_attendance
from ..services.ballots import cast_proxy, cast_vote, close_ballot, open_ballot, record_reason, settle_without_vote
from ..services.interests import pronounce_recusal
from ..services.sessions import open_session, resume_session, suspend_session
from ..services.ties import offered_steps, open_second_ballot, settle_tie
from .board import Viewer, board, is_settled, state_key, viewer_of
from .common import item_act, names_of, posted, wear

CHAIR_ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "ouvrir": (open_ballot, "Le scrutin est ouvert\u00a0: chaque membre vote depuis son appareil."),
    "clore": (close_ballot, "Le scrutin est clos. Écrivez le motif."),
    "second-scrutin": (open_second_ballot, "Le second scrutin est ouvert\u00a0: chaque membre vote de nouveau."),
    "sans-vote": (settle_without_vote, "L’absence de vote est constatée."),
}

PRONOUNCED = (
    "Le membre ne prend plus part à ce dossier : ni lecture, ni note, ni vote. Ses notes et son bulletin éventuels ne "
    "comptent plus."
)
PAUSES: dict[str, tuple[Callable[..., None], str]] = {
    "suspendre": (suspend_session, "La séance est suspendue."),
    "reprendre": (resume_session, "La séance reprend."),
}


def find_session(request: HttpRequest, uuid: str, at: datetime) -> tuple[JurySession, Viewer]:
    """The session of the address and who looks at it; 404 for whoever neither sits nor manages."""
    session = get_object_or_404(sessions_visible_to(request.user, at), uuid=uuid)
    wear(request, session.call)
    return session, viewer_of(request.user, session, at)


def find_item(session: JurySession, uuid: str) -> AgendaItem:
    item = get_object_or_404(items_of(session), uuid=uuid)
    item.session = session
    return item


def back_to(item: AgendaItem) -> str:
    return f"{reverse('jury_session', args=[item.session.uuid])}?dossier={item.uuid}"


@require_safe
def session(request: HttpRequest, uuid: str) -> HttpResponse:
    """Attendance, quorum, files in order, vote, result: one screen."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    if viewer.holder and undeclared_in(found, viewer.holder).exists():
        messages.info(request, "Déclarez d’abord vos liens avec les communes candidates.")
        return redirect("jury_declare", slug=found.call.slug)
    return show(request, found, viewer, at, wanted=request.GET.get("dossier", ""))


def show(
    request: HttpRequest,
    found: JurySession,
    viewer: Viewer,
    at: datetime,
    *,
    wanted: str = "",
    form: ReasonForm | None = None,
    tie_form: SettleTieForm | None = None,
    opinion_form: OpinionForm | None = None,
) -> HttpResponse:
    """The screen on one file, with what was typed when it was refused."""
    context = board(found, viewer, at, wanted)
    item, running = context["item"], found.state == states.OPEN
    if item and context["sees"] and viewer.helps and is_settled(item) and running:
        context["reason_form"] = form or ReasonForm(item=item)
    written = [step for step in context.get("tie_steps", ()) if step in TIE_CHOICES]
    if written and running and (context["presiding"] or viewer.writes):
        context["tie_form"] = tie_form or SettleTieForm(steps=written)
    if running and context.get("gives_opinion") and (context["presiding"] or viewer.writes):
        context["opinion_form"] = opinion_form or OpinionForm()
    return render(request, "juries/session.html", context)


@require_safe
def session_state(request: HttpRequest, uuid: str) -> JsonResponse:
    """Whether someone must look again; the number of ballots, never their content."""
    found, viewer = find_session(request, uuid, portal_now())
    return JsonResponse({"state": state_key(found, list(found.items.order_by("position")), viewer)})


@require_POST
@step_up_required
def open_meeting(request: HttpRequest, uuid: str) -> HttpResponse:
    at = portal_now()
    found, _ = find_session(request, uuid, at)
    open_session(session=found, by=request.user, at=at)
    messages.success(request, "La séance est ouverte. Les notes ne changent plus.")
    return redirect("jury_session", uuid=found.uuid)


@require_POST
@step_up_required
def pause(request: HttpRequest, uuid: str, act: str) -> HttpResponse:
    """Suspend the meeting, or go on."""
    at = portal_now()
    found, _ = find_session(request, uuid, at)
    run, said = PAUSES[act]
    run(session=found, by=request.user, at=at)
    messages.success(request, said)
    return redirect("jury_session", uuid=found.uuid)


@require_POST
@step_up_required
def chair_act(request: HttpRequest, uuid: str, item_uuid: str, act: str) -> HttpResponse:
    """Open a ballot, close it, or note that there is none."""
    found, _ = find_session(request, uuid, portal_now())
    item = find_item(found, item_uuid)
    run, said = CHAIR_ACTS[act]
    run(item=item, by=request.user)
    messages.success(request, said)
    return redirect(back_to(item))


@require_POST
def reason(request: HttpRequest, uuid: str, item_uuid: str) -> HttpResponse:
    """Keep the reason, then go to the next file."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    item = find_item(found, item_uuid)
    require_helper(viewer, item)
    form = ReasonForm(request.POST, item=item)
    if not form.is_valid():
        return show(request, found, viewer, at, wanted=str(item.uuid), form=form)
    record_reason(item=item, reason=form.cleaned_data["reason"], codes=form.cleaned_data.get("codes", ()))
    messages.success(request, "Motif enregistré.")
    following = items_of(found).filter(state=states.WAITING).first()
    return redirect(back_to(following or item))


@require_POST
def tie(request: HttpRequest, uuid: str, item_uuid: str) -> HttpResponse:
    """Write down what settles an even vote: a joint decision, or a deferral."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    item = find_item(found, item_uuid)
    require_helper(viewer, item)
    form = SettleTieForm(request.POST, steps=offered_steps(item))
    if not form.is_valid():
        return show(request, found, viewer, at, wanted=str(item.uuid), tie_form=form)
    step, favourable = form.settled
    settle_tie(item=item, by=request.user, step=step, favourable=favourable, reason=form.cleaned_data["reason"])
    messages.success(request, "Le partage est réglé, son motif est consigné.")
    return redirect(back_to(item))


def require_helper(viewer: Viewer, item: AgendaItem | None = None) -> None:
    """Who holds the pen; never on a file from which they are recused."""
    require(can_help(frozenset(), chairs=viewer.helps))
    if item is not None and not viewer.sees(item):
        raise Refused("Vous êtes déporté de ce dossier\u00a0: vous n’en écrivez pas le motif.")


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, uuid: str) -> HttpResponse:
    """Who sits: arrivals, departures, substitutes; and recusals pronounced."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    require_helper(viewer)
    seats = holders_by_seat(found.call, at)
    form = AttendanceForm(posted(request), rows=attendance_of(found), seats=seats)
    if request.method == "POST" and ("tous" in request.POST or form.is_valid()):
        for seat, presence in form.everyone if "tous" in request.POST else form.changes:
            record_attendance(session=found, seat=seat, presence=presence, at=at, by=request.user)
        messages.success(request, "Présences enregistrées.")
        return redirect("jury_session", uuid=found.uuid)
    context = {"session": found, "call": found.call, "form": form, "viewer": viewer}
    return render(request, "juries/attendance.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pronounce(request: HttpRequest, uuid: str, item_uuid: str) -> HttpResponse:
    """The president or the manager notes that a member stands aside for one file."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    item = find_item(found, item_uuid)
    require_helper(viewer, item)
    form = PronounceForm(posted(request), seats=found.call.seats.exclude(recusals__application=item.application))
    if request.method == "POST" and form.is_valid():
        seat, why = form.cleaned_data["seat"], form.cleaned_data["reason"]
        pronounce_recusal(seat=seat, application=item.application, reason=why, by=request.user, at=at)
        messages.success(request, f"Déport prononcé\u00a0: {seat.label}.")
        return redirect(back_to(item))
    return item_act(request, item, form, title="Prononcer un déport", lead=PRONOUNCED, verb="Prononcer le déport")


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def vote(request: HttpRequest, uuid: str) -> HttpResponse:
    """The open ballot, on one's own device. What one chose is never shown again."""
    found, viewer = find_session(request, uuid, portal_now())
    if viewer.holder is None:
        raise Refused("Seuls les membres du jury votent.")
    item = shown_item(request, found, viewer.holder)
    form = VoteForm(posted(request))
    if item and request.method == "POST" and form.is_valid():
        put_in_the_box(item, viewer.holder, request.POST.get("pouvoir", ""), form.cleaned_data["choice"])
        messages.success(request, "Votre bulletin est dans l’urne.")
        return redirect("jury_vote", uuid=found.uuid)
    return render(request, "juries/vote.html", {"form": form, **vote_context(found, viewer, item)})


def put_in_the_box(item: AgendaItem, holder: SeatHolder, given: str, choice: str) -> None:
    """One's own ballot, or that of a seat whose proxy one bears (`given`: its number)."""
    if not given:
        cast_vote(item=item, holder=holder, choice=choice)
        return
    proxy = next((row for row in borne_by(holder, item) if str(row.pk) == given), None)
    if proxy is None:
        raise Refused("Ce pouvoir est sans effet sur ce dossier, ou son bulletin est déjà dans l’urne.")
    cast_proxy(item=item, proxy=proxy, voter=holder.user, choice=choice)


def shown_item(request: HttpRequest, found: JurySession, holder: SeatHolder) -> AgendaItem | None:
    """The file that the person had before their eyes: a ballot never slips to the next one. Else the open ballot; of
    several, the first that still waits for theirs."""
    items, shown = list(items_of(found)), request.POST.get("dossier", "")
    done = set(Vote.objects.filter(item__session=found, seat=holder.seat_id).values_list("item_id", flat=True))
    recused = recused_files(holder, found)
    open_ones = [] if shown else [row for row in items if row.state == states.VOTING]
    mine = [row for row in open_ones if row.pk not in done and row.application_id not in recused]
    for item in [*(row for row in items if str(row.uuid) == shown), *mine, *open_ones]:
        item.session = found
        return item
    return None


def vote_context(found: JurySession, viewer: Viewer, item: AgendaItem | None) -> dict[str, Any]:
    context: dict[str, Any] = {"session": found, "call": found.call, "item": item}
    context["state"] = state_key(found, list(found.items.order_by("position")), viewer)
    if item is None or viewer.holder is None:
        return context
    row = found.attendances.filter(seat=viewer.holder.seat_id).first()
    return context | {
        "name": names_of([item.application])[item.application_id],
        "answer": can_vote(vote_facts(row, item, viewer.holder, portal_now())),
        "voted": item.votes.filter(seat=viewer.holder.seat_id).exists(),
        "borne": [(proxy, VoteForm(auto_id=f"id_{proxy.pk}_%s")) for proxy in proxies_to_use(item, viewer.holder)],
    }


def proxies_to_use(item: AgendaItem, holder: SeatHolder) -> list[Proxy]:
    return borne_by(holder, item) if item.state == states.VOTING else []
