"""What the letters of a decision take from the jury: the day it met, the scores of one file by criterion."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from applications.models import Application
from applications.rankings import has_points
from calls.models import Call, Criterion

from .. import states
from ..models import JurySession
from ..scoring import Notes, Result
from .grid import criteria_for, file_result, jury_sheets
from .proposal import technical_notes


def jury_day(call: Call) -> date | None:
    """The day of the latest session that closed its proposal."""
    held = JurySession.objects.filter(call=call, state__in=(states.DELIBERATED, states.SIGNED))
    return held.order_by("-held_on").values_list("held_on", flat=True).first()


def sheets_behind(application: Application) -> Sequence[Notes]:
    """The sheets that the score rests on."""
    if hasattr(application.call, "jury_rules"):
        return jury_sheets(application)
    return list(technical_notes([application]).values())


def score_row(criterion: Criterion, result: Result) -> dict[str, Any]:
    """An informational criterion has its note on the scale, and says that it is not counted."""
    shown = {**result.points, **result.means}
    return {
        "label": f"{criterion.label} (pour information)" if criterion.informational else criterion.label,
        "score": str(shown[criterion.code]) if criterion.code in shown else None,
        "maximum": criterion.call.grid.scale_max if criterion.informational else criterion.points,
    }


def score_sheet(application: Application) -> list[dict[str, Any]]:
    """Label, mean and maximum of each criterion, then of the bonuses; empty when nobody scored the file in points.

    In a call without jury, the notes of the examination.
    """
    call = application.call
    sheets = sheets_behind(application) if has_points(call) else []
    if not sheets:
        return []
    result = file_result(application, sheets)
    rows = [score_row(criterion, result) for criterion in criteria_for(application)]
    most = sum(bonus.points for bonus in call.bonuses.all())
    if most:
        rows.append({"label": "Bonus", "score": str(result.bonus) if result.bonus else None, "maximum": most})
    return rows
