"""Who sits: arrivals, departures, substitutes. Never changed while a ballot is open: the voters are known."""

from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.core.rules import Refused, require

from .. import states
from ..models import Attendance, AttendanceMove, JurySession, Seat, SeatHolder
from ..queries import in_office
from ..rules import session_is_open
from .interests import recuse_of_right, ties_of

State = Attendance.State
HERE, SUBSTITUTE, LEFT, EXCUSED, ABSENT = "present", "substitute", "left", "excused", "absent"
LABELS = {
    HERE: "Présent",
    SUBSTITUTE: "Suppléance",
    LEFT: "Parti",
    EXCUSED: "Excusé",
    ABSENT: "Absent",
}


def empty_attendance(session: JurySession) -> None:
    """One row per seat, nobody here yet."""
    seats = session.call.seats.all()
    Attendance.objects.bulk_create([Attendance(session=session, seat=seat) for seat in seats], ignore_conflicts=True)


def seat_everyone(session: JurySession, at: datetime) -> None:
    """In a written consultation every seat that has a holder may vote; who votes takes part."""
    held = SeatHolder.objects.filter(in_office(at), seat__call=session.call_id, substitute=False)
    for holder in held.select_related("seat"):
        record_attendance(session=session, seat=holder.seat, presence=HERE, at=at)


@transaction.atomic
def record_attendance(
    *, session: JurySession, seat: Seat, presence: str, at: datetime, by: User | None = None
) -> Attendance:
    """Note one seat: `present`, `substitute`, `left`, `excused` or `absent`, and keep the instant. Raises `Refused`."""
    current = JurySession.objects.select_for_update().get(pk=session.pk)
    if current.state not in (states.PLANNED, states.SUSPENDED):
        require(session_is_open(current.state))
    row = Attendance.objects.select_for_update().get(session=session, seat=seat)
    if presence_of(row) == presence:
        return row
    if session.items.filter(state=states.VOTING).exists():
        raise Refused("Un scrutin est ouvert\u00a0: closez-le avant de modifier les présences.")
    {HERE: arrive, SUBSTITUTE: arrive_as_substitute, LEFT: leave, EXCUSED: stay_away, ABSENT: stay_away}[presence](
        row, presence, at
    )
    row.save()
    AttendanceMove.objects.create(attendance=row, kind=presence, holder=row.holder, happened_at=at, by=by)
    return row


def presence_of(row: Attendance) -> str:
    """The present answer to « qui siège ? »."""
    if row.state != State.PRESENT:
        return row.state
    if row.left_at is not None:
        return LEFT
    return SUBSTITUTE if row.holder and row.holder.substitute else HERE


def arrive(row: Attendance, _presence: str, at: datetime) -> None:
    sit(row, holder_in_office(row.seat, at, substitute=False), at)


def arrive_as_substitute(row: Attendance, _presence: str, at: datetime) -> None:
    """A substitute's own ties bear on the seat from the moment they sit."""
    holder = holder_in_office(row.seat, at, substitute=True)
    sit(row, holder, at)
    for application in ties_of(holder):
        recuse_of_right(holder=holder, application=application, at=at)


def holder_in_office(seat: Seat, at: datetime, *, substitute: bool) -> SeatHolder:
    holder = (
        SeatHolder.objects.filter(in_office(at), seat=seat, substitute=substitute).select_related("seat__call").first()
    )
    if holder is None:
        who = "personne suppléante" if substitute else "titulaire"
        raise Refused(f"«\u202f{seat.label}\u202f» n’a pas de {who}\u00a0: invitez-la d’abord depuis la page du jury.")
    return holder


def sit(row: Attendance, holder: SeatHolder, at: datetime) -> None:
    """Someone who comes back keeps the hour of their first arrival."""
    back = row.state == State.PRESENT and row.holder_id == holder.pk
    row.arrived_at = row.arrived_at if back else at
    row.state, row.holder, row.left_at = State.PRESENT, holder, None


def leave(row: Attendance, _presence: str, at: datetime) -> None:
    if row.state != State.PRESENT:
        raise Refused(f"«\u202f{row.seat.label}\u202f» n’était pas présent.")
    row.left_at = at


def stay_away(row: Attendance, presence: str, _at: datetime) -> None:
    """Before anything happened only: who sat and went away has left."""
    if row.state == State.PRESENT and row.session.state in states.MEETING:
        raise Refused("Cette personne a siégé\u00a0: notez son départ.")
    row.state, row.holder, row.arrived_at, row.left_at = presence, None, None, None
