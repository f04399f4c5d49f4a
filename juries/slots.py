"""Slots of the hearings: one after the other, from an hour on. Pure."""

from datetime import datetime, timedelta


def slots(first: datetime, *, minutes: int, pause: int, count: int) -> list[datetime]:
    """When each of `count` hearings of so many minutes begins, `pause` minutes apart."""
    return [first + timedelta(minutes=(minutes + pause) * rank) for rank in range(count)]


def left_line(started_at: datetime, minutes: int, at: datetime) -> str:
    """« Il reste 12 min », « Temps écoulé depuis 3 min »."""
    left = minutes - int((at - started_at).total_seconds() // 60)
    return f"Il reste {left}\u00a0min" if left > 0 else f"Temps écoulé depuis {-left}\u00a0min"
