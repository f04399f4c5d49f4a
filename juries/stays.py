"""When each seat was held during a meeting: arrivals, departures and returns, told in one sentence. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.core.typography import format_time

ARRIVALS = frozenset({"present", "substitute"})


@dataclass(frozen=True)
class Move:
    """`kind`: "present", "substitute" (they sit), "left", or anything else (they never came)."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class Stay:
    """From an arrival to a departure; `until` is None while the person sits."""

    since: datetime
    until: datetime | None
    substitute: bool


def stays(moves: Iterable[Move]) -> list[Stay]:
    """The stays of one seat, in order; a substitute who takes over ends the stay of the full member."""
    found: list[Stay] = []
    since, substitute = None, False
    for move in sorted(moves, key=lambda move: move.at):
        if since is not None:
            found.append(Stay(since, move.at, substitute))
        since, substitute = (move.at, move.kind == "substitute") if move.kind in ARRIVALS else (None, False)
    return found if since is None else [*found, Stay(since, None, substitute)]


def sentence(found: list[Stay], *, opened_at: datetime | None = None) -> str:
    """« Présent, parti à 10 h 58, revenu à 11 h 20 »; before the opening, nobody has left anything."""
    kept = [stay for stay in found if stay.until is None or opened_at is None or stay.until > opened_at]
    if not kept:
        return ""
    parts = ["Présence par suppléance" if kept[0].substitute else "Présent"]
    for rank, stay in enumerate(kept):
        before = kept[rank - 1] if rank else None
        if before is not None and before.until == stay.since:
            who = "une suppléance siège" if stay.substitute else "titulaire présent"
            parts.append(f"{who} à partir de {format_time(stay.since)}")
        elif before is not None:
            parts.append(f"revenu à {format_time(stay.since)}")
        if stay.until is not None and not (rank + 1 < len(kept) and kept[rank + 1].since == stay.until):
            parts.append(f"parti à {format_time(stay.until)}")
    return ", ".join(parts)
