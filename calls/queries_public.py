"""What everyone may ask of the calls: where each stands, whom it invites, its public dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Greatest, Lower, TruncDate

from portal.core.calendar import PARIS, day_of
from portal.territories.models import Grouping
from portal.territories.queries_areas import Territory, communes_within
from portal.territories.spelling import plain

from . import states
from .definition.identity import GROUPINGS
from .definition.timetable import MILESTONES
from .models import Call, CallTransition, Milestone, Window
from .queries import is_open, stage_of

PERIMETERS: Mapping[str, str] = {
    Call.PerimeterKind.INTERCOMMUNALITY: "intercommunality_id",
    Call.PerimeterKind.DEPARTMENT: "department_id",
    Call.PerimeterKind.REGION: "department__region_id",
    Call.PerimeterKind.COMMUNES: "insee",
}
# What was decided of a call comes before its dates.
DECIDED = (states.SUSPENDED, states.CANCELLED, states.ARCHIVED)
DATED = {"jury_on": "jury", "decision_on": "decision", "kickoff_on": "kickoff", "end_on": "end"}


# --- where a call stands -----------------------------------------------------------------------------------------


def cancelled_at(call: Call) -> datetime | None:
    """When the call was dropped; it may have been archived since."""
    dropped = [row.happened_at for row in call.transitions.all() if row.to_state == states.CANCELLED]
    return max(dropped, default=None)


def is_dropped(call: Call) -> bool:
    return call.state == states.CANCELLED or (call.state == states.ARCHIVED and cancelled_at(call) is not None)


def phase_of(call: Call, at: datetime) -> str:
    """What was decided of it, else « application » while one may deposit, « call » while one will, then the link."""
    if is_dropped(call):
        return states.CANCELLED
    if call.state in DECIDED:
        return call.state
    windows = call.windows.all()
    if any(is_open(window, at) for window in windows):
        return "application"
    return "call" if any(window.opens_at > at for window in windows) else stage_of(call, at)


def with_phase(calls: QuerySet[Call], at: datetime) -> QuerySet[Call]:
    """The same in SQL, for filters and order: `phase`, `limit` (nearest limit now), `opening` (next), `last`."""
    windows = Window.objects.filter(call=OuterRef("pk"))
    opened = windows.filter(opens_at__lte=at, closes_at__gte=at).order_by("closes_at")
    coming = windows.filter(opens_at__gt=at).order_by("opens_at")
    return calls.annotate(
        limit=Subquery(opened.values("closes_at")[:1]),
        opening=Subquery(coming.values("opens_at")[:1]),
        last=Subquery(windows.order_by("-closes_at").values("closes_at")[:1]),
        **{name: milestone_day(code) for name, code in DATED.items()},
    ).annotate(phase=phase_case(day_of(at)))


def milestone_day(code: str) -> Subquery:
    """The day of a milestone, in Paris."""
    dated = Milestone.objects.filter(call=OuterRef("pk"), code=code)
    return Subquery(dated.annotate(day=Coalesce("on", TruncDate("at", tzinfo=PARIS))).values("day")[:1])


def phase_case(today: date) -> Case:
    """The order of `stages.stage`, once all windows are closed."""
    dropped = CallTransition.objects.filter(call=OuterRef("pk"), to_state=states.CANCELLED)
    cases: list[tuple[Q, str]] = [
        (Q(state=states.ARCHIVED) & Q(Exists(dropped)), states.CANCELLED),
        *((Q(state=state), state) for state in DECIDED),
        (Q(limit__isnull=False), "application"),
        (Q(opening__isnull=False), "call"),
        (Q(jury_on__gt=today), "examination"),
        (Q(decision_on__gte=today, jury_on__isnull=False), "jury"),
        (Q(decision_on__gte=today), "examination"),
        (Q(kickoff_on__gt=today), "agreement"),
        (Q(end_on__gte=today), "support"),
        (Q(end_on__isnull=False), "impact"),
        (Q(kickoff_on__isnull=False), "support"),
        (Q(decision_on__isnull=False), "agreement"),
    ]
    whens = [When(condition, then=Value(phase)) for condition, phase in cases]
    return Case(*whens, default=Value("examination"), output_field=CharField())


def in_public_order(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Open ones by nearest limit, then those to come by opening, then the others, the last closed first."""
    rank = Case(When(phase="application", then=Value(0)), When(phase="call", then=Value(1)), default=Value(2))
    nearest = Case(When(phase="application", then=F("limit")), When(phase="call", then=F("opening")))
    return calls.order_by(rank, nearest.asc(nulls_last=True), F("last").desc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Change:
    """The last time that the document of a call changed: how many times before, when."""

    n: int
    at: datetime


def last_change(call: Call) -> Change:
    """Publication, correction or extension; the creation for a call in preparation."""
    last = call.revisions.order_by("-n").values_list("n", "made_at").first()
    return Change(last[0] - 1, last[1]) if last else Change(0, call.created_at)


def with_changes(calls: QuerySet[Call]) -> QuerySet[Call]:
    """`changed_at`, the last revision or act; the last published first."""
    changed = Greatest(Max("revisions__made_at"), Max("transitions__happened_at"))
    return calls.annotate(changed_at=changed).order_by("-published_at", "-pk")


# --- which calls -------------------------------------------------------------------------------------------------


def inviting(place: Territory) -> Q:
    """The calls whose perimeter holds a commune of this place."""
    communes = communes_within(place).order_by()
    found = Q(pk__in=[])
    for kind, column in PERIMETERS.items():
        found |= Q(perimeter_kind=kind, perimeter_codes__overlap=communes.values(column).distinct())
    for kind, of_file in GROUPINGS.items():
        named = Grouping.objects.filter(kind=of_file, communes__in=communes).order_by()
        found |= Q(perimeter_kind=kind, perimeter_codes__overlap=named.values("code").distinct())
    return found


def saying(calls: QuerySet[Call], text: str) -> QuerySet[Call]:
    """The calls that hold each word typed, whatever its accents, hyphens and apostrophes."""
    written = Concat(
        "title", Value(" "), "edition", Value(" "), "summary", Value(" "), "programme__title", Value(" "),
        "owner__name", Value(" "), "contact_service", Value(" "),
        Func(F("themes"), Value(" "), function="array_to_string", output_field=TextField()),
        output_field=TextField(),
    )  # fmt: skip
    return holding(calls, written, text)


def holding(rows: QuerySet[Any], written: Any, text: str) -> QuerySet[Any]:
    """The rows whose expression holds each word typed, both compared as `spelling.plain` does."""
    bare = Lower(Func(written, function="unaccent", output_field=TextField()))
    signs = Value("[^a-z0-9]+"), Value(" "), Value("g")
    rows = rows.annotate(words=Func(bare, *signs, function="regexp_replace", output_field=TextField()))
    for word in plain(text[:100]).split():
        rows = rows.filter(words__contains=word)
    return rows


def values_of(calls: QuerySet[Call], column: str) -> list[str]:
    """The distinct values of a list column."""
    each = calls.order_by().prefetch_related(None).annotate(value=Func(F(column), function="unnest"))
    return list(each.values_list("value", flat=True).distinct())


# --- its public dates --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicDate:
    """One line of the public calendar. `key` never changes: `jury`, `W1-opens`, `W1-closes`."""

    key: str
    label: str
    at: date | datetime
    note: str = ""


def public_dates(call: Call) -> list[PublicDate]:
    """Milestones, openings and limits, by date."""
    rows = [PublicDate(m.code, label_of(m), m.on or m.at, m.note) for m in call.milestones.all()]
    windows = list(call.windows.all())
    for window in windows:
        of = of_window(window, windows)
        rows.append(PublicDate(f"{window.code}-opens", f"Ouverture des {of}", window.opens_at))
        rows.append(PublicDate(f"{window.code}-closes", f"Clôture des {of}", window.closes_at))
    return sorted(rows, key=lambda row: wall_clock_order(row.at))


def label_of(milestone: Milestone) -> str:
    return milestone.label or MILESTONES.get(milestone.code, milestone.code)


def of_window(window: Window, windows: list[Window]) -> str:
    """« candidatures », « lettres d’intention », « candidatures, vague 2 »: what tells a window from the others."""
    what = "lettres d’intention" if window.stage == "intent" else "candidatures"
    parts = [what]
    if window.track_id and len({other.track_id for other in windows}) > 1:
        parts.append(f"volet « {window.track.label} »")
    if len({other.wave for other in windows}) > 1:
        parts.append(f"vague {window.wave}")
    return ", ".join(parts)


def is_past(at: date | datetime, now: datetime) -> bool:
    """A day is past once it is over in Paris."""
    return at < now if isinstance(at, datetime) else at < day_of(now)


def wall_clock_order(at: Any) -> str:
    """A day comes before its hours."""
    return at.astimezone(PARIS).isoformat() if isinstance(at, datetime) else at.isoformat()
