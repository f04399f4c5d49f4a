"""Acts on a request for expertise: ask, assign, accept, decline, answer, rate, cancel."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.models import StoredFile
from portal.core.rules import Refused
from portal.core.tokens import hashed, new_secret
from portal.core.workflow import fire

from . import states
from .emails import tell_plan, write_to_body
from .models import EngineeringBody, ExpertiseRequest
from .queries_expertise import competent


@transaction.atomic
def ask(*, request: ExpertiseRequest, by: User, at: datetime) -> ExpertiseRequest:
    """Write a request filled by its form; a theme with one competent body in the territory goes to it at once."""
    if request.due_on < day_of(at):
        raise Refused("Choisissez une date à venir.")
    request.asked_by, request.asked_at = by, at
    request.save()
    application = request.plan.application
    found = competent(application.call, request.theme, application.lead.commune)
    if len(found) == 1:
        assign(request=request, body=found[0], by=by, at=at)
    else:
        tell_plan(request, "Une demande d’expertise est à confier à un organisme.", request.uuid, at, team=True)
    return request


@transaction.atomic
def assign(*, request: ExpertiseRequest, body: EngineeringBody, by: User, at: datetime) -> None:
    """Give a request to a body, which receives a link of its own; the former one no longer opens it."""
    secret = new_secret()
    row = fire(request, states.ASSIGN, by=by, at=at, stamps={"body_id": body.pk, "link_sha256": hashed(secret)})
    request.body = body
    write_to_body(request, secret, row.pk, at)


@transaction.atomic
def accept(*, request: ExpertiseRequest, by: User | None, at: datetime) -> None:
    row = fire(request, states.ACCEPT, by=by, at=at)
    tell_plan(request, f"{request.body} prend la demande. Réponse attendue pour la date dite.", row.pk, at)


@transaction.atomic
def decline(*, request: ExpertiseRequest, reason: str, by: User | None, at: datetime) -> None:
    """The body hands the request back; the team gives it to another one. Raises `Refused`."""
    row = fire(request, states.DECLINE, by=by, at=at, reason=reason, stamps={"link_sha256": ""})
    tell_plan(request, f"{request.body} ne peut pas prendre la demande : {reason}", row.pk, at)


@transaction.atomic
def give_answer(
    *,
    request: ExpertiseRequest,
    answer: str,
    days: Decimal,
    bearer: str,
    file: StoredFile | None,
    by: User | None,
    at: datetime,
) -> None:
    """The answer of the body, with the days spent and who bears the cost. Raises `Refused`."""
    told = {"answer": answer, "days": days, "bearer": bearer, "file": file, "answered_on": day_of(at)}
    row = fire(request, states.ANSWER, by=by, at=at, stamps=told)
    tell_plan(request, f"{request.body} a rendu sa réponse. Dites si elle vous convient.", row.pk, at)


@transaction.atomic
def rate(*, request: ExpertiseRequest, satisfaction: int, remark: str, by: User, at: datetime) -> None:
    """The commune says how useful the answer was, from 1 to 5; the request is closed. Raises `Refused`."""
    fire(request, states.RATE, by=by, at=at, stamps={"satisfaction": satisfaction, "remark": remark})


@transaction.atomic
def cancel(*, request: ExpertiseRequest, reason: str, by: User, at: datetime) -> None:
    row = fire(request, states.CANCEL, by=by, at=at, reason=reason, stamps={"link_sha256": ""})
    tell_plan(request, f"La demande est annulée : {reason}", row.pk, at)
