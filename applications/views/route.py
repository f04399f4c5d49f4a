"""The way of a draft through the call: its track, its wave, its two stages."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from calls.models import Track
from calls.queries_applicants import window_for
from portal.core.clock import portal_now
from portal.core.rules import YES, Refused, require
from portal.core.typography import format_instant

from .. import states
from ..models import Application
from ..queries.files import facts_about
from ..rules.files import can_change_track, can_join_next_wave, next_wave
from ..services.route import change_track, join_next_wave
from .shared import file_context, own_application, wave_words


def route_context(request: HttpRequest, application: Application, at: datetime) -> dict[str, Any]:
    """What the page of a file says of its track, of its wave and of its stages."""
    following = Application.objects.filter(previous=application).first()
    answer = application.transitions.filter(transition=states.DISMISS.name).last()
    waves = application.call.windows.filter(stage=application.stage, track=application.window.track).count()
    return {
        "can_change_track": can_change_track(request.user, application),
        "next_wave": next_wave(application, at) if can_join_next_wave(request.user, application, at) else None,
        "wave": wave_words(application.window) if waves > 1 or application.window.label else "",
        "following": following,
        "not_kept": answer if application.state == states.NOT_KEPT else None,
    }


def application_track(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Another track, while the file is a draft: the answers stay, what is asked may change."""
    application, now = own_application(request, uuid), portal_now()
    require(can_change_track(request.user, application))
    refusal = ""
    if request.method == "POST":
        track = application.call.tracks.filter(code=request.POST.get("volet", "")).first()
        try:
            if track is None:
                raise Refused("Choisissez un volet de l’appel.")
            change_track(application=application, track=track, by=request.user, at=now)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"Volet choisi : {track.label}. Vos réponses sont conservées.")
            return redirect("application", application.uuid)
    tracks = open_tracks(application, now)
    context = {**file_context(request, application, now), "tracks": tracks, "refusal": refusal}
    return render(request, "applications/track.html", context)


def open_tracks(application: Application, at: datetime) -> list[dict[str, Any]]:
    """The tracks whose window is open or to come for this applicant; its own is marked."""
    choices = []
    for track in application.call.tracks.all():
        window = window_on(application, track, at)
        if window and window.closes_at >= at:
            current = track.pk == application.track_id
            choices.append({"track": track, "window": window, "current": current, "answer": YES})
    return choices


def window_on(application: Application, track: Track, at: datetime) -> Any:
    facts = facts_about(application.lead, call=application.call, track=track)
    return window_for(application.call, at, facts, stage=application.stage, track=track)


@require_POST
def application_wave(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Carry over to the next wave a draft that missed its own."""
    application, now = own_application(request, uuid), portal_now()
    require(can_join_next_wave(request.user, application, now))
    join_next_wave(application=application, by=request.user, at=now)
    limit = format_instant(application.window.closes_at)
    messages.success(request, f"Votre brouillon rejoint la vague suivante. Limite : {limit} (heure de Paris).")
    return redirect("application", application.uuid)
