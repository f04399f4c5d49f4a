"""The screen that everyone in the room sees: the file, the quorum, the state of the ballot; never a score nor a vote.

Applicants may be in the room: nothing of a closed ballot is shown either.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.clock import portal_now

from .. import states
from ..models import AgendaItem, JurySession
from ..queries import hearings_of, item_quorum, items_of, last_ballots
from .board import Viewer, is_running, state_key, timer_line
from .common import names_of
from .room import find_session


@require_safe
def display(request: HttpRequest, uuid: str) -> HttpResponse:
    """For the projector."""
    at = portal_now()
    found, viewer = find_session(request, uuid, at)
    ballots = list(items_of(found))
    for row in ballots:
        row.session = found
    item = on_screen(found, ballots)
    key = state_key(found, ballots, viewer)
    context: dict[str, Any] = {"session": found, "call": found.call, "item": item, "state": key}
    if item is None or not viewer.sees(item):
        return render(request, "juries/display.html", context | {"hidden": item is not None})
    return render(request, "juries/display.html", context | shown(found, item, viewer, at))


def on_screen(session: JurySession, ballots: list[AgendaItem]) -> AgendaItem | None:
    """The open ballot, else the file being heard, else the next one; nothing before the opening nor after the end."""
    if session.state != states.OPEN:
        return None
    items = last_ballots(ballots)
    heard = {pk for pk, row in hearings_of(session).items() if is_running(row)}
    for test in (
        lambda row: row.state == states.VOTING,
        lambda row: row.pk in heard,
        lambda row: row.state == states.WAITING,
    ):
        found = next((row for row in items if test(row)), None)
        if found is not None:
            return found
    return None


def shown(session: JurySession, item: AgendaItem, viewer: Viewer, at: Any) -> dict[str, Any]:
    hearing = hearings_of(session).get(item.pk)
    items = last_ballots(items_of(session))
    return {
        "hidden": False,
        "name": names_of([item.application])[item.application_id],
        "position": next(n for n, row in enumerate(items, 1) if row.application_id == item.application_id),
        "count": len(items),
        "quorum": item_quorum(item),
        "voting": item.state == states.VOTING,
        "ballots": item.votes.count() if item.state == states.VOTING else 0,
        "timer": timer_line(hearing, at),
    }
