"""What becomes of a file beside its ballot: put off, given an opinion, voted by hands, moved in the ranking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from applications.rankings import has_points
from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from ..forms import DeferForm, DepartureForm, HandsForm, OpinionForm
from ..models import AgendaItem
from ..queries import chairs, hands_awaited
from ..rules import ballot_is_open, can_chair, can_depart, can_enter_hands, session_is_open
from ..services.ballots import enter_hands
from ..services.outcomes import defer_file, depart, follow_the_notes, give_opinion
from .board import Viewer
from .common import item_act, posted
from .room import back_to, find_item, find_session, show

SEEN = "Vous êtes déporté de ce dossier\u00a0: vous n’y prenez pas part."


def require_seen(viewer: Viewer, item: AgendaItem) -> None:
    if not viewer.sees(item):
        raise Refused(SEEN)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def defer(request: HttpRequest, uuid: str, item_uuid: str) -> HttpResponse:
    """Put a file off, with what the jury asks of the commune."""
    found, _ = find_session(request, uuid, portal_now())
    item = find_item(found, item_uuid)
    require(can_chair(chairs=chairs(request.user, found, portal_now(), item.application)))
    require(session_is_open(found.state))
    form = DeferForm(posted(request))
    if request.method == "POST" and form.is_valid():
        defer_file(item=item, by=request.user, **form.cleaned_data)
        messages.success(request, "Le dossier est ajourné\u00a0: il reviendra à une prochaine séance.")
        return redirect(back_to(item))
    lead = "Aucun vote n’a lieu aujourd’hui. Le dossier est inscrit d’office à la prochaine séance."
    return item_act(request, item, form, title="Ajourner ce dossier", lead=lead, verb="Ajourner le dossier")


@require_POST
def opinion(request: HttpRequest, uuid: str, item_uuid: str) -> HttpResponse:
    """The opinion of a committee that does not vote."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    item = find_item(found, item_uuid)
    require_seen(viewer, item)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return show(request, found, viewer, at, wanted=str(item.uuid), opinion_form=form)
    favourable = form.cleaned_data["outcome"] == "for"
    give_opinion(item=item, by=request.user, favourable=favourable, reason=form.cleaned_data["reason"])
    messages.success(request, "L’avis du comité est consigné.")
    return redirect(back_to(item))


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def hands(request: HttpRequest, uuid: str, item_uuid: str) -> HttpResponse:
    """Votes given by show of hands, written seat by seat beside those cast from a device."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    item = find_item(found, item_uuid)
    presides = chairs(request.user, found, at, item.application)
    require(can_enter_hands(frozenset(), chairs=presides or viewer.writes))
    require_seen(viewer, item)
    require(ballot_is_open(item.state))
    form = HandsForm(posted(request), rows=hands_awaited(item))
    if request.method == "POST" and form.is_valid():
        count = enter_hands(item=item, choices=form.choices, by=request.user)
        messages.success(request, f"{count}\u00a0vote{'s' if count > 1 else ''} à main levée dans l’urne.")
        return redirect(back_to(item))
    lead = "Pour les membres qui n’ont pas voté depuis leur appareil. Un vote consigné ne se reprend pas."
    return item_act(request, item, form, title="Vote à main levée", lead=lead, verb="Consigner ces votes")


@require_http_methods(["GET", "HEAD", "POST"])
def departure(request: HttpRequest, uuid: str, item_uuid: str) -> HttpResponse:
    """Another place than the notes give; or back to theirs."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    item = find_item(found, item_uuid)
    require(can_depart(writes=viewer.writes, recused=bool(viewer.recused), computed=has_points(found.call)))
    require(session_is_open(found.state))
    row = found.departures.filter(application=item.application_id).first()
    if "annuler" in request.POST:
        follow_the_notes(item=item, by=request.user, at=at)
        messages.success(request, "La candidature retrouve la place que donnent les notes.")
        return redirect("jury_ranking", uuid=found.uuid)
    form = DepartureForm(posted(request), initial=DepartureForm.starting(row))
    if request.method == "POST" and form.is_valid():
        depart(item=item, by=request.user, place=form.decided, reason=form.cleaned_data["reason"], at=at)
        messages.success(request, "L’écart au classement est consigné avec son motif.")
        return redirect("jury_ranking", uuid=found.uuid)
    lead = "Le classement est celui des notes, sauf motif écrit : le procès-verbal donne les deux places et le motif."
    back = reverse("jury_ranking", args=[found.uuid])
    words = {"title": "S’écarter du classement", "lead": lead, "verb": "Consigner l’écart", "back": back}
    return item_act(request, item, form, **words, undo="Revenir à la place calculée" if row else "")
