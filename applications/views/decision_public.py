"""What a commune reads of its decision once notified, and the public list of laureates."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Application, DecisionLine
from applications.queries import own_applications
from applications.queries_staff import laureates, line_in_force
from applications.rankings import places_of
from applications.rules_staff import can_read_decision
from applications.views.staff_letters import OUTCOMES, applicant_of
from applications.views.staff_table import MAP_LIMIT
from calls.models import Call
from calls.queries import communes_of_perimeter, milestone_day, published_calls
from portal.core.downloads import document_response
from portal.core.middleware import public
from portal.core.rules import require
from portal.core.typography import format_date
from portal.territories.cartogram import cells


def own_line(request: HttpRequest, uuid: str) -> tuple[Application, DecisionLine]:
    """The line about an own file; refused with its reason until it is notified."""
    application = get_object_or_404(own_applications(request.user), uuid=uuid)
    request.institution = getattr(application.call.owner, "profile", None)
    line = line_in_force(application, notified=True)
    require(can_read_decision(line.decision if line else None))
    if line is None:
        raise Http404
    return application, line


@require_safe
def application_decision(request: HttpRequest, uuid: str) -> HttpResponse:
    """The outcome, its reason, the letter."""
    application, line = own_line(request, uuid)
    context = {
        "application": application,
        "call": application.call,
        "line": line,
        "decision": line.decision,
        "outcome": OUTCOMES[line.outcome],
        "notice": getattr(line, "notice", None),
        "kickoff_on": milestone_day(application.call, "kickoff"),
    }
    return render(request, "applications/decision.html", context)


@require_safe
def application_decision_letter(request: HttpRequest, uuid: str) -> HttpResponse:
    """The letter, as it was sent."""
    _, line = own_line(request, uuid)
    return document_response(line.notice.document, inline=True)


def by_ranking(call: Call, lines: list[DecisionLine]) -> list[dict[str, Any]]:
    """The laureates of each ranking that has some, in the order of the call."""
    found = [(place.label, [line for line in lines if line.ranking == code]) for code, place in places_of(call).items()]
    return [
        {"label": label, "rows": [{"line": line, "name": applicant_of(line)} for line in apart]}
        for label, apart in found
        if apart
    ]


@public
@require_safe
def call_laureates(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was selected, once all were told."""
    call = get_object_or_404(published_calls(), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    lines = list(laureates(call, notified=True))
    chosen = {line.application.lead.commune_id for line in lines}
    communes = communes_of_perimeter(call).values_list("insee", "name")[: MAP_LIMIT + 1]
    decision_on = milestone_day(call, "decision")
    context = {
        "call": call,
        "text": f"La décision est attendue le {format_date(decision_on)}." if decision_on else "",
        "summary": f"{', '.join(applicant_of(line) for line in lines)}.",
        "rows": lines,
        "groups": by_ranking(call, lines),
        "cells": cells((insee, name, "laureate" if insee in chosen else "quiet") for insee, name in communes),
    }
    return render(request, "applications/laureates.html", context)
