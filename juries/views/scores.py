"""How scores are computed: one file on screen, all of them in a file that a spreadsheet opens."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.exports import csv_lines
from applications.rankings import has_points, places_of
from calls.queries import roles_over
from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.rules import require

from .. import states
from ..models import JurySession
from ..queries import calculations, dispersion_of, proposal_of, ranking_of
from ..rules import can_help, can_read_calculation
from ..steps import Step, formula
from .common import names_of
from .room import find_item, find_session

CSV = "text/csv; charset=utf-8"
EXPORT_HEAD = ("Numéro", "Candidature", "Classement", "Rang", "Proposition", "Note", "Calcul", "Motif")
PROPOSALS = {
    "selected": "Retenue",
    "reserve": "Liste complémentaire",
    "not_selected": "Non retenue",
    "undecided": "À départager",
}
CHUNK = 200


@require_safe
def calculation(request: HttpRequest, uuid: str, item_uuid: str) -> HttpResponse:
    """The score of one file, step by step; from the session on, never for who is recused from it."""
    session, viewer = find_session(request, uuid, portal_now())
    item = find_item(session, item_uuid)
    require(can_read_calculation(session.state, sees=viewer.sees(item), points=has_points(session.call)))
    found = calculations(session.call, [item.application])[item.application_id]
    context = {"session": session, "call": session.call, "item": item, "steps": found.steps}
    context |= {"dispersion": dispersion_of([item.application_id]).get(item.application_id)}
    context |= {"name": names_of([item.application])[item.application_id], "formula": formula(found.grid)}
    return render(request, "juries/calculation.html", context)


@require_safe
@step_up_required
def ranking_export(request: HttpRequest, uuid: str) -> HttpResponse:
    """The ranking with every step of each score, for who looks after the jury."""
    at = portal_now()
    session, viewer = find_session(request, uuid, at)
    require(can_help(roles_over(request.user, session.call, at), chairs=False))
    require(can_read_calculation(session.state, sees=not viewer.recused, points=has_points(session.call)))
    response = StreamingHttpResponse(csv_lines(EXPORT_HEAD, export_rows(session)), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="classement-{session.call.slug}.csv"'
    return response


def export_rows(session: JurySession) -> Iterator[tuple[Any, ...]]:
    """The frozen proposal, or the ranking of the moment; a few queries for each two hundred files."""
    labels = {code: place.label for code, place in places_of(session.call).items()}
    lines = ranked_lines(session)
    for chunk in (lines[n : n + CHUNK] for n in range(0, len(lines), CHUNK)):
        files = [file for file, *_ in chunk]
        names, found = names_of(files), calculations(session.call, files)
        for file, ranking, rank, outcome, score, why in chunk:
            told = sentence(found[file.pk].steps)
            shown = "" if score is None else str(score).replace(".", ",")
            place = (labels.get(ranking, ""), rank, PROPOSALS[outcome])
            yield (file.number, names[file.pk], *place, shown, told, why)


def ranked_lines(session: JurySession) -> list[tuple[Any, ...]]:
    """(file, ranking, rank, outcome, score, reason), in the order of the ranking."""
    if session.state in states.MEETING:
        return [
            (row.item.application, row.line.ranking, row.line.rank, row.line.outcome, row.score, row.line.why)
            for row in ranking_of(session)
        ]
    return [
        (row.application, row.ranking, row.rank, row.outcome, row.score, row.reason) for row in proposal_of(session)
    ]


def sentence(steps: list[Step]) -> str:
    """« Santé : 60 × (4 + 3) ÷ 2 ÷ 5 = 42,00 | Note du dossier : 42,00 + 10 = 52,00 »."""
    return " | ".join(f"{s.label}\u00a0: {s.detail}" + (f" = {s.value}" if s.value else "") for s in steps)
