"""What the jury proposes: scores and votes brought together, then ranked by pure code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, Value, When, Window
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, Rank

from applications.models import Application
from applications.rankings import has_points, ranking_codes
from applications.states import ADMISSIBLE
from calls.models import Call
from portal.core.models import FrozenDocument

from .. import states
from ..models import AgendaItem, Assessment, FileScore, JurySession, ProposalLine
from ..ranking import Departure, Entry, Line, RankingRules, line_of, rank_apart
from .grid import file_result, ranking_rules
from .members import files_of
from .sessions import items_of

RANKED_A_PAGE = 50
SCORE = "application__jury_score"
Result = AgendaItem.Result
# Settled, and not put off for want of a quorum (a file out by a knock-out is settled without a vote too); neither an
# even vote that waits for its next step nor a file put off by one.
VOTED = Q(result__in=(Result.FAVOURABLE, Result.UNFAVOURABLE))
EXAMINED = Q(state=states.CLOSED) & (VOTED | Q(result=Result.NO_VOTE, **{f"{SCORE}__knocked_out": True}))
NO_TIE = Value([], output_field=ArrayField(DecimalField(max_digits=6, decimal_places=2)))
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
    """Put off by an even vote, or settled without a vote for want of a quorum: it comes back at another session."""
    return item.result == Result.DEFERRED or (item.result == Result.NO_VOTE and not is_knocked_out(item))


def ranking_of(session: JurySession, settled: Sequence[str] = ()) -> list[RankedItem]:
    """The ranking of the files examined; `settled`: uuids of tied files in the order given by the jury."""
    items = {item.pk: item for item in items_of(session).filter(EXAMINED)}
    entries = [entry_of(item) for item in items.values()]
    lines = rank_apart(entries, ranking_rules(session.call), settled, departures_of(session))
    by_key = {str(item.application.uuid): item for item in items.values()}
    return [_ranked(by_key[line.key], line) for line in lines]


def departures_of(session: JurySession) -> list[Departure]:
    """What the jury decided against the computed ranking, in the order of its decisions."""
    rows = session.departures.select_related("application")
    return [Departure(str(row.application.uuid), row.place, row.reason) for row in rows]


def ranking_page(session: JurySession, number: str | None) -> Page[Any]:
    """One page of the ranking of the moment, before any tie is settled: the database orders, only the page is read.

    Once the jury has departed from the notes, the whole ranking is read: pure code says what is left of theirs.
    """
    if session.departures.exists():
        return Paginator(ranking_of(session), RANKED_A_PAGE).get_page(number)
    rules = ranking_rules(session.call)
    page: Page[Any] = Paginator(ranked_rows(session, rules), RANKED_A_PAGE).get_page(number)
    rows = list(page)
    items = items_of(session).in_bulk([pk for pk, _, _ in rows])
    entries = {pk: entry_of(item) for pk, item in items.items()}
    ranked = [
        _ranked(items[pk], line_of(entries[pk], first, same, rules[entries[pk].ranking])) for pk, first, same in rows
    ]
    return Page(ranked, page.number, page.paginator)


def ranked_rows(session: JurySession, rules: Mapping[str, RankingRules]) -> QuerySet[AgendaItem, tuple[int, int, int]]:
    """(item, rank, how many hold it), as `juries.ranking.rank_apart` orders them: those out of a ranking last in it."""
    total, tie = F(f"{SCORE}__total"), Coalesce(F(f"{SCORE}__tie_break"), NO_TIE)
    best_first = [total.desc(nulls_last=True), OrderBy(tie, descending=True)]
    return (
        session.items.filter(EXAMINED)
        .annotate(ranking=Coalesce(F(f"{SCORE}__ranking"), Value("")), tie=tie)
        .annotate(apart=order_of(list(rules)), out=Case(When(refused(rules), then=Value(1)), default=Value(0)))
        .annotate(
            place=Window(Rank(), partition_by=["ranking", "out"], order_by=best_first),
            same=Window(Count("pk"), partition_by=["ranking", "out", f"{SCORE}__total", "tie"]),
        )
        .order_by("apart", "out", *best_first, "application__uuid")
        .values_list("pk", "place", "same")
    )


def order_of(codes: Sequence[str]) -> Case:
    """The place of a file's ranking among those of the call."""
    return Case(*(When(ranking=code, then=Value(n)) for n, code in enumerate(codes)), default=Value(len(codes)))


