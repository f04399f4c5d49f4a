"""The end of the meeting: ranking, closing on a frozen proposal, minutes and their signature."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.rankings import Place, has_points, places_of
from calls.models import Call
from portal.accounts.stepup import step_up_required
from portal.core import ui
from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.rules import Refused, require
from portal.core.typography import NBSP, format_quantity

from .. import states
from ..forms import TieForm
from ..models import JurySession, ProposalLine
from ..queries import (
    RANKED_A_PAGE,
    RankedItem,
    closes,
    minutes_document,
    minutes_number,
    proposal_of,
    ranking_of,
    ranking_page,
    ties_to_settle,
)
from ..scoring import trimmed
from ..services.sessions import close_session, sign_minutes
from .board import Viewer
from .common import format_total, names_of, posted
from .room import find_session

OUTCOMES: dict[str, ui.Badge] = {
    "selected": ui.Badge(label="Retenue", tone="ok", icon="check-circle-fill"),
    "reserve": ui.BADGES["reserve"],
    "not_selected": ui.BADGES["not_selected"],
    "undecided": ui.Badge(label="À départager", tone="warn", icon="exclamation-circle-fill"),
}
EXAMINED = ui.Badge(label="Examinée", tone="quiet", icon="check-lg")
CLOSED_STATES = (states.DELIBERATED, states.SIGNED)


def ranking_rows(ranked: Sequence[RankedItem], viewer: Viewer) -> list[dict[str, Any]]:
    """The ranking computed from the files already voted."""
    names = names_of(row.item.application for row in ranked)
    return [
        row_of(
            name=names[row.item.application_id],
            number=row.item.application.number,
            rank=row.line.rank,
            score=row.score,
            outcome=row.line.outcome,
            why=row.line.why or row.item.reason,
            tied=row.line.tied,
            ranking=row.line.ranking,
            seen=viewer.sees(row.item),
        )
        for row in ranked
    ]


def veiled_rows(ranked: Sequence[RankedItem], viewer: Viewer) -> list[dict[str, Any]]:
    """For someone recused from a file: by number, without rank nor proposal, which would tell those of that file."""
    rows = sorted(ranking_rows(ranked, viewer), key=lambda row: row["number"])
    unsaid = {"rank": None, "badge": ui.BADGES["recused"], "why": "", "tied": False}
    return [row | unsaid | ({"badge": EXAMINED} if row["seen"] else {}) for row in rows]


def proposal_page(session: JurySession, number: str | None) -> Page[Any]:
    """One page of the ranking as it was frozen."""
    return Paginator(proposal_of(session), RANKED_A_PAGE).get_page(number)


def proposal_rows(lines: Sequence[ProposalLine], viewer: Viewer) -> list[dict[str, Any]]:
    """The rows of frozen lines."""
    names = names_of(line.application for line in lines)
    return [
        row_of(
            name=names[line.application_id],
            number=line.application.number,
            rank=line.rank,
            score=line.score,
            outcome=line.outcome,
            why=line.reason,
            tied=False,
            ranking=line.ranking,
            seen=line.application_id not in viewer.recused,
        )
        for line in lines
    ]


def row_of(*, score: Any, outcome: str, why: str, seen: bool, rank: int | None, **more: Any) -> dict[str, Any]:
    """A member recused from a file reads its name, nothing else."""
    hidden = {"score": "", "badge": ui.BADGES["recused"], "why": "", "rank": None}
    shown = {
        "score": format_total(score) if score is not None else "–",
        "badge": OUTCOMES[outcome],
        "why": why,
        "rank": rank,
    }
    return {**more, "seen": seen, **(shown if seen else hidden)}


def rankings_shown(call: Call, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows by ranking, in order, each with its label and what it offers."""
    numeric = has_points(call)
    apart = [(place, [row for row in rows if row["ranking"] == code]) for code, place in places_of(call).items()]
    return [
        {"label": place.label, "offer": offer_line(place, numeric=numeric), "rows": kept}
        for place, kept in apart
        if kept
    ]


