"""The competent authority's decision: checked as a whole, recorded in one act, distinct from the jury's proposal."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from calls.models import Call
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.rules import Refused
from portal.core.typography import format_quantity
from portal.core.workflow import fire

from .. import states
from ..models import Application, ApplicationTransition, Decision, DecisionLine
from ..queries.admissibility import awaited_by_decision
from ..queries.laureates import laureates
from ..queries.staff import files_to_decide, files_unexamined
from ..rankings import Place, has_points, places_of, ranking_codes
from .notices import mark_notice_read, prepare_notices, send_notices

__all__ = ["PROPOSALS", "Line", "mark_notice_read", "prepare_notices", "record_decision", "send_notices"]
Outcome = DecisionLine.Outcome
_MASCULINE = ("bureau", "conseil", "comité", "jury", "maire", "préfet", "président", "directeur", "ministre")
_FEMININE = ("commission", "préfète", "présidente", "directrice")
ARTICLES = ("le ", "la ", "les ", "l’")
RANKED = frozenset({Outcome.SELECTED, Outcome.RESERVE})

Proposal = tuple[Application, str, int | None, Decimal | None, str]
# The jury's proposal: functions(call) -> [(application, outcome, rank, score, reason)], added by juries.
PROPOSALS: list[Callable[[Call], Iterable[Proposal]]] = []


@dataclass(frozen=True)
class Line:
    """What the act says of one file. `rank` is its place in its whole ranking, reserve list included; `amount`: the aid
    granted to a file selected, in euros."""

    application: Application
    outcome: str
    reason: str
    rank: int | None = None
    score: Decimal | None = None
    ranking: str = ""
    amount: Decimal | None = None


def proposal_for(call: Call) -> dict[int, Line]:
    """The jury's proposal by file; empty without a jury or before the end of its session. Only the kept are ranked."""
    rows = [row for proposed in PROPOSALS for row in proposed(call)]
    return {
        application.pk: Line(application, outcome, reason, rank if outcome in RANKED else None, score)
        for application, outcome, rank, score, reason in rows
    }


def starting_lines(files: Iterable[Application], proposed: dict[int, Line]) -> dict[int, Line]:
    """What the form starts from: the jury's proposal; for an inadmissible file, the verdict of the examination."""
    inadmissible = [file for file in files if file.state == states.INADMISSIBLE]
    verdicts = ApplicationTransition.objects.filter(application__in=inadmissible, transition=states.REJECT.name)
    reasons = dict(verdicts.order_by("happened_at", "pk").values_list("application_id", "reason"))
    refused = {file.pk: Line(file, Outcome.INADMISSIBLE, reasons.get(file.pk, "")) for file in inadmissible}
    return {**proposed, **refused}


def problems(
    lines: Sequence[Line],
    pending: Sequence[Application],
    places: Mapping[str, Place],
    already: Mapping[str, int] | None = None,
    *,
    computed: bool = True,
) -> list[str]:
    """What forbids to record these lines, one sentence each. `already`: places of each ranking taken by earlier
    decisions. `computed`: the grid gives a ranking, so that each file kept has a rank in it."""
    found = [*missing_lines(lines, pending), *unfit_outcomes(lines)]
    for code, place in places.items():
        apart = [line for line in lines if line.ranking == code]
        faults = [*unfit_ranks(apart, computed=computed), *too_many(apart, place, (already or {}).get(code, 0))]
        found += [f"{place.label} : {fault[:1].lower()}{fault[1:]}" if place.label else fault for fault in faults]
    return found


def missing_lines(lines: Sequence[Line], pending: Sequence[Application]) -> list[str]:
    """One line per file that awaits a decision, no more, each with its reason."""
    found = Counter(line.application.pk for line in lines)
    expected = {file.pk: file for file in pending}
    sentences = [f"La candidature {file.number} n’a pas de décision." for pk, file in expected.items() if not found[pk]]
    for line in lines:
        if line.application.pk not in expected:
            sentences.append(f"La candidature {line.application.number} n’attend pas de décision.")
        elif found[line.application.pk] > 1:
            sentences.append(f"La candidature {line.application.number} figure plusieurs fois.")
        elif not line.reason.strip():
            sentences.append(f"Écrivez le motif de la candidature {line.application.number} : la lettre le reprend.")
    return sentences


def unfit_outcomes(lines: Iterable[Line]) -> list[str]:
    """An inadmissible file is decided so, an admissible one never is."""
    sentences = []
    for line in lines:
        number = line.application.number
        if line.application.state == states.INADMISSIBLE and line.outcome != Outcome.INADMISSIBLE:
            sentences.append(f"La candidature {number} n’est pas recevable : elle ne peut pas être classée.")
        elif line.application.state == states.ADMISSIBLE and line.outcome == Outcome.INADMISSIBLE:
            sentences.append(f"La candidature {number} est recevable : revenez d’abord sur sa recevabilité.")
    return sentences


def unfit_ranks(lines: Iterable[Line], *, computed: bool) -> list[str]:
    """Selected and reserve files of one ranking have a rank, each its own; the others have none.

    Without a computed ranking, files may be selected without order: all of them, or none.
    """
    lines = list(lines)
    unordered = not computed and all(line.rank is None for line in lines if line.outcome == Outcome.SELECTED)
    sentences = []
    for line in lines:
        free = unordered and line.outcome == Outcome.SELECTED
        if line.outcome in RANKED and line.rank is None and not free:
            sentences.append(f"Donnez un rang à la candidature {line.application.number}.")
        elif line.outcome not in RANKED and line.rank is not None:
            sentences.append(f"La candidature {line.application.number} n’est pas classée : retirez son rang.")
    taken = Counter(line.rank for line in lines if line.rank is not None and line.outcome in RANKED)
    sentences += [f"Le rang {rank} est donné à {n} candidatures." for rank, n in sorted(taken.items()) if n > 1]
    return sentences


