"""Around the meeting: its agenda and slots, its place in one's calendar, proxies, hearings and what is said there."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.queries.files import files_of_organisations
from applications.rules.completion import writes_for_file
from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.downloads import text_response
from portal.core.rules import Refused, require
from portal.core.typography import format_quantity

from .. import states
from ..exports import hearing_calendar, session_calendar
from ..forms import AgendaForm, DiscussionForm, HearingReplyForm, ProxyForm, ScheduleForm, SlotsForm
from ..models import Hearing, Proxy
from ..queries import attendance_of, ceiling_of, effects, hearing_for, hearings_of, items_of, proxies_of
from ..rules import can_answer_hearing, can_chair, session_is_open
from ..services.agenda import (
    answer_hearing,
    arrange,
    invite_to_hearings,
    proposed_hours,
    time_hearing,
    write_discussion,
)
from ..services.consultation import schedule_ballots
from ..services.proxies import give_proxy, withdraw_proxy
from .common import item_act, names_of, posted, wear
from .room import back_to, find_item, find_session, require_helper

CALENDAR = "text/calendar"


@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, uuid: str) -> HttpResponse:
    """The order of the files and the slots of the hearings; proposed, corrected, then told to the communes."""
    found, viewer = find_session(request, uuid, portal_now())
    require_helper(viewer)
    if found.state not in states.COMING:
        raise Refused("La séance a eu lieu\u00a0: son ordre du jour ne change plus.")
    items, hearings = list(items_of(found).filter(round=1)), hearings_of(found)
    names = names_of(item.application for item in items)
    proposing = request.method == "POST" and "proposer" in request.POST
    slots = SlotsForm(request.POST if proposing else None)
    hours = None
    if proposing and slots.is_valid():
        hours = proposed_hours(found, items, slots.cleaned_data["first"], slots.cleaned_data["pause"])
    form = AgendaForm(None if proposing else posted(request), items=items, names=names, hearings=hearings, hours=hours)
    if request.method == "POST" and not proposing and form.is_valid():
        arrange(session=found, order=form.order, hours=form.hours)
        messages.success(request, "Ordre du jour enregistré.")
        return redirect("jury_agenda", uuid=found.uuid)
    to_invite = sum(row.invited_at is None for row in hearings.values())
    context = {"session": found, "call": found.call, "form": form, "slots": slots, "proposed": hours is not None}
    return render(request, "juries/agenda.html", context | {"to_invite": to_invite})


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def schedule(request: HttpRequest, uuid: str) -> HttpResponse:
    """When the ballots of a written consultation open and close by themselves."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    require(can_chair(chairs=viewer.presides))
    require(session_is_open(found.state))
    if not found.by_writing:
        raise Refused("Cette séance se tient\u00a0: la présidence ouvre et clôt chaque scrutin.")
    form = ScheduleForm(posted(request), initial={"opens_at": at, "closes_at": at + timedelta(days=7)})
    if request.method == "POST" and form.is_valid():
        try:
            count = schedule_ballots(session=found, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{format_quantity(count, 'scrutin programmé', 'scrutins programmés')}.")
            return redirect("jury_session", uuid=found.uuid)
    return render(request, "juries/schedule.html", {"session": found, "call": found.call, "form": form})


@require_POST
def invite_communes(request: HttpRequest, uuid: str) -> HttpResponse:
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    require_helper(viewer)
    count = invite_to_hearings(session=found, at=at)
    told = format_quantity(count, "commune invitée", "communes invitées")
    messages.success(request, f"{told}." if count else "Toutes les communes connaissent déjà leur créneau.")
    return redirect("jury_agenda", uuid=found.uuid)


@require_safe
def calendar(request: HttpRequest, uuid: str) -> HttpResponse:
    """The meeting, for the calendar of whoever attends it."""
    at = portal_now()
    found, _ = find_session(request, uuid, at)
    url = request.build_absolute_uri(reverse("jury_session", args=[found.uuid]))
    return text_response(session_calendar(found, url, at), name=f"jury-{found.held_on}.ics", content_type=CALENDAR)


# --- proxies -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def proxies(request: HttpRequest, uuid: str) -> HttpResponse:
    """The proxies given, what they are worth now, and a new one."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    require_helper(viewer)
    form = ProxyForm(posted(request), seats=found.call.seats.filter(voting=True))
    if request.method == "POST" and form.is_valid():
        try:
            give_proxy(session=found, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Pouvoir enregistré.")
            return redirect("jury_proxies", uuid=found.uuid)
    rows = effects(proxies_of(found), attendance_of(found))
    context = {"session": found, "call": found.call, "form": form, "rows": rows, "ceiling": ceiling_of(found.call)}
    return render(request, "juries/proxies.html", context | {"changes": found.state in states.COMING})


@require_POST
def proxy_withdraw(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    require_helper(viewer)
    withdraw_proxy(proxy=get_object_or_404(Proxy, session=found, pk=pk), by=request.user, at=at)
    messages.success(request, "Pouvoir retiré.")
    return redirect("jury_proxies", uuid=found.uuid)


# --- the hearing of one file ---------------------------------------------------------------------------------------


@require_POST
def hearing_act(request: HttpRequest, uuid: str, item_uuid: str, act: str) -> HttpResponse:
    """Start the hearing, or end it: its time is counted on every screen."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    item = find_item(found, item_uuid)
    require_helper(viewer, item)
    time_hearing(item=item, at=at, start=act == "commencer")
    messages.success(request, "L’audition commence." if act == "commencer" else "L’audition est terminée.")
    return redirect(back_to(item))


@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, uuid: str, item_uuid: str) -> HttpResponse:
    """What is said of a file, for the minutes."""
    found, viewer = find_session(request, uuid, portal_now())
    item = find_item(found, item_uuid)
    require_helper(viewer, item)
    if found.state not in states.MEETING:
        raise Refused("La note de débat s’écrit en séance.")
    form = DiscussionForm(posted(request), initial={"text": item.discussion})
    if request.method == "POST" and form.is_valid():
        write_discussion(item=item, text=form.cleaned_data["text"])
        messages.success(request, "Note de débat enregistrée.")
        return redirect(back_to(item))
    lead = "Écrivez pendant l’audition et le débat ; le procès-verbal reprend ce texte tel quel."
    return item_act(request, item, form, title="Note de débat", lead=lead, verb="Enregistrer la note")


