"""Admissibility: an officer declares a file admissible or not, and may go back on it before the decision."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from calls.eligibility import Verdict
from calls.models import ReasonCode
from portal.accounts.models import User
from portal.core.models import AccessRecord
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..models import Application, ApplicationTransition, Deposit
from ..queries.admissibility import points_of, unmet
from ..queries.completion import awaited_completion
from ..queries.conditions import conditions_of
from ..rules.admissibility import is_verified
from ..rules.completion import admission_waits
from ..rules.conditions import is_answered
from ..rules.staff import is_whole_file
from .admissibility import drop_reservations, open_reservations, require_day_to_come
from .completion import lapse


def obstacles(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The blocking rules that are not met, or that nobody has checked: admitting in spite of them takes a reason."""
    return [verdict for verdict in verdicts if verdict.effect == "blocking" and verdict.met is not True]


@transaction.atomic
def admit(
    *,
    application: Application,
    by: User,
    at: datetime,
    reason: str = "",
    reservations: Sequence[str] = (),
    due_on: date | None = None,
) -> ApplicationTransition:
    """Declare a deposited file admissible, or so « sous réserve » of what it still owes, one text each.

    Raises `Refused` while a derogation that was asked has no answer, the commune completes its file or a point of the
    call is not verified; and, without a reason, when a blocking rule or a point is not met.
    """
    Application.objects.select_for_update().get(pk=application.pk)
    require(is_whole_file(application))
    awaited = awaited_completion(application)
    require(admission_waits(awaited, at))
    deposit = Deposit.objects.filter(application=application).order_by("-n").first()
    verdicts = [condition.verdict for condition in conditions_of(deposit)] if deposit else []
    require(is_answered(verdicts))
    points = points_of(application, deposit.n if deposit else 0)
    require(is_verified(points))
    wrong = [verdict.sentence for verdict in obstacles(verdicts)] + [point.label for point in unmet(points)]
    if wrong and not reason.strip():
        raise Refused(f"Une condition n’est pas remplie. {wrong[0]}. Motivez la recevabilité par écrit.")
    require_day_to_come(due_on, at)
    lapse(application, by, at)
    row = fire(application, states.ADMIT, by=by, at=at, reason=reason)
    open_reservations(application, reservations, due_on, by, at)
    return row


@transaction.atomic
def reject(
    *, application: Application, code: ReasonCode | None, text: str, by: User, at: datetime
) -> ApplicationTransition:
    """Declare a deposited file inadmissible: the codified sentence first, then the officer's own words."""
    require(is_whole_file(application))
    if not text.strip():
        raise Refused("Expliquez à la commune pourquoi sa candidature n’est pas recevable.")
    Application.objects.select_for_update().get(pk=application.pk)
    lapse(application, by, at)
    reason = f"{code.label}\n{text.strip()}" if code else text
    return fire(application, states.REJECT, by=by, at=at, reason=reason)


@transaction.atomic
def reverse(*, application: Application, reason: str, by: User, at: datetime) -> ApplicationTransition:
    """Put a verdict of admissibility back to examination, before the decision only, with a reason."""
    drop_reservations(application, by, at)
    return fire(application, states.REVERSE, by=by, at=at, reason=reason)


def record_reading(*, user: User, what: str, object_key: str, at: datetime) -> None:
    """Write in the access journal that someone who is not its owner read a file or a document."""
    AccessRecord.objects.create(user=user, what=what, object_key=object_key, at=at)
