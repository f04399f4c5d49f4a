"""Mails about a request for expertise."""

from datetime import datetime

from django.urls import reverse

from calls.queries import sender_of
from portal.core.mailing import Action, compose
from portal.core.outbox import enqueue_email
from portal.core.spaces import absolute
from support.plan.emails import commune_people, team_people, write

from .models import ExpertiseRequest


def write_to_body(request: ExpertiseRequest, secret: str, occurrence: int, at: datetime) -> None:
    """The request and its link: accept in one click, decline with a reason, hand the answer."""
    path = reverse("expertise_answer", args=[secret])
    enqueue_email(
        compose(
            "support/expertise_asked",
            kind="support.expertise_asked",
            object_key=f"expertise:{request.uuid}",
            recipient=request.body.email,
            sender=sender_of(request.plan.application.call),
            context={
                "request": request,
                "application": request.plan.application,
                "no": absolute(f"{path}?reponse=non"),
            },
            action=Action("Accepter la demande", f"{path}?reponse=oui"),
            period=str(occurrence),
        ),
        at=at,
    )


def tell_plan(
    request: ExpertiseRequest, sentence: str, occurrence: object, at: datetime, *, team: bool = False
) -> None:
    """What happened to a request, to the communes and to the adviser; `team`: to the adviser only."""
    plan = request.plan
    people = team_people(plan) if team else commune_people(plan) | team_people(plan)
    write(
        plan, "expertise_news", to=people, fact=f"expertise-news:{occurrence}", at=at, label="Lire la demande",
        path=reverse("expertise", args=[request.uuid]), request=request, sentence=sentence,
    )  # fmt: skip