def refused(rules: Mapping[str, RankingRules]) -> Q:
    """What stands out of its ranking, as `juries.ranking.refusal` says."""
    found = Q(**{f"{SCORE}__knocked_out": True}) | Q(result=Result.UNFAVOURABLE)
    for code, rule in rules.items():
        if rule.threshold is not None:
            low = Q(**{f"{SCORE}__total__isnull": True}) | Q(**{f"{SCORE}__total__lt": rule.threshold})
            found |= Q(ranking=code) & low
    return found


def entry_of(item: AgendaItem) -> Entry:
    found = score_of(item)
    return Entry(
        key=str(item.application.uuid),
        score=found.total if found else None,
        tie_break=tuple(found.tie_break) if found else (),
        knocked_out=is_knocked_out(item),
        favourable=item.result in (Result.FAVOURABLE, Result.NO_VOTE),
        ranking=found.ranking if found else "",
    )


def _ranked(item: AgendaItem, line: Line) -> RankedItem:
    found = score_of(item)
    return RankedItem(item, line, found.total if found else None, is_knocked_out(item))


def ties_to_settle(ranked: Iterable[RankedItem]) -> list[RankedItem]:
    return [row for row in ranked if row.line.must_settle]


def tied_files(session: JurySession) -> list[Application]:
    """The files that nothing separates yet, for a place that not all of them can have."""
    return [row.item.application for row in ties_to_settle(ranking_of(session))]


def proposal_of(session: JurySession) -> QuerySet[ProposalLine]:
    """What was frozen, ranking after ranking, those out of a ranking last in it."""
    lines = session.proposal.annotate(apart=order_of(list(ranking_rules(session.call))))
    return lines.select_related("application__lead__commune").order_by(
        "apart",
        Case(When(outcome="not_selected", then=Value(1)), default=Value(0)),
        F("rank").asc(nulls_last=True),
        "pk",
    )


def proposals(call: Call) -> list[Proposal]:
    """What the jury proposes; in a call without jury, what the technical opinions give."""
    return jury_proposals(call) if hasattr(call, "jury_rules") else technical_proposals(call)


def technical_proposals(call: Call) -> list[Proposal]:
    """The ranking of the technical opinions, once every admissible file has its own; the reasons are still to write."""
    files = {str(file.uuid): file for file in files_of(call).filter(state=ADMISSIBLE)}
    notes = technical_notes(files.values()) if has_points(call) else {}
    if not files or len(notes) < len(files):
        return []
    codes = ranking_codes(call, files.values())
    results = {key: file_result(file, [notes[file.pk]]) for key, file in files.items()}
    entries = [
        Entry(key, found.total, found.tie_break, bool(found.knocked_out), ranking=codes[files[key].pk])
        for key, found in results.items()
    ]
    lines = [line for line in rank_apart(entries, ranking_rules(call)) if line.outcome != "undecided"]
    return [
        (files[line.key], line.outcome, None if line.tied else line.rank, results[line.key].total, line.why)
        for line in lines
    ]


def technical_notes(files: Iterable[Application]) -> dict[int, dict[str, Decimal]]:
    """The notes of the technical opinions submitted, by file: two queries whatever their number."""
    rows = Assessment.objects.filter(
        application__in=[file.pk for file in files], kind=Assessment.Kind.TECHNICAL, state=states.SUBMITTED
    )
    return {
        sheet.application_id: {row.criterion.code: row.note for row in sheet.scores.all() if row.note is not None}
        for sheet in rows.prefetch_related("scores__criterion")
    }


def jury_proposals(call: Call) -> list[Proposal]:
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


def paper_number(session: JurySession, head: str) -> str:
    """« FE-TPS-2027-1 »: the papers of a session bear the number of its minutes."""
    return head + minutes_number(session).removeprefix("PV")


def latest_document(number: str) -> FrozenDocument | None:
    """The latest version of a document."""
    return FrozenDocument.objects.filter(number=number).select_related("file").order_by("-version").first()


def minutes_document(session: JurySession) -> FrozenDocument | None:
    """The latest version of the minutes."""
    return latest_document(minutes_number(session))
