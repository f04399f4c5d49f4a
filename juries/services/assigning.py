"""Files entrusted to members: by hand, by territory, or spread evenly."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from applications.models import Application
from calls.models import Call
from portal.accounts.models import User
from portal.core.rules import Refused, require

from .. import states
from ..models import Assessment, Assignment, Recusal, Seat
from ..queries import concerns, files_of, files_of_seat, readers_of
from ..rules import before_the_session, can_be_entrusted
from ..spreading import Plan, spread

Mode = Assignment.Mode


@transaction.atomic
def entrust(*, seat: Seat, files: Iterable[Application], mode: str, by: User, at: datetime) -> int:
    """Entrust files to a seat; those it already has stay. Returns how many were added. Raises `Refused`."""
    lock_call(seat.call)
    files = list(files)
    recused = set(seat.recusals.filter(application__in=files).values_list("application_id", flat=True))
    for file in files:
        mine = file.call_id == seat.call_id and concerns(seat, file)
        require(
            can_be_entrusted(voting=seat.voting, concerned=mine, recused=file.pk in recused, number=file.number or "")
        )
    held = set(seat.assignments.values_list("application_id", flat=True))
    rows = [Assignment(seat=seat, application=f, mode=mode, assigned_at=at, by=by) for f in files if f.pk not in held]
    Assignment.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def entrust_territory(*, seat: Seat, place: tuple[str, str], by: User, at: datetime) -> int:
    """Entrust the files led from an intercommunality or a département (`kind`, code), but those it cannot have."""
    kind, code = place
    field = {"intercommunality": "lead__commune__intercommunality", "department": "lead__commune__department"}[kind]
    files = files_of_seat(seat).filter(**{field: code}).exclude(recusals__seat=seat)
    return entrust(seat=seat, files=files, mode=Mode.TERRITORY, by=by, at=at)


@transaction.atomic
def withdraw(*, assignment: Assignment) -> None:
    """Take a file back from a seat that has not validated its notes."""
    sheet = Assessment.objects.filter(application=assignment.application_id, seat=assignment.seat_id)
    if sheet.filter(state=states.SUBMITTED).exists():
        raise Refused("Ce membre a validé ses notes sur ce dossier\u00a0: il le garde.")
    assignment.delete()


@transaction.atomic
def spread_evenly(*, call: Call, by: User, at: datetime) -> Plan:
    """Complete the assignments so that each file has its members (`juries.spreading`). Raises `Refused`."""
    lock_call(call)
    readers = readers_of(call)
    if readers is None:
        raise Refused("Tous les membres notent tous les dossiers de cet appel\u00a0: rien n’est à répartir.")
    seats = list(call.seats.filter(voting=True))
    files = list(files_of(call).values_list("pk", flat=True))
    plan = spread(
        files,
        [seat.pk for seat in seats],
        readers=readers,
        max_load=call.extras["jury"].get("max_load"),
        forbidden=forbidden_pairs(call, seats, files),
        known=Assignment.objects.filter(seat__call=call).values_list("seat_id", "application_id"),
    )
    Assignment.objects.bulk_create(
        Assignment(seat_id=seat, application_id=file, mode=Mode.EVEN, assigned_at=at, by=by)
        for seat, file in plan.added
    )
    return plan


def forbidden_pairs(call: Call, seats: Iterable[Seat], files: Iterable[int]) -> set[tuple[int, int]]:
    """The recused, and the seats of another département."""
    pairs = set(Recusal.objects.filter(seat__call=call).values_list("seat_id", "application_id"))
    for seat in seats:
        if seat.department_id:
            own = set(files_of_seat(seat).values_list("pk", flat=True))
            pairs |= {(seat.pk, file) for file in files if file not in own}
    return pairs


def lock_call(call: Call) -> None:
    """One spreading at a time, and none once the session is open."""
    Call.objects.select_for_update().get(pk=call.pk)
    opened = call.jury_sessions.exclude(state=states.PLANNED).order_by("-pk").first()
    require(before_the_session(opened.state if opened else ""))
