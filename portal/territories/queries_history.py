"""What became of a commune: its successor on a day, the former codes and names that lead to it.

`REFERENCE_READERS`, filled by upper apps: functions past → sentences, one for each row that still names a code
which became another: an organisation, the perimeter of a call. Nothing is rewritten behind anyone's back.
"""

from collections.abc import Callable
from datetime import date

from .history import History, Step
from .models import Commune, Movement

REFERENCE_READERS: list[Callable[[History], list[str]]] = []


def history() -> History:
    """The whole history, read once: two queries, whatever the number of codes asked afterwards."""
    steps = Movement.objects.values_list("code_before", "code_after", "effective_on")
    current = Commune.objects.filter(inhabited=True).values_list("insee", flat=True)
    return History((Step(*row) for row in steps), current)


def successors_of(code: str, on: date | None = None) -> tuple[str, ...]:
    """The codes that stand for this one on a day (default: today); itself when nothing happened to it."""
    return history().successors(code, on)


def reference_report() -> list[str]:
    """What still names a code that became another, with what it became; empty when everything is current."""
    past = history()
    found = [sentence for reader in REFERENCE_READERS for sentence in reader(past)]
    return (
        ["À reprendre, ces fiches nomment un code qui a changé\u00a0:", *(f"  {line}" for line in found)]
        if found
        else []
    )