def too_many(lines: Iterable[Line], place: Place, already: int) -> list[str]:
    """Never more places than the rules of the call offer."""
    count = Counter(line.outcome for line in lines)
    sentences = []
    selected = count[Outcome.SELECTED] + already
    if place.max_selected is not None and selected > place.max_selected:
        offered = format_quantity(place.max_selected, "candidature retenue", "candidatures retenues")
        sentences.append(f"Le règlement prévoit au plus {offered} : vous en retenez {selected}.")
    if place.reserve_size is not None and count[Outcome.RESERVE] > place.reserve_size:
        offered = format_quantity(place.reserve_size, "place")
        sentences.append(f"La liste complémentaire compte {offered} : vous en inscrivez {count[Outcome.RESERVE]}.")
    return sentences


def not_ready(call: Call) -> str:
    """Why no decision can be recorded now; empty when one can."""
    waiting = files_unexamined(call).count()
    if waiting:
        left = format_quantity(waiting, "candidature attend", "candidatures attendent")
        return f"{left} encore un avis sur la recevabilité : décidez-en d’abord."
    if awaited := awaited_by_decision(call):
        return f"{awaited[0]} La décision les attend."
    if not files_to_decide(call).exists():
        return "Aucune candidature n’attend de décision."
    return ""


def with_article(authority: str) -> str:
    """« bureau communautaire » → « le bureau communautaire », as letters write it; unchanged when it is not known."""
    text = authority.strip().replace("l'", "l’")
    if not text or text.lower().startswith(ARTICLES):
        return text[:1].lower() + text[1:]
    noun = text.split()[0].lower()
    article = "le " if noun in _MASCULINE else "la " if noun in _FEMININE else "l’" if noun == "assemblée" else ""
    return f"{article}{text[:1].lower()}{text[1:]}" if article else text


@transaction.atomic
def record_decision(
    *,
    call: Call,
    body: str,
    act_number: str,
    act_on: date,
    lines: Sequence[Line],
    by: User,
    at: datetime,
    act_kind: str = "délibération",
    told_on: date | None = None,
) -> Decision:
    """Record the act and its lines; every file becomes decided. Raises `Refused` with all that is wrong.

    `told_on`: the applicants were told then, elsewhere than here (past editions): no letter leaves.
    """
    Call.objects.select_for_update().get(pk=call.pk)
    faults = [*act_faults(call, act_number, act_on, at, told_on), *line_faults(call, lines)]
    if faults:
        raise Refused(" ".join(faults))
    decision = Decision.objects.create(
        call=call,
        body=with_article(body),
        act_kind=act_kind,
        act_number=act_number,
        act_on=act_on,
        recorded_at=at,
        recorded_by=by,
        told_on=told_on,
        notified_at=at if told_on else None,
        notified_by=by if told_on else None,
    )
    placed = in_rankings(call, lines)
    DecisionLine.objects.bulk_create(DecisionLine(decision=decision, **columns(line)) for line in placed)
    for line in lines:
        fire(line.application, states.DECIDE, by=by, at=at, reason=str(decision))
    return decision


def columns(line: Line) -> dict[str, Any]:
    return {
        "application": line.application,
        "outcome": line.outcome,
        "rank": line.rank,
        "score": line.score,
        "ranking": line.ranking,
        "amount": line.amount if line.outcome == Outcome.SELECTED else None,
        "reason": line.reason.strip(),
    }


def act_faults(call: Call, act_number: str, act_on: date, at: datetime, told_on: date | None = None) -> list[str]:
    """An act is dated at the latest today and recorded once; its notice elsewhere comes after it, never later."""
    faults = []
    if told_on and not act_on <= told_on <= day_of(at):
        faults.append("La notification faite hors du portail suit l’acte, et n’est pas à venir.")
    if act_on > day_of(at):
        faults.append("La date de l’acte est à venir : une décision s’enregistre une fois prise.")
    if Decision.objects.filter(call=call, act_number=act_number).exists():
        faults.append(f"L’acte n° {act_number} est déjà enregistré pour cet appel.")
    return faults


@transaction.atomic
def line_faults(call: Call, lines: Sequence[Line]) -> list[str]:
    """What is wrong with these lines now, the state of each file read again and kept still until the end of the act."""
    if reason := not_ready(call):
        return [reason]
    pending = {file.pk: file for file in files_to_decide(call).select_for_update(of=("self",))}
    fresh = [replace(line, application=pending.get(line.application.pk, line.application)) for line in lines]
    already = Counter(line.ranking for line in laureates(call))
    placed = in_rankings(call, fresh)
    return problems(placed, list(pending.values()), places_of(call), already, computed=has_points(call))


def in_rankings(call: Call, lines: Sequence[Line]) -> list[Line]:
    """The lines, each with the ranking of its file, from the facts frozen at its deposit."""
    codes = ranking_codes(call, [line.application for line in lines])
    return [replace(line, ranking=codes[line.application.pk]) for line in lines]
