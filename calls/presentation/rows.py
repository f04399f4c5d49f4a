"""The lines of the lists of calls: state, chain, limit or outcome."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.core import ui
from portal.core.calendar import day_of
from portal.core.typography import format_date, format_quantity

from .. import stages, states
from ..models import Call, Window
from ..queries import call_window, milestone_day, stage_of
from ..queries_public import phase_of


@dataclass(frozen=True)
class CallFigures:
    """What the upper apps count of a call: files deposited, laureates told so."""

    deposited: int = 0
    laureates: int = 0


# Upper apps add their functions when they start: a call knows nothing of what is built on it.
FIGURES: list[Callable[[Collection[Call]], Mapping[int, CallFigures]]] = []


@dataclass(frozen=True)
class Outcome:
    """What a public row says once the call is closed, in place of its limit."""

    title: str
    line: str = ""
    laureates: bool = False


@dataclass(frozen=True)
class CallRow:
    """One line of the public list."""

    call: Call
    badge: str
    status: str
    chain: list[ui.Stage]
    window: Window | None
    stage: str
    phase: str
    figures: CallFigures
    outcome: Outcome | None = None

    @property
    def stopped(self) -> bool:
        """Suspended or closed without action: no date of it is to be waited for."""
        return self.phase in (states.SUSPENDED, states.CANCELLED)


def rows_of(calls: Iterable[Call], at: datetime) -> list[CallRow]:
    """The lines of a list, the figures of all of them asked at once."""
    calls = list(calls)
    figures = {pk: found for source in FIGURES for pk, found in source(calls).items()} if calls else {}
    return [row_of(call, at, figures.get(call.pk, CallFigures())) for call in calls]


def row_of(call: Call, at: datetime, figures: CallFigures | None = None) -> CallRow:
    current, phase = stage_of(call, at), phase_of(call, at)
    badge, status = stages.status(phase)
    return CallRow(
        call=call,
        badge=badge,
        status=status,
        chain=ui.chain(current, omit=omitted(call)),
        window=call_window(call, at),
        stage=current,
        phase=phase,
        figures=figures or CallFigures(),
        outcome=outcome_of(call, phase, figures, at) if figures else None,
    )


def outcome_of(call: Call, phase: str, figures: CallFigures, at: datetime) -> Outcome | None:
    """« 12 candidatures », « Décision attendue le 28 mai 2026 », then « 4 lauréates »; nothing before the limit."""
    if phase in ("call", "application", states.SUSPENDED, states.CANCELLED):
        return None
    if figures.laureates:
        return Outcome(format_quantity(figures.laureates, "lauréate"), laureates=True)
    decided_on = milestone_day(call, "decision")
    awaited = decided_on if decided_on and decided_on >= day_of(at) else None
    line = f"Décision attendue le {format_date(awaited)}" if awaited else ""
    return Outcome(format_quantity(figures.deposited, "candidature"), line)


def omitted(call: Call) -> tuple[str, ...]:
    """The links that this call does not have."""
    return () if milestone_day(call, "jury") else ("jury",)
