"""Dated phases before the session: who notes, whose notes are read, with which names. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.core.rules import YES, Answer, no
from portal.core.typography import NBSP, format_date


@dataclass(frozen=True)
class Phase:
    """It begins `days` before the session. `others`: "none", "after_mine" or "all"."""

    label: str = ""
    days: int = 0
    score: bool = True
    others: str = "none"
    names: bool = False

    def begins(self, held_on: date) -> date:
        return held_on - timedelta(days=self.days)


# A call without phases: notes are open until the session.
ALWAYS = Phase()


def read_phases(rows: Sequence[Mapping[str, Any]]) -> tuple[Phase, ...]:
    """The phases as the call keeps them; an absent key has the value of the document."""
    return tuple(Phase(**row) for row in rows)


def phase_on(phases: Sequence[Phase], held_on: date | None, today: date) -> Phase | None:
    """The phase in force; None before the first one, or while no session gives them a date."""
    if not phases:
        return ALWAYS
    begun = [phase for phase in phases if held_on is not None and phase.begins(held_on) <= today]
    return begun[-1] if begun else None


def notes_are_open(phases: Sequence[Phase], held_on: date | None, today: date) -> Answer:
    """Whether members note today, and since or until when they do not."""
    phase = phase_on(phases, held_on, today)
    if phase is not None and phase.score:
        return YES
    if held_on is None:
        return no("Les notes s’ouvriront quand la séance sera prévue\u00a0: le règlement les compte avant elle.")
    coming = next((p for p in phases if p.score and p.begins(held_on) > today), None)
    told = coming or phase or phases[0]
    when = f"{format_date(told.begins(held_on))}{NBSP}: «\u202f{told.label}\u202f»."
    return no(f"Les notes s’ouvrent le {when}" if coming else f"Les notes sont closes depuis le {when}")


def notes_are_closed(phases: Sequence[Phase], held_on: date | None, today: date) -> bool:
    """Whether noting has begun and ended: from then on, who looks after the jury may read what it gives."""
    phase = phase_on(phases, held_on, today)
    if phase is None or phase.score or held_on is None:
        return False
    return not any(p.score and p.begins(held_on) > today for p in phases)


def reads_others(phase: Phase | None, *, submitted: bool) -> bool:
    """Whether a member reads the notes of the others on a file."""
    if phase is None or phase.others == "none":
        return False
    return phase.others == "all" or submitted


def is_final(phase: Phase | None) -> bool:
    """Whether validated notes stay as they are: those who read the others' do not take theirs back."""
    return phase is not None and phase.others == "after_mine"


def phase_line(phases: Sequence[Phase], held_on: date | None, today: date) -> str:
    """« Phase en cours : notation, jusqu’au 3 mai. »; "" without phases or without a date."""
    if not phases or held_on is None:
        return ""
    coming = [phase for phase in phases if phase.begins(held_on) > today]
    phase = phase_on(phases, held_on, today)
    until = (
        f" jusqu’au {format_date(coming[0].begins(held_on) - timedelta(days=1))}" if coming else " jusqu’à la séance"
    )
    if phase is None:
        return f"«\u202f{coming[0].label}\u202f» commence le {format_date(coming[0].begins(held_on))}."
    return f"Phase en cours{NBSP}: «\u202f{phase.label}\u202f»,{until}."
