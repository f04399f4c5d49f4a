"""The verification of a file point by point, the reservations of an admission, a notified decision taken up again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from calls.examination import examination_of
from calls.queries import sender_of
from portal.accounts.models import User
from portal.core import approvals
from portal.core.calendar import day_of
from portal.core.models import Approval
from portal.core.outbox import enqueue_emails
from portal.core.rules import Refused
from portal.core.typography import format_date, typeset
from portal.core.workflow import Transition, fire

from .. import states
from ..content.answers import tidy_text
from ..emails.admissibility import admitted_mail, undecided_mail
from ..emails.files import of_applicant
from ..holders import owners_of
from ..models import Application, ApplicationTransition, ChecklistAnswer, Deposit, InternalValue, Reservation
from ..queries.admissibility import points_of, reservations_of
from ..queries.internal import internal_of
from ..queries.staff import line_in_force
from ..rules.admissibility import BOUND, legal_warning

UNDECIDE_ACT = "applications.undecide"
LONGEST, LONGEST_FIELD = 400, 2000


def version_of(application: Application) -> int:
    """The number of the version that counts; 0 before any deposit."""
    return Deposit.objects.filter(application=application).order_by("-n").values_list("n", flat=True).first() or 0


@transaction.atomic
def answer_points(*, application: Application, answers: Mapping[str, tuple[bool, str]], by: User, at: datetime) -> int:
    """Keep what was verified, {code: (found right, remark)}; only what says something new. Returns how many."""
    current = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    if current.state != states.SUBMITTED:
        raise Refused("La recevabilité est dite : les points ne changent plus.")
    version = version_of(current)
    labels = {check.code: check.label for check in examination_of(current.call).checklist}
    known = {point.code: point for point in points_of(current, version)}
    fresh = []
    for code, (ok, remark) in answers.items():
        point, note = known.get(code), remark.strip()[:LONGEST]
        if point is None:
            raise Refused("Ce point n’est pas de ceux que l’appel vérifie.")
        if point.settled and point.answer and (point.answer.ok, point.answer.note) == (ok, note):
            continue
        fresh.append(
            ChecklistAnswer(
                application=current, code=code, label=labels[code], ok=ok, note=note, version=version, by=by, at=at
            )
        )
    ChecklistAnswer.objects.bulk_create(fresh)
    return len(fresh)


@transaction.atomic
def note_internal(*, application: Application, typed: Mapping[str, Any], by: User, at: datetime) -> int:
    """Keep the fields of the call that changed; right or wrong, nothing typed is lost. Returns how many."""
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=application.pk)
    before = {state.question.code: state for state in internal_of(application)}
    texts = {code: tidy_text(raw)[:LONGEST_FIELD] for code, raw in typed.items() if code in before}
    fresh = [
        InternalValue(application=application, code=code, typed=text, by=by, at=at)
        for code, text in texts.items()
        if text != before[code].typed
    ]
    InternalValue.objects.bulk_create(fresh)
    return len(fresh)


# --- reservations ------------------------------------------------------------------------------------------------


def require_day_to_come(due_on: date | None, at: datetime) -> None:
    """Raises `Refused` for a day already there."""
    if due_on is not None and due_on <= day_of(at):
        raise Refused("Choisissez un jour à venir pour lever les réserves.")


def open_reservations(
    application: Application, texts: Sequence[str], due_on: date | None, by: User, at: datetime
) -> list[Reservation]:
    """One row for each thing still owed, in the transaction of the admission; the commune is told."""
    rows = [
        Reservation(application=application, text=text[:LONGEST], due_on=due_on, opened_at=at, opened_by=by)
        for text in texts
    ]
    Reservation.objects.bulk_create(rows)
    if rows:
        enqueue_emails([admitted_mail(application, rows, person, at) for person in owners_of(application)], at=at)
    return rows


@transaction.atomic
def settle_reservation(*, reservation: Reservation, act: Transition, reason: str, by: User, at: datetime) -> None:
    """Lift it, or give it up, and say how. Raises `Refused`."""
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=reservation.application_id)
    fire(reservation, act, by=by, at=at, reason=reason, stamps={"settled_at": at})


def drop_reservations(application: Application, by: User, at: datetime) -> None:
    """The admission is put back to examination: what it reserved goes with it."""
    for reservation in reservations_of(application).filter(state=states.PENDING):
        fire(
            reservation,
            states.DROP,
            by=by,
            at=at,
            reason="Recevabilité remise à l’examen.",
            stamps={"settled_at": at},
        )


# --- a notified decision -----------------------------------------------------------------------------------------


def ask_undecide(*, application: Application, reason: str, approver: User, asked_by: User, at: datetime) -> Approval:
    """Ask a second person, who reads the legal warning; nothing changes before. Raises `Refused`."""
    line = line_in_force(application, notified=True)
    if application.state != states.DECIDED or line is None:
        raise Refused("Aucune décision notifiée n’est à reprendre sur cette candidature.")
    warning = legal_warning(line, day_of(at))
    return approvals.ask(
        act=UNDECIDE_ACT,
        object_key=f"application:{application.uuid}",
        title=typeset(
            f"Remettre à l’examen la candidature {application.number} {of_applicant(application)}, "
            f"dont la décision est notifiée depuis le {format_date(line.decision.notified_at)}"
        ),
        arguments={"application": str(application.uuid), "line": line.pk, "details": warning},
        asked_by=asked_by,
        approver=approver,
        reason=reason,
        at=at,
        sender=sender_of(application.call),
    )


def run_undecide(approval: Approval, at: datetime) -> None:
    """Confirmed (act `applications.undecide`)."""
    undecide(
        application=Application.objects.select_related("call__owner", "lead__commune").get(
            uuid=approval.arguments["application"]
        ),
        line=approval.arguments["line"],
        reason=approval.reason,
        by=approval.asked_by,
        at=at,
    )


@transaction.atomic
def undecide(*, application: Application, line: int, reason: str, by: User, at: datetime) -> ApplicationTransition:
    """The file goes back to examination; the act and the letter stay. The commune is told. Raises `Refused`."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    told = line_in_force(application, notified=True)
    if told is None or told.pk != line:
        raise Refused("La décision en vigueur n’est plus celle dont la reprise est demandée.")
    bound = [why for rule in BOUND if (why := rule(application))]
    if bound:
        raise Refused(bound[0])
    row = fire(application, states.UNDECIDE, by=by, at=at, reason=reason)
    enqueue_emails([undecided_mail(application, told, person, reason) for person in owners_of(application)], at=at)
    return row
