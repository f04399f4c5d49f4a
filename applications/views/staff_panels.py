"""What the page of a deposited file shows beside it: one panel for each part of the examination."""

from datetime import datetime
from typing import Any

from portal.core.rules import first_refusal

from .. import states
from ..forms.assignment import AssignmentForm
from ..models import Application, Message
from ..queries.admissibility import Point, reservations_of, unmet
from ..queries.assignment import workload
from ..queries.completion import awaited_completion
from ..queries.internal import internal_of
from ..queries.staff import line_in_force
from ..rules.admissibility import can_check_points, can_settle_reservation, can_undecide, is_verified
from ..rules.completion import admission_waits, can_ask_completion, verdict_waits
from ..rules.opinion import can_ask_opinion
from ..rules.staff import READING, can_examine
from .completion_badges import badge_of_request
from .opinion_badges import badge_of_opinion


def assignment_panel(file: Application, roles: frozenset[str], at: datetime) -> dict[str, Any]:
    """Who examines it, and the form that changes it."""
    rows = workload(file.call, at) if can_examine(roles) and file.stage == states.FILE else []
    chosen = str(file.officer.uuid) if file.officer else ""
    form = AssignmentForm(rows, initial={"officer": chosen}) if rows else None
    return {"officer": file.officer, "form": form}


def admissibility_panel(file: Application, roles: frozenset[str], points: list[Point], at: datetime) -> dict[str, Any]:
    """The points of the call, the reservations, and why a verdict waits."""
    awaited = awaited_completion(file)
    reservations = list(reservations_of(file))
    for row in reservations:
        row.application = file
    line = line_in_force(file, notified=True)
    return {
        "points": points,
        "internal": internal_of(file) if READING & roles else [],
        "may_note": can_examine(roles),
        "verified": sum(point.settled for point in points),
        "wrong": len(unmet(points)),
        "may_check": can_check_points(roles, file) if points else None,
        "waits": first_refusal(admission_waits(awaited, at), is_verified(points)),
        "verdict_waits": verdict_waits(awaited, at),
        "reservations": [{"row": row, "may": can_settle_reservation(roles, row)} for row in reservations],
        "pending": sum(row.state == states.PENDING for row in reservations),
        "may_undecide": can_undecide(roles, file, line),
    }


def completion_panel(file: Application, roles: frozenset[str], at: datetime) -> dict[str, Any]:
    """The requests of completion, the latest first, and whether another may be made."""
    rows = list(file.completions.select_related("asked_by").order_by("-asked_at", "-pk"))
    for row in rows:
        row.application = file
    awaited = next((row for row in rows if row.settled_at is None), None)
    return {
        "rows": [{"request": row, "badge": badge_of_request(row, at)} for row in rows],
        "may_ask": can_ask_completion(roles, file, awaited, at),
    }


def talk_panel(file: Application, roles: frozenset[str]) -> dict[str, Any] | None:
    """How many messages and notes; nothing for who only accompanies the commune."""
    if not READING & roles:
        return None
    last = file.messages.order_by("sent_at", "pk").last()
    return {
        "messages": file.messages.count(),
        "notes": file.notes.count(),
        "to_answer": last is not None and last.side == Message.Side.APPLICANT,
    }


def opinion_panel(file: Application, roles: frozenset[str], at: datetime) -> dict[str, Any] | None:
    """« 3 demandés, 2 reçus », then each; nothing for who only accompanies the commune."""
    if not READING & roles:
        return None
    rows = list(file.opinions.select_related("giver").order_by("-asked_at", "-pk"))
    live = [row for row in rows if row.state != states.REVOKED]
    return {
        "rows": [{"opinion": row, "badge": badge_of_opinion(row, at)} for row in rows],
        "asked": len(live),
        "given": sum(row.state == states.GIVEN for row in live),
        "may_ask": can_ask_opinion(roles, file),
    }
