"""The end of the meeting: ranking, closing on a frozen proposal, minutes and their signature."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.rankings import Place, has_points, places_of
from calls.models import Call
from calls.queries import roles_over
from portal.accounts.stepup import step_up_required
from portal.core import ui
from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.rules import Refused, require
from portal.core.typography import NBSP, format_quantity

from .. import states
from ..forms import TieForm
from ..models import AgendaItem, Erratum, JurySession, ProposalLine
from ..queries import (
    RANKED_A_PAGE,
    RankedItem,
    closes,
    items_of,
    minutes_document,
    minutes_number,
    proposal_of,
    ranking_of,
    ranking_page,
    score_of,
    ties_to_settle,
)
from ..rules import can_help, can_read_minutes
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
            departure=departure_line(row.line.computed, row.line.departure),
            departs=departure_url(row, viewer),
            seen=viewer.sees(row.item),
            calculation=calculation_url(row.item, row.score),
        )
        for row in ranked
    ]


def veiled_page(session: JurySession, number: str | None) -> Page[Any]:
    """The files of the agenda by number, whatever became of them."""
    return Paginator(items_of(session).filter(round=1).order_by("application__number"), RANKED_A_PAGE).get_page(number)


def veiled_rows(items: Sequence[AgendaItem], viewer: Viewer) -> list[dict[str, Any]]:
    """For someone recused from a file: neither rank, nor proposal, nor which ranking, which would tell those of it."""
    names = names_of(item.application for item in items)
    unsaid = {"rank": None, "why": "", "tied": False, "ranking": "", "departure": "", "departs": ""}
    return [
        {
            **unsaid,
            "name": names[item.application_id],
            "number": item.application.number,
            "score": score_line(item) if viewer.sees(item) else "",
            "badge": EXAMINED if viewer.sees(item) else ui.BADGES["recused"],
            "seen": viewer.sees(item),
        }
        for item in items
    ]


def score_line(item: AgendaItem) -> str:
    found = score_of(item)
    return format_total(found.total) if found and found.total is not None else "–"


def proposal_page(session: JurySession, number: str | None) -> Page[Any]:
    """One page of the ranking as it was frozen."""
    return Paginator(proposal_of(session), RANKED_A_PAGE).get_page(number)


def proposal_rows(lines: Sequence[ProposalLine], viewer: Viewer) -> list[dict[str, Any]]:
    """The rows of frozen lines."""
    names = names_of(line.application for line in lines)
    items = items_voted(lines)
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
            departure=departure_line(line.computed_rank, line.departure),
            departs="",
            seen=line.application_id not in viewer.recused,
            calculation=calculation_url(items.get(line.application_id), line.score),
        )
        for line in lines
    ]


def departure_line(computed: int | None, reason: str) -> str:
    """« Les notes donnaient le rang 4 ; motif de l’écart : … »; "" when the jury follows the notes."""
    return f"Les notes donnaient le rang {computed} ; motif de l’écart : {reason}" if reason else ""


def departure_url(row: RankedItem, viewer: Viewer) -> str:
    """Where the jury departs from the notes for this file; "" when one may not, or it is not ranked."""
    ranked = row.line.rank is not None or row.line.computed is not None
    if not (ranked and viewer.writes and not viewer.recused and row.score is not None):
        return ""
    return reverse("jury_depart", args=[row.item.session.uuid, row.item.uuid])


def items_voted(lines: Sequence[ProposalLine]) -> dict[int, AgendaItem]:
    """{file: its item on the agenda of the session}."""
    files = [line.application_id for line in lines]
    items = AgendaItem.objects.filter(session__in={line.session_id for line in lines}, application__in=files, round=1)
    return {item.application_id: item for item in items.select_related("session")}


def calculation_url(item: AgendaItem | None, score: Decimal | None) -> str:
    """Where the score of a file is told step by step; "" without a score, or off the agenda."""
    if item is None or score is None:
        return ""
    return reverse("jury_calculation", args=[item.session.uuid, item.uuid])


def row_of(*, score: Any, outcome: str, why: str, seen: bool, rank: int | None, **more: Any) -> dict[str, Any]:
    """A member recused from a file reads its name, nothing else."""
    hidden = {"score": "", "badge": ui.BADGES["recused"], "why": "", "rank": None, "calculation": "", "departure": ""}
    shown = {
        "score": format_total(score) if score is not None else "–",
        "badge": OUTCOMES[outcome],
        "why": why,
        "rank": rank,
    }
    return {**more, "seen": seen, **(shown if seen else hidden)}


def rankings_shown(call: Call, rows: Sequence[dict[str, Any]], *, veiled: bool = False) -> list[dict[str, Any]]:
    """The rows by ranking, in order, each with its label and what it offers; in one list when `veiled`."""
    if veiled:
        return [{"label": "", "offer": "", "rows": list(rows)}]
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


def page_shown(session: JurySession, viewer: Viewer, wanted: str | None) -> tuple[Page[Any], list[dict[str, Any]]]:
    """One page of the ranking of the moment, or of the frozen proposal; neither for who is recused."""
    if viewer.veiled:
        page = veiled_page(session, wanted)
        return page, veiled_rows(list(page), viewer)
    if session.state in CLOSED_STATES:
        page = proposal_page(session, wanted)
        return page, proposal_rows(list(page), viewer)
    page = ranking_page(session, wanted)
    return page, ranking_rows(list(page), viewer)


@require_safe
def ranking(request: HttpRequest, uuid: str) -> HttpResponse:
    """The ranking so far, or the proposal once the session is closed."""
    at = portal_now()
    session, viewer = find_session(request, uuid, at)
    if session.state == states.PLANNED:
        raise Refused("Le classement se lit à partir de la séance\u00a0: personne ne voit les notes avant.")
    if session.state in states.MEETING and viewer.recused:
        raise Refused("Vous êtes déporté d’un dossier\u00a0: le classement s’ouvre pour vous une fois la séance close.")
    frozen = session.state in CLOSED_STATES
    page, rows = page_shown(session, viewer, request.GET.get("page"))
    context = {"session": session, "call": session.call, "viewer": viewer, "frozen": frozen, "page": page}
    context |= {"rankings": rankings_shown(session.call, rows, veiled=viewer.veiled)}
    context |= {"numeric": has_points(session.call), "veiled": viewer.veiled}
    context["waiting"] = session.items.exclude(state=states.CLOSED).count()
    context["exports"] = bool(can_help(roles_over(request.user, session.call, at), chairs=False))
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
    veiled = viewer.veiled
    form = TieForm(posted(request), tied=tied, names=names, labels=labels, veiled=veiled) if tied else None
    if request.method == "POST" and (form is None or form.is_valid()):
        settled = {"settled": form.order, "reason": form.cleaned_data["reason"]} if form else {}
        close_session(session=session, by=request.user, at=at, **settled)
        messages.success(request, "La séance est close. Le procès-verbal se prépare.")
        return redirect("minutes", uuid=session.uuid)
    page = veiled_page(session, request.GET.get("page")) if veiled else None
    rows = veiled_rows(list(page), viewer) if page else ranking_rows(ranked, viewer)
    context = {"session": session, "call": session.call, "form": form, "numeric": has_points(session.call)}
    context |= {"rankings": rankings_shown(session.call, rows, veiled=veiled), "veiled": veiled, "page": page}
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
        "errata": errata_of(session) if can_read_minutes(veiled=viewer.veiled, presides=viewer.presides) else [],
        "drafts": viewer.helps and session.state in states.MEETING,
        "keeps": viewer.helps and bool(can_read_minutes(veiled=viewer.veiled, presides=viewer.presides)),
        "signs": viewer.presides and session.state == states.DELIBERATED,
        "reads": can_read_minutes(veiled=viewer.veiled, presides=viewer.presides),
    }
    return render(request, "juries/minutes.html", context)


def errata_of(session: JurySession) -> list[Erratum]:
    return list(Erratum.objects.filter(minutes__session=session).select_related("document"))


@require_safe
def minutes_file(request: HttpRequest, uuid: str) -> HttpResponse:
    """The frozen bytes."""
    session, viewer = find_session(request, uuid, portal_now())
    require(can_read_minutes(veiled=viewer.veiled, presides=viewer.presides))
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
