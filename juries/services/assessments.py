"""Notes of a member, or of the officer: saved as one goes, submitted, taken back before the session."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from applications.models import Application
from applications.rankings import has_grid, has_points
from calls.models import Call
from calls.queries import roles_over
from portal.accounts.models import User
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..levels import level_refusal, missing_levels
from ..models import AgendaItem, Assessment, Score, Seat, SeatHolder
from ..queries import (
    IN_JURY,
    bonuses_of,
    call_levels,
    criteria_for,
    facts_about,
    grid_rules,
    levels_of,
    notes_of,
)
from ..rules import before_the_session, can_score, can_score_technically
from ..scoring import Result, note_refusal, score
from .scores import lock_score, refresh_score

Kind = Assessment.Kind
Notes = Mapping[str, Decimal | str]


@transaction.atomic
def save_notes(*, holder: SeatHolder, application: Application, notes: Notes, comment: str, at: datetime) -> Assessment:
    """Keep a member's notes (or levels) by code of criterion, given ones only. Raises `Refused`."""
    lock_score(application)
    require(can_score(facts_about(holder, application)))
    sheet = open_sheet(application, Kind.JURY, seat=holder.seat, author=holder.user, at=at)
    return write_notes(sheet, notes, comment, at)


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
    require(can_score(facts_about(holder, application)))
    sheet = sheet_of(application, holder.seat)
    fire(sheet, states.REOPEN_ASSESSMENT, by=holder.user, at=at)
    refresh_score(application=application, at=at)
    return sheet


# --- the officer's -----------------------------------------------------------------------------------------------


@transaction.atomic
def save_technical_notes(*, application: Application, by: User, notes: Notes, comment: str, at: datetime) -> Assessment:
    """The technical notes on the same grid; never in the jury's mean."""
    require_technical(application, by, at)
    sheet = open_sheet(application, Kind.TECHNICAL, seat=None, author=by, at=at)
    return write_notes(sheet, notes, comment, at)


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
    if not created and sheet.state == states.SUBMITTED:
        raise Refused("Vos notes sont validées\u00a0: reprenez-les d’abord pour les modifier.")
    return sheet


def write_notes(sheet: Assessment, notes: Notes, comment: str, at: datetime) -> Assessment:
    """Write the notes given; those of other criteria stay."""
    application = sheet.application
    criteria = {criterion.code: criterion for criterion in criteria_for(application)}
    for code, note in notes.items():
        if code not in criteria:
            raise Refused("Ce critère n’est pas dans la grille de ce dossier.")
        values = note_columns(application.call, note)
        Score.objects.update_or_create(assessment=sheet, criterion=criteria[code], defaults=values)
    sheet.comment, sheet.updated_at = comment.strip(), at
    sheet.save(update_fields=["comment", "updated_at"])
    return sheet


def note_columns(call: Call, note: Decimal | str) -> dict[str, Any]:
    """A note of the scale, or a level of the grid. Raises `Refused` for anything else."""
    if has_points(call):
        refusal = note_refusal(note, call.grid.scale_max) if isinstance(note, Decimal) else "Donnez une note."
    else:
        refusal = level_refusal(str(note), call_levels(call))
    if refusal:
        raise Refused(refusal)
    return {"note": note, "level": ""} if has_points(call) else {"note": None, "level": str(note)}


def submit(sheet: Assessment, *, by: User, at: datetime) -> Assessment:
    """Every criterion has its note, or its level; the total is computed when the grid has points."""
    application = sheet.application
    missing = missing_in(sheet)
    if missing:
        labels = {c.code: c.label for c in application.call.criteria.all()}
        raise Refused(f"Il reste à noter\u00a0: {', '.join(labels[code] for code in missing)}.")
    total = sheet_result(sheet).total if has_points(application.call) else None
    fire(sheet, states.SUBMIT_ASSESSMENT, by=by, at=at, stamps={"submitted_at": at, "total": total})
    return sheet


def missing_in(sheet: Assessment) -> tuple[str, ...]:
    """The criteria of the file on which a sheet says nothing."""
    if has_points(sheet.application.call):
        return sheet_result(sheet).missing
    return missing_levels([row.code for row in criteria_for(sheet.application)], levels_of(sheet))


def sheet_result(sheet: Assessment) -> Result:
    """The points of one sheet, bonus included."""
    application = sheet.application
    return score(grid_rules(application), [notes_of(sheet)], bonuses_of(application))
