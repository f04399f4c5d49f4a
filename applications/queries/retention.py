"""When the content of each file falls due for erasure, which notices left, which visa covers it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Prefetch, Q, QuerySet

from calls.models import Call
from calls.reminders import offsets_of
from calls.retention import Retention, retention_of
from calls.states import PREPARATION
from portal.accounts.models import Membership
from portal.accounts.queries import WRITING_RIGHTS
from portal.core.calendar import day_of, offset_from, wall_clock
from portal.core.models import Reminder

from .. import states
from ..models import Application, ArchiveVisa, Channel, DecisionLine, Erasure
from ..rules.drafts import RECOVERABLE
from ..words import object_key
from .life import limit_of

RULE = "retention_due"
ENDED = frozenset({states.ABANDONED, states.DECIDED, states.WITHDRAWN, *states.ANSWERED_INTENT})
# Before the term, from when its notices are planned.
NOTICED_FROM = timedelta(days=35)
Kind = Erasure.Kind
# Upper apps say until when a file lives with them: (keys of files) → the last day known of each.
ENDINGS: list[Callable[[Collection[int]], Mapping[int, date]]] = []


@dataclass(frozen=True)
class Due:
    """One file and the first day on which its content may go. `notices`: days on which one left."""

    application: Application
    kind: str
    ended_on: date
    due_on: date
    rule: Retention
    held: str = ""
    notices: int = 0
    visa: ArchiveVisa | None = None
    reachable: bool = True

    @property
    def words(self) -> str:
        """« brouillon jamais déposé »."""
        return str(Kind(self.kind).label)

    @property
    def term(self) -> datetime:
        """What the notices come before."""
        return wall_clock(self.due_on, time(0))

    @property
    def deposited(self) -> bool:
        return self.kind in (Kind.SELECTED, Kind.NOT_SELECTED)

    @property
    def notices_due(self) -> int:
        return 0 if self.kind == Kind.DELETED else 2


def kept(files: QuerySet[Application]) -> QuerySet[Application]:
    """Those whose content is still here, with all that `dues_of` reads."""
    told = DecisionLine.objects.select_related("decision").order_by("decision__recorded_at", "pk")
    abandoned = Max("transitions__happened_at", filter=Q(transitions__transition=states.ABANDON.name))
    found = files.filter(erasure=None).annotate(abandoned_at=abandoned)
    return found.select_related("call__owner__profile", "window", "lead__commune").prefetch_related(
        "reopenings", "holds", "transitions", Prefetch("decision_lines", told, to_attr="told_lines")
    )


def dues_of(files: Iterable[Application], at: datetime) -> list[Due]:
    """Files of `kept` that have ended, the earliest due first; a few queries more, whatever their number."""
    rows = [file for file in files if has_ended(file, at)]
    keys = [file.pk for file in rows]
    endings: dict[int, date] = {}
    for ending in ENDINGS:
        for key, day in ending(keys).items():
            endings[key] = max(day, endings.get(key, day))
    dues = [due_of(file, endings.get(file.pk)) for file in rows]
    return sorted(completed(dues), key=lambda due: (due.due_on, due.application.pk))


def has_ended(file: Application, at: datetime) -> bool:
    """Decided, withdrawn or deleted; anything else, once its limit has passed."""
    return file.state in ENDED or at > limit_of(file)


def due_of(file: Application, ending: date | None) -> Due:
    rule, line = retention_of(file.call.extras), (file.told_lines or [None])[-1]  # type: ignore[attr-defined]
    if file.state == states.ABANDONED:
        gone = file.abandoned_at  # type: ignore[attr-defined]  # see kept
        return held(Due(file, Kind.DELETED, day_of(gone), day_of(gone + RECOVERABLE) + timedelta(days=1), rule))
    if file.number is None:
        closed_on = day_of(limit_of(file))
        return held(Due(file, Kind.DRAFT, closed_on, rule.of_draft(closed_on), rule))
    selected = line is not None and line.outcome == DecisionLine.Outcome.SELECTED
    ended_on = max(filter(None, [last_act(file, line), ending]))
    kind = Kind.SELECTED if selected else Kind.NOT_SELECTED
    return held(Due(file, kind, ended_on, rule.of_file(ended_on, selected=selected), rule))


def last_act(file: Application, line: DecisionLine | None) -> date:
    """The day of the act that decided it, else of the last thing that happened to it."""
    if line is not None:
        return line.decision.act_on
    happened = [row.happened_at for row in file.transitions.all()]
    return day_of(max(happened, default=file.last_activity_at))


def held(due: Due) -> Due:
    """Kept longer when someone said so."""
    latest = max(due.application.holds.all(), key=lambda hold: hold.until_on, default=None)
    if latest is None or latest.until_on <= due.due_on:
        return due
    return replace(due, due_on=latest.until_on, held=latest.reason)


def completed(dues: list[Due]) -> list[Due]:
    """With the notices of their present term that left, the visa that covers them, and whether somebody may be told."""
    told, visas, reached = notices_sent(dues), visas_of(dues), leads_reached(dues)
    return [
        replace(
            due,
            notices=len(told.get(object_key(due.application), ())),
            visa=visa_for(due, visas),
            reachable=due.application.lead_id in reached,
        )
        for due in dues
    ]


def notices_sent(dues: Iterable[Due]) -> dict[str, set[date]]:
    """The days on which a notice left, by file."""
    keys = {object_key(due.application): due for due in dues}
    sent = Reminder.objects.filter(rule=RULE, object_key__in=keys, state=Reminder.State.SENT)
    days: dict[str, set[date]] = {}
    for key, due_at in sent.values_list("object_key", "due_at"):
        if due_at in notice_instants(keys[key]):
            days.setdefault(key, set()).add(day_of(due_at))
    return days


def visas_of(dues: Iterable[Due]) -> list[ArchiveVisa]:
    calls = {due.application.call_id for due in dues if due.deposited}
    return list(ArchiveVisa.objects.filter(call__in=calls).order_by("recorded_at", "pk"))


def visa_for(due: Due, visas: Iterable[ArchiveVisa]) -> ArchiveVisa | None:
    """The first visa that covers a deposited file."""
    call = due.application.call_id
    covering = (visa for visa in visas if visa.call_id == call and visa.due_until >= due.due_on)
    return next(covering, None) if due.deposited else None


def leads_reached(dues: Iterable[Due]) -> set[int]:
    """The organisations that have an official address, or people who write."""
    leads = {due.application.lead_id: due.application.lead for due in dues}
    writers = Membership.objects.filter(
        organisation__in=leads, state=Membership.State.CONFIRMED, right__in=WRITING_RIGHTS, user__is_active=True
    )
    official = {key for key, lead in leads.items() if lead.official_email}
    return official | set(writers.values_list("organisation_id", flat=True))


def notice_instants(due: Due) -> list[datetime]:
    """A month, then a fortnight before the term, in the morning."""
    return [offset_from(due.term, days=o.days, at=o.at) for o in offsets_of(due.application.call, RULE)]


def nearly_due(at: datetime) -> QuerySet[Application]:
    """The files that may fall due within the days of the notices: none ends before it was begun, but past ones."""
    near = Q(pk__in=[])
    for key, notice in Call.objects.exclude(state__in=PREPARATION).values_list("pk", "extras__data_notice"):
        rule = retention_of({"data_notice": notice})
        shortest = min(rule.not_selected_years, rule.selected_years)
        draft = Q(number=None, window__closes_at__lt=at - timedelta(days=28 * rule.draft_months) + NOTICED_FROM)
        begun = Q(created_at__lt=at - timedelta(days=365 * shortest) + NOTICED_FROM) | Q(outside__channel=Channel.PAST)
        file = Q(number__isnull=False) & begun
        near |= Q(call=key) & (draft | file)
    return Application.objects.filter(near).exclude(state=states.ABANDONED)


def dues_of_call(call: Call, at: datetime) -> list[Due]:
    return dues_of(kept(Application.objects.filter(call=call)), at)
