"""What the jury proposes: scores and votes brought together, then ranked by pure code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.models import Application
from calls.models import Call
from portal.core.models import FrozenDocument

from .. import states
from ..models import AgendaItem, FileScore, JurySession, ProposalLine
from ..ranking import Entry, Line, rank
from .grid import ranking_rules
from .sessions import items_of

Result = AgendaItem.Result
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


def entry_of(item: AgendaItem) -> Entry:
    found = score_of(item)
    return Entry(
        key=str(item.application.uuid),
        score=found.total if found else None,
        tie_break=found.tie_break if found else None,
        knocked_out=is_knocked_out(item),
        favourable=item.result in (Result.FAVOURABLE, Result.NO_VOTE),
    )


def ranking_of(session: JurySession, settled: Sequence[str] = ()) -> list[RankedItem]:
    """The ranking of the files examined; `settled`: uuids of tied files in the order given by the jury."""
    items = {str(item.application.uuid): item for item in items_of(session) if examined(item)}
    lines = rank([entry_of(item) for item in items.values()], ranking_rules(session.call), settled)
    return [_ranked(items[line.key], line) for line in lines]


def _ranked(item: AgendaItem, line: Line) -> RankedItem:
    found = score_of(item)
    return RankedItem(item, line, found.total if found else None, is_knocked_out(item))


def examined(item: AgendaItem) -> bool:
    return item.state == states.CLOSED and not is_deferred(item)


def ties_to_settle(ranked: Iterable[RankedItem]) -> list[RankedItem]:
    return [row for row in ranked if row.line.must_settle]


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
