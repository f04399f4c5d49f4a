"""What the page of a deposited file shows beside it: one panel for each part of the examination."""

from datetime import datetime
from typing import Any

from .. import states
from ..models import Application
from ..rules_completion import can_ask_completion
from ..rules_opinion import can_ask_opinion
from ..rules_staff import READING
from .completion_badges import badge_of_request
from .opinion_badges import badge_of_opinion


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
