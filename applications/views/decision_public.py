"""What a commune reads of its decision once notified."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application, DecisionLine
from applications.queries.files import own_applications
from applications.queries.staff import line_in_force
from applications.rules.staff import can_read_decision
from applications.services.letters import declare_read
from applications.views.staff_letters import outcome_badge
from calls.queries import milestone_day
from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.rules import require


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
    notice = getattr(line, "notice", None)
    context = {
        "application": application,
        "call": application.call,
        "line": line,
        "decision": line.decision,
        "outcome": outcome_badge(application.call, line.outcome),
        "notice": notice,
        "read": notice.readings.filter(user=request.user).first() if notice else None,
        "kickoff_on": milestone_day(application.call, "kickoff"),
    }
    return render(request, "applications/decision.html", context)


@require_POST
def application_decision_read(request: HttpRequest, uuid: str) -> HttpResponse:
    """Somebody of the commune declares that the letter was read."""
    application, line = own_line(request, uuid)
    if not hasattr(line, "notice"):
        raise Http404
    declare_read(notice=line.notice, by=request.user, at=portal_now())
    messages.success(request, "Votre lecture est enregistrée. Le service en est informé.")
    return redirect("application_decision", uuid=application.uuid)


@require_safe
def application_decision_letter(request: HttpRequest, uuid: str) -> HttpResponse:
    """The letter, as it was sent."""
    _, line = own_line(request, uuid)
    if not hasattr(line, "notice"):
        raise Http404
    return document_response(line.notice.document, inline=True)
