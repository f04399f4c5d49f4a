"""The score of a file, computed by pure code and stored in the transaction that changes what it rests on."""

from datetime import datetime
from typing import Any

from django.db import transaction

from applications.models import Application

from ..models import FileScore
from ..queries import file_result, jury_sheets


@transaction.atomic
def refresh_score(*, application: Application, at: datetime) -> FileScore:
    """Compute the file's score again. Members who submit together wait for each other on its row."""
    row = lock_score(application)
    for name, value in score_values(application).items():
        setattr(row, name, value)
    row.computed_at = at
    row.save()
    return row


def lock_score(application: Application) -> FileScore:
    FileScore.objects.get_or_create(application=application)
    return FileScore.objects.select_for_update().get(application=application)


def score_values(application: Application) -> dict[str, Any]:
    """The fields of a `FileScore`, from the sheets that count now."""
    sheets = jury_sheets(application)
    if not sheets:
        return {"members": 0, "base": None, "bonus": 0, "total": None, "tie_break": None, "knocked_out": False}
    result = file_result(application, sheets)
    return {
        "members": len(sheets),
        "base": result.base,
        "bonus": result.bonus,
        "total": result.total,
        "tie_break": next((result.points.get(code) for code in application.call.grid.tie_break), None),
        "knocked_out": bool(result.knocked_out),
    }
