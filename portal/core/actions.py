"""What is awaited from a person: the rows of *Mes actions* and the three first steps."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ActionRow:
    """One thing awaited: when, what, what it holds up, and the button that does it."""

    due_on: date | None
    title: str
    consequence: str
    url: str
    button: str


@dataclass(frozen=True)
class Step:
    """One of the three first steps of a newcomer; it ticks itself off when done."""

    title: str
    line: str
    url: str
    done: bool
