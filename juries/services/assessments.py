"""Notes of a member, or of the officer: saved as one goes, submitted, taken back before the session."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from applications.models import Application
from applications.rankings import has_grid, has_points
from calls.models import Call, Criterion
from calls.queries import roles_over
from portal.accounts.models import User
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..levels import NO_OPINION, level_refusal
from ..models import AgendaItem, Assessment, Score, Seat, SeatHolder
from ..queries import (
    IN_JURY,
    bonuses_of,
    call_levels,
    criteria_for,
    facts_about,
    given_in,
    grid_rules,
)
from ..rules import before_the_session, can_score, can_score_technically, can_take_back
from ..scoring import Result, note_refusal, score
from .scores import lock_score, refresh_score

Kind = Assessment.Kind
# By code of criterion: a note, a level, or `NO_OPINION`.
Notes = Mapping[str, Decimal | str]
Comments = Mapping[str, str]
SCORE_COLUMNS = ("note", "level", "abstained")


@transaction.atomic
def save_notes(
    *,
    holder: SeatHolder,
    application: Application,
    notes: Notes,
    comment: str,
    at: datetime,
    comments: Comments | None = None,
) -> Assessment:
    """Keep a member's notes (or levels) and comments by code of criterion, given ones only. Raises `Refused`."""
    lock_score(application)
    require(can_score(facts_about(holder, application, alone=True)))
    sheet = open_sheet(application, Kind.JURY, seat=holder.seat, author=holder.user, at=at)
    return write_notes(sheet, notes, comments or {}, comment, at)


@transaction.atomic
def submit_assessment(*, holder: SeatHolder, application: Application, at: datetime) -> Assessment:
    """« Valider mes notes »: every criterion must be noted. The file's score is computed in the same transaction."""
    lock_score(application)
    require(can_score(facts_about(holder, application)))
    sheet = submit(sheet_of(application, holder.seat), by=holder.user, at=at)
    refresh_score(application=application, at=at)
    return sheet


@transaction.atomic
def reopen_assessment(*, holder: SeatHolder, application: Application, at: datetime) -> Assessment:
    """Take one's notes back, until the session opens."""
    lock_score(application)
    require(can_take_back(facts_about(holder, application)))
    sheet = sheet_of(application, holder.seat)
    fire(sheet, states.REOPEN_ASSESSMENT, by=holder.user, at=at)
    refresh_score(application=application, at=at)
    return sheet


# --- the officer's -----------------------------------------------------------------------------------------------


@transaction.atomic
def save_technical_notes(
    *,
    application: Application,
    by: User,
    notes: Notes,
    comment: str,
    at: datetime,
    comments: Comments | None = None,
) -> Assessment:
    """The technical notes on the same grid; never in the jury's mean."""
    require_technical(application, by, at)
    sheet = open_sheet(application, Kind.TECHNICAL, seat=None, author=by, at=at)
    return write_notes(sheet, notes, comments or {}, comment, at)


@transaction.atomic
def submit_technical(*, application: Application, by: User, at: datetime) -> Assessment:
    require_technical(application, by, at)
    return submit(technical_of(application), by=by, at=at)


@transaction.atomic
def reopen_technical(*, application: Application, by: User, at: datetime) -> Assessment:
    require_technical(application, by, at)
    sheet = technical_of(application)
    fire(sheet, states.REOPEN_ASSESSMENT, by=by, at=at)
    return sheet


def require_technical(application: Application, by: User, at: datetime) -> None:
    roles = roles_over(by, application.call, at, application.lead.commune_id)
    require(can_score_technically(roles, graded=has_grid(application.call)))
    if application.state not in IN_JURY | {"submitted"}:
        raise Refused("L’avis technique porte sur une candidature déposée.")
    item = AgendaItem.objects.filter(application=application).select_related("session").order_by("-pk").first()
    require(before_the_session(item.session.state if item else ""))


def technical_of(application: Application) -> Assessment:
    sheet = Assessment.objects.filter(application=application, kind=Kind.TECHNICAL).first()
    if sheet is None:
        raise Refused("Aucune note technique n’est encore saisie.")
    return sheet


# --- common ------------------------------------------------------------------------------------------------------


def sheet_of(application: Application, seat: Seat) -> Assessment:
    sheet = Assessment.objects.filter(application=application, seat=seat).first()
    if sheet is None:
        raise Refused("Vous n’avez encore noté aucun critère de ce dossier.")
    return sheet


