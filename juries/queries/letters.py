"""What the letters of a decision take from the jury: the day it met, the scores of one file by criterion."""

from datetime import date
from typing import Any

from applications.models import Application
from calls.models import Call

from .. import states
from ..models import JurySession
from .grid import file_result, jury_sheets


def jury_day(call: Call) -> date | None:
    """The day of the latest session that closed its proposal."""
    held = JurySession.objects.filter(call=call, state__in=(states.DELIBERATED, states.SIGNED))
    return held.order_by("-held_on").values_list("held_on", flat=True).first()


def score_sheet(application: Application) -> list[dict[str, Any]]:
    """Label, mean and maximum of each criterion, then of the bonuses; empty when nobody scored the file."""
    sheets = jury_sheets(application)
    if not sheets:
        return []
    result, call = file_result(application, sheets), application.call
    rows = [
        {
            "label": c.label,
            "score": str(result.points[c.code]) if c.code in result.points else None,
            "maximum": c.points,
        }
        for c in call.criteria.all()
    ]
    most = sum(bonus.points for bonus in call.bonuses.all())
    if most:
        rows.append({"label": "Bonus", "score": str(result.bonus) if result.bonus else None, "maximum": most})
    return rows
