"""What the jury proposes: scores and votes brought together, then ranked by pure code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, Rank

from applications.models import Application
from calls.models import Call
from portal.core.models import FrozenDocument

from .. import states
from ..models import AgendaItem, FileScore, JurySession, ProposalLine
from ..ranking import Entry, Line, RankingRules, line_of, rank
from .grid import ranking_rules
from .sessions import items_of

RANKED_A_PAGE = 50
SCORE = "application__jury_score"
Result = AgendaItem.Result
# Settled, and not put off for want of a quorum (a file out by a knock-out is settled without a vote too).
EXAMINED = Q(state=states.CLOSED) & (~Q(result=Result.NO_VOTE) | Q(**{f"{SCORE}__knocked_out": True}))
Proposal = tuple[Application, str, int | None, Decimal | None, str]


@dataclass(frozen=True)
class RankedItem:
    """A file of the session and its line in the ranking."""

    item: AgendaItem
    line: Line
    score: Decimal | None
    knocked_out: bool


def score_of(item: AgendaItem) -> FileScore | None:
    return getattr(item.application, "jury_score", None)


def is_knocked_out(item: AgendaItem) -> bool:
    found = score_of(item)
    return found is not None and found.knocked_out


def is_deferred(item: AgendaItem) -> bool:
    """Settled without a vote for want of a quorum: it comes back at another session."""
    return item.result == Result.NO_VOTE and not is_knocked_out(item)


def ranking_of(session: JurySession, settled: Sequence[str] = ()) -> list[RankedItem]:
    """The ranking of the files examined; `settled`: uuids of tied files in the order given by the jury."""
    items = {item.pk: item for item in items_of(session).filter(EXAMINED)}
    lines = rank([entry_of(item) for item in items.values()], ranking_rules(session.call), settled)
    by_key = {str(item.application.uuid): item for item in items.values()}
    return [_ranked(by_key[line.key], line) for line in lines]


def ranking_page(session: JurySession, number: str | None) -> Page[Any]:
    """One page of the ranking of the moment, before any tie is settled: the database orders, only the page is read."""
    rules = ranking_rules(session.call)
    page: Page[Any] = Paginator(ranked_rows(session, rules), RANKED_A_PAGE).get_page(number)
    rows = list(page)
    items = items_of(session).in_bulk([pk for pk, _, _ in rows])
    ranked = [_ranked(items[pk], line_of(entry_of(items[pk]), first, same, rules)) for pk, first, same in rows]
    return Page(ranked, page.number, page.paginator)


def ranked_rows(session: JurySession, rules: RankingRules) -> QuerySet[AgendaItem, tuple[int, int, int]]:
    """(item, rank, how many hold it), as `juries.ranking.rank` orders them: those out of the ranking last."""
    total, tie = F(f"{SCORE}__total"), Coalesce(F(f"{SCORE}__tie_break"), Value(Decimal(0)))
    refused = Q(**{f"{SCORE}__knocked_out": True}) | Q(result=Result.UNFAVOURABLE)
    if rules.threshold is not None:
        refused |= Q(**{f"{SCORE}__total__isnull": True}) | Q(**{f"{SCORE}__total__lt": rules.threshold})
    out = Case(When(refused, then=Value(1)), default=Value(0))
    best_first = [total.desc(nulls_last=True), OrderBy(tie, descending=True)]
    return (
        session.items.filter(EXAMINED)
        .annotate(out=out, tie=tie)
        .annotate(
            place=Window(Rank(), partition_by=["out"], order_by=best_first),
            same=Window(Count("pk"), partition_by=["out", f"{SCORE}__total", "tie"]),
        )
        .order_by("out", *best_first, "application__uuid")
        .values_list("pk", "place", "same")
    )


def entry_of(item: AgendaItem) -> Entry:
    found = score_of(item)
    return Entry(
        key=str(item.application.uuid),
        score=found.total if found else None,
        tie_break=found.tie_break if found else None,
        knocked_out=is_knocked_out(item),
        favourable=item.result in (Result.FAVOURABLE, Result.NO_VOTE),
    )


def _ranked(item: AgendaItem, line: Line) -> RankedItem:
    found = score_of(item)
    return RankedItem(item, line, found.total if found else None, is_knocked_out(item))


def ties_to_settle(ranked: Iterable[RankedItem]) -> list[RankedItem]:
    return [row for row in ranked if row.line.must_settle]


def tied_files(session: JurySession) -> list[Application]:
    """The files that nothing separates yet, for a place that not all of them can have."""
    return [row.item.application for row in ties_to_settle(ranking_of(session))]


def proposals(call: Call) -> list[Proposal]:
    """What closed sessions propose, for the decision: the latest session that examined a file speaks for it."""
    lines = ProposalLine.objects.filter(
        session__call=call, session__state__in=(states.DELIBERATED, states.SIGNED)
    ).select_related("application")
    latest = {line.application_id: line for line in lines.order_by("session__closed_at", "pk")}
    kept = sorted(latest.values(), key=lambda line: (line.rank is None, line.rank or 0, line.pk))
    return [(line.application, line.outcome, line.rank, line.score, line.reason) for line in kept]


def minutes_number(session: JurySession) -> str:
    """« PV-TPS-2027-1 »: the sessions of a call are numbered in the order in which they were planned."""
    n = JurySession.objects.filter(call=session.call_id, pk__lte=session.pk).count()
    return f"PV-{session.call.code_prefix}-{session.call.edition}-{n}"


def minutes_document(session: JurySession) -> FrozenDocument | None:
    """The latest version of the minutes."""
    documents = FrozenDocument.objects.filter(number=minutes_number(session)).select_related("file")
    return documents.order_by("-version").first()
