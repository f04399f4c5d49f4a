"""Reminders to members with files not noted, before the session, at the offsets of the call."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from applications.rankings import has_grid
from calls.reminders import offsets_of
from portal.core.calendar import offset_from, wall_clock
from portal.core.due import DueFact
from portal.core.typography import format_date, format_quantity, typeset

from . import states
from .models import Assessment, Assignment, JurySession, Recusal, Seat, SeatHolder
from .queries import files_of_seat, in_office, noting_now, readers_of

RULE = "assessment_missing"


def due_facts(at: datetime) -> Iterator[DueFact]:
    """One fact per planned session, per day and per member who still has files to note; six queries a session."""
    sessions = JurySession.objects.filter(state=states.PLANNED).select_related("call__grid").order_by("pk")
    for session in sessions:
        midnight = wall_clock(session.held_on, time())
        for holder, left in late_members(session, at) if has_grid(session.call) and noting_now(session.call) else ():
            for offset in offsets_of(session.call, RULE):
                due_at = offset_from(midnight, days=offset.days, at=offset.at)
                if holder.starts_at < due_at < midnight:
                    yield fact(session, holder, left, -offset.days, due_at)


def late_members(session: JurySession, at: datetime) -> Iterator[tuple[SeatHolder, int]]:
    """Full holders of voting seats and how many files of the agenda they have not validated."""
    files = set(session.items.values_list("application_id", flat=True))
    done = pairs(Assessment.objects.filter(application__in=files, state=states.SUBMITTED))
    recused = pairs(Recusal.objects.filter(application__in=files))
    entrusted = pairs(Assignment.objects.filter(application__in=files)) if readers_of(session.call) else None
    holders = SeatHolder.objects.filter(
        in_office(at), seat__call=session.call_id, seat__voting=True, substitute=False, user__is_active=True
    )
    for holder in holders.select_related("user", "seat").order_by("seat__position"):
        mine = files if holder.seat.department_id is None else files & own_files(holder.seat)
        mine = mine if entrusted is None else mine & entrusted[holder.seat_id]
        left = mine - done[holder.seat_id] - recused[holder.seat_id]
        if left:
            yield holder, len(left)


def own_files(seat: Seat) -> set[int]:
    """The files of a seat of one département."""
    return set(files_of_seat(seat).values_list("pk", flat=True))


def pairs(rows: QuerySet[Any]) -> dict[int, set[int]]:
    """{seat: files}."""
    found: dict[int, set[int]] = defaultdict(set)
    for seat, application in rows.values_list("seat_id", "application_id"):
        found[seat].add(application)
    return found


def fact(session: JurySession, holder: SeatHolder, left: int, days: int, due_at: datetime) -> DueFact:
    call, files = session.call, format_quantity(left, "dossier")
    return DueFact(
        rule=RULE,
        object_key=f"session:{session.uuid}",
        call_key=f"call:{call.slug}",
        recipient=holder.user.email,
        due_at=due_at,
        subject=typeset(f"Jury « {call.title} » : {files} à noter avant le {format_date(session.held_on)}"),
        body=typeset(
            f"Le jury de l’appel « {call.title} » {call.edition} se réunit le "
            f"{format_date(session.held_on, weekday=True)}, dans {format_quantity(days, 'jour')}. "
            f"Il vous reste {files} à noter. Les notes se ferment à l’ouverture de la séance."
        ),
        action_url=reverse("jury_home"),
    )
