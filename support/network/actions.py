"""What requests for expertise await: to be assigned, answered, rated."""

from datetime import datetime, timedelta

from django.urls import reverse

from portal.accounts.models import User
from portal.core.typography import typeset
from portal.core.ui import Action
from support.plan.queries import of_communes

from . import states
from .models import ExpertiseRequest
from .queries_expertise import given_to

LIMIT = 40
RATED_WITHIN = timedelta(days=15)


def actions_for(user: User, at: datetime) -> list[Action]:
    """As adviser, what is to assign; as body, what is to answer; as commune, what is to rate."""
    to_assign = ExpertiseRequest.objects.filter(plan__adviser=user, plan__state="active", state__in=states.TO_ASSIGN)
    to_answer = given_to(user).filter(state__in=states.WITH_BODY)
    to_rate = ExpertiseRequest.objects.filter(state=states.ANSWERED, plan__in=of_communes(user).order_by().values("pk"))
    return [
        *(row_of(row, "Confier", "Confier la demande d’expertise") for row in nearest(to_assign)),
        *(row_of(row, "Répondre", "Rendre l’expertise") for row in nearest(to_answer)),
        *(row_of(row, "Lire et noter", "Dire si l’expertise convient") for row in nearest(to_rate)),
    ]


def nearest(requests):
    return requests.select_related("plan__application__lead").order_by("due_on", "pk")[:LIMIT]


def row_of(request: ExpertiseRequest, verb: str, title: str) -> Action:
    due = request.due_on
    if request.state == states.ANSWERED and request.answered_on:
        due = request.answered_on + RATED_WITHIN
    return Action(
        title=typeset(f"{title} : {request.subject}"),
        url=reverse("expertise", args=[request.uuid]),
        verb=verb,
        due=due,
        consequence=typeset(f"{request.plan.application.lead}, {request.theme}"),
        holds_up=typeset(f"{request.plan.application.lead} l’attend."),
    )