def open_sheet(application: Application, kind: str, *, seat: Seat | None, author: User, at: datetime) -> Assessment:
    """The sheet to write on, begun now if need be."""
    sheet, created = Assessment.objects.select_for_update().get_or_create(
        application=application,
        kind=kind,
        seat=seat,
        defaults={"author": author, "started_at": at, "updated_at": at},
    )
    sheet.application = application
    if not created and sheet.state == states.SUBMITTED:
        raise Refused("Vos notes sont validées\u00a0: reprenez-les d’abord pour les modifier.")
    return sheet


def write_notes(sheet: Assessment, notes: Notes, comments: Comments, comment: str, at: datetime) -> Assessment:
    """Write the notes and the comments given, in one statement each; those of other criteria stay."""
    application = sheet.application
    criteria = {criterion.code: criterion for criterion in criteria_for(application)}
    if not {*notes, *comments} <= criteria.keys():
        raise Refused("Ce critère n’est pas dans la grille de ce dossier.")
    columns = {criteria[code]: note_columns(application.call, note) for code, note in notes.items()}
    said = {criteria[code]: text.strip() for code, text in comments.items()}
    put_scores(sheet, columns, said)
    sheet.comment, sheet.updated_at = comment.strip(), at
    sheet.save(update_fields=["comment", "updated_at"])
    return sheet


def put_scores(sheet: Assessment, columns: Mapping[Criterion, dict[str, Any]], said: Mapping[Criterion, str]) -> None:
    """The rows of the notes, then those of comments that wait for their note; a comment withdrawn alone goes."""
    noted = [
        Score(assessment=sheet, criterion=row, comment=said.get(row, ""), **values) for row, values in columns.items()
    ]
    waiting = [Score(assessment=sheet, criterion=row, comment=text) for row, text in said.items() if row not in columns]
    for rows, changed in (
        (noted, [*SCORE_COLUMNS, *(["comment"] if said else [])]),
        ([row for row in waiting if row.comment], ["comment"]),
    ):
        if rows:
            Score.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["assessment", "criterion"], update_fields=changed
            )
    gone = [row.criterion for row in waiting if not row.comment]
    if gone:
        kept = sheet.scores.filter(criterion__in=gone).exclude(comment="")
        kept.filter(note=None, level="", abstained=False).delete()
        kept.update(comment="")


def note_columns(call: Call, note: Decimal | str) -> dict[str, Any]:
    """A note of the scale, a level of the grid, or no opinion. Raises `Refused` for anything else."""
    if note == NO_OPINION:
        if not call.grid.abstention:
            raise Refused("La grille de cet appel demande une note sur chaque critère.")
        return {"note": None, "level": "", "abstained": True}
    if has_points(call):
        refusal = note_refusal(note, call.grid.scale_max) if isinstance(note, Decimal) else "Donnez une note."
    else:
        refusal = level_refusal(str(note), call_levels(call))
    if refusal:
        raise Refused(refusal)
    return {"note": note, "level": ""} if has_points(call) else {"note": None, "level": str(note)}


def submit(sheet: Assessment, *, by: User, at: datetime) -> Assessment:
    """Every criterion has its note, or its level; the total is computed when the grid has points."""
    require_complete(sheet)
    total = sheet_result(sheet).total if has_points(sheet.application.call) else None
    fire(sheet, states.SUBMIT_ASSESSMENT, by=by, at=at, stamps={"submitted_at": at, "total": total})
    return sheet


def require_complete(sheet: Assessment) -> None:
    """Every criterion answered, and every comment that the call asks for. Raises `Refused`."""
    call, given = sheet.application.call, given_in(sheet)
    rows = criteria_for(sheet.application)
    missing = [row.label for row in rows if row.code not in {**given.notes, **given.levels}]
    if missing:
        raise Refused(f"Il reste à noter\u00a0: {', '.join(missing)}.")
    mute = [row.label for row in rows if row.comment_required and row.code not in given.comments]
    if mute:
        raise Refused(f"La grille demande un commentaire sur\u00a0: {', '.join(mute)}.")
    if call.grid.comment == "required" and not sheet.comment:
        raise Refused("La grille demande un commentaire général avant de valider.")


def sheet_result(sheet: Assessment) -> Result:
    """The points of one sheet, bonus included."""
    application = sheet.application
    return score(grid_rules(application), [given_in(sheet).notes], bonuses_of(application))
