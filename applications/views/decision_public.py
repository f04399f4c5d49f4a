"""What a commune reads of its decision once notified."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Application, DecisionLine
from applications.queries import own_applications
from applications.queries_staff import line_in_force
from applications.rules_staff import can_read_decision
from applications.views.staff_letters import OUTCOMES
from calls.queries import milestone_day
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
    notice = getattr(line, "notice", None)
    if notice is None:  # told elsewhere than here: no letter left from the portal
        raise Http404
    return document_response(notice.document, inline=True)
