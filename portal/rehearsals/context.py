"""What every page of a rehearsal shows: that it is one, when it is there, as whom."""

from typing import Any

from django.http import HttpRequest

from portal.core.clock import portal_now


def rehearsal(request: HttpRequest) -> dict[str, Any]:
    """`rehearsal`: who, when, and the board to go back to; None outside of a rehearsal."""
    entry = getattr(request, "rehearsal", None)
    if entry is None:
        return {"rehearsal": None}
    return {"rehearsal": {"acting": entry.acting_name, "now": portal_now(), "board_url": request.rehearsal_board}}