def offer_line(place: Place, *, numeric: bool) -> str:
    """« 4 places, 3 en liste complémentaire ; seuil de 50 points. »"""
    offered = format_quantity(place.max_selected, "place") if place.max_selected else "Sans nombre de places fixé"
    reserve = f", {place.reserve_size} en liste complémentaire" if place.reserve_size else ""
    low = f"\u202f; seuil de {trimmed(Decimal(place.threshold))}{NBSP}points" if numeric and place.threshold else ""
    return f"{offered}{reserve}{low}."


@require_safe
def ranking(request: HttpRequest, uuid: str) -> HttpResponse:
    """The ranking so far, or the proposal once the session is closed."""
    at = portal_now()
    session, viewer = find_session(request, uuid, at)
    if session.state == states.PLANNED:
        raise Refused("Le classement se lit à partir de la séance\u00a0: personne ne voit les notes avant.")
    if session.state == states.OPEN and viewer.recused:
        raise Refused("Vous êtes déporté d’un dossier\u00a0: le classement s’ouvre pour vous une fois la séance close.")
    frozen = session.state in CLOSED_STATES
    wanted = request.GET.get("page")
    page = proposal_page(session, wanted) if frozen else ranking_page(session, wanted)
    rows = proposal_rows(list(page), viewer) if frozen else ranking_rows(list(page), viewer)
    context = {"session": session, "call": session.call, "viewer": viewer, "frozen": frozen, "page": page}
    context |= {"rankings": rankings_shown(session.call, rows), "numeric": has_points(session.call)}
    context["waiting"] = session.items.exclude(state=states.CLOSED).count()
    return render(request, "juries/ranking.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def close_meeting(request: HttpRequest, uuid: str) -> HttpResponse:
    """Read the ranking, settle ties, freeze the proposal."""
    at = portal_now()
    session, viewer = find_session(request, uuid, at)
    ranked = ranking_of(session)
    tied = ties_to_settle(ranked)
    require(closes(request.user, session, [row.item.application for row in tied], presides=viewer.presides))
    names = names_of(row.item.application for row in tied)
    labels = {place.code: place.label for place in places_of(session.call).values()}
    veiled = bool(viewer.recused)
    form = TieForm(posted(request), tied=tied, names=names, labels=labels, veiled=veiled) if tied else None
    if request.method == "POST" and (form is None or form.is_valid()):
        settled = {"settled": form.order, "reason": form.cleaned_data["reason"]} if form else {}
        close_session(session=session, by=request.user, at=at, **settled)
        messages.success(request, "La séance est close. Le procès-verbal se prépare.")
        return redirect("minutes", uuid=session.uuid)
    rows = veiled_rows(ranked, viewer) if veiled else ranking_rows(ranked, viewer)
    context = {"session": session, "call": session.call, "form": form, "numeric": has_points(session.call)}
    context |= {"rankings": rankings_shown(session.call, rows), "veiled": veiled}
    context["waiting"] = session.items.exclude(state=states.CLOSED).count()
    return render(request, "juries/close.html", context)


@require_safe
def minutes(request: HttpRequest, uuid: str) -> HttpResponse:
    """The minutes: in preparation, ready to sign, signed."""
    session, viewer = find_session(request, uuid, portal_now())
    document = minutes_document(session) if session.state in CLOSED_STATES else None
    context = {
        "session": session,
        "call": session.call,
        "viewer": viewer,
        "document": document,
        "number": minutes_number(session),
        "signed": getattr(session, "minutes", None),
        "signs": viewer.presides and session.state == states.DELIBERATED,
    }
    return render(request, "juries/minutes.html", context)


@require_safe
def minutes_file(request: HttpRequest, uuid: str) -> HttpResponse:
    """The frozen bytes."""
    session, _ = find_session(request, uuid, portal_now())
    document = minutes_document(session) if session.state in CLOSED_STATES else None
    return document_response(document)


@require_POST
@step_up_required
def sign(request: HttpRequest, uuid: str) -> HttpResponse:
    at = portal_now()
    session, _ = find_session(request, uuid, at)
    sign_minutes(session=session, by=request.user, at=at)
    messages.success(request, "Le procès-verbal est signé. Il ne change plus.")
    return redirect("minutes", uuid=session.uuid)
