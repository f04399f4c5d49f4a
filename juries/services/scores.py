"""The score of a file, computed by pure code and stored in the transaction that changes what it rests on."""

from datetime import datetime
from typing import Any

from django.db import transaction

from applications.models import Application
from applications.rankings import has_points, ranking_code_of, ranking_codes, rankings_of
from calls.models import Call

from ..models import FileScore
from ..queries import count_of_sheets, file_result, files_of, jury_sheets

NO_SCORE: dict[str, Any] = {
    "members": 0,
    "base": None,
    "bonus": 0,
    "total": None,
    "tie_break": [],
    "knocked_out": False,
}


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
    """The row of the file, made if need be and held until commit, in two statements at most."""
    row = FileScore.objects.select_for_update().filter(application=application).first()
    if row is None:
        FileScore.objects.bulk_create([FileScore(application=application)], ignore_conflicts=True)
        row = FileScore.objects.select_for_update().get(application=application)
    return row


def score_values(application: Application) -> dict[str, Any]:
    """The fields of a `FileScore`, from the sheets that count now; levels give no number."""
    values = {**NO_SCORE, "ranking": ranking_code_of(application)}
    if not has_points(application.call):
        return {**values, "members": count_of_sheets(application)}
    sheets = jury_sheets(application)
    if not sheets:
        return values
    result = file_result(application, sheets)
    return {
        **values,
        "members": len(sheets),
        "base": result.base,
        "bonus": result.bonus,
        "total": result.total,
        "tie_break": list(result.tie_break),
        "knocked_out": bool(result.knocked_out),
    }


@transaction.atomic
def refresh_rankings(*, call: Call) -> None:
    """Say of each file of the jury to which ranking it belongs, even of one that nobody noted."""
    if not rankings_of(call):
        FileScore.objects.filter(application__call=call).exclude(ranking="").update(ranking="")
        return
    files = list(files_of(call))
    for application, code in zip(files, ranking_codes(call, files).values(), strict=True):
        FileScore.objects.update_or_create(application=application, defaults={"ranking": code})