@require_http_methods(["GET", "HEAD", "POST"])
def commune_hearing(request: HttpRequest, uuid: str) -> HttpResponse:
    """The commune reads when and where it is heard, and answers."""
    at = portal_now()
    hearing = hearing_of_commune(request, uuid)
    application = hearing.item.application
    open_ = hearing.item.session.state in states.COMING and hearing.started_at is None
    answers = can_answer_hearing(writes=writes_for_file(request.user, application), open_=open_)
    initial = {"comes": {"confirmed": "oui", "declined": "non"}.get(hearing.reply, ""), "message": hearing.message}
    form = HearingReplyForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        comes = form.cleaned_data["comes"] == "oui"
        answer_hearing(hearing=hearing, by=request.user, comes=comes, message=form.cleaned_data["message"], at=at)
        messages.success(request, "Votre réponse est enregistrée.")
        return redirect("jury_hearing_reply", uuid=application.uuid)
    context = {"hearing": hearing, "application": application, "call": application.call, "form": form}
    return render(request, "juries/hearing.html", context | {"answers": answers, "session": hearing.item.session})


@require_safe
def commune_calendar(request: HttpRequest, uuid: str) -> HttpResponse:
    """Its slot, for the calendar of the commune."""
    hearing = hearing_of_commune(request, uuid)
    url = request.build_absolute_uri(reverse("jury_hearing_reply", args=[hearing.item.application.uuid]))
    text = hearing_calendar(hearing, url, portal_now())
    return text_response(text, name=f"audition-{hearing.item.application.number}.ics", content_type=CALENDAR)


def hearing_of_commune(request: HttpRequest, uuid: str) -> Hearing:
    """The latest slot told to one's commune; 404 for anyone else, whoever writes under a mandate included."""
    application = get_object_or_404(files_of_organisations(request.user).select_related("call__owner"), uuid=uuid)
    hearing = get_object_or_404(hearing_for(application))
    wear(request, application.call)
    return hearing
