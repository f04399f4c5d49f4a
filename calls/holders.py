"""Who holds a file in a call: asked of the upper apps, which fill these registries when they start."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from .models import Call


@dataclass(frozen=True)
class Holder:
    """A person to tell, about one file. `of` follows « candidature »: « d’Étretat »."""

    email: str
    path: str
    of: str
    deposited: bool


@dataclass(frozen=True)
class Concern:
    """What a change of the form touches: the drafts, and the deposited files, which keep their revision."""

    drafts: Sequence[str] = ()
    deposited: Sequence[str] = ()


HOLDERS: list[Callable[[Call], Iterable[Holder]]] = []
"""The people who write or sign for each file that is neither withdrawn nor decided."""
BEGUN: list[Callable[[Call], Collection[str]]] = []
"""The INSEE codes of the communes that have a file."""
CONCERNED: list[Callable[[Call, Collection[str], Collection[str]], Concern]] = []
"""The files that answered one of these questions, or hold one of these pieces."""
EVERY_FILE: list[Callable[[Call], Concern]] = []
"""All the files of the call: what an addition to the form touches."""


def holders_of(call: Call) -> list[Holder]:
    """One line per person and file, by address."""
    found = [holder for source in HOLDERS for holder in source(call)]
    return sorted(found, key=lambda holder: (holder.email, holder.path))


def begun_in(call: Call) -> frozenset[str]:
    return frozenset(insee for source in BEGUN for insee in source(call))


def concern_of(call: Call, questions: Collection[str], pieces: Collection[str], *, everyone: bool) -> Concern:
    """Whom a change of the form touches; `everyone`: something is asked anew."""
    found = (
        [source(call) for source in EVERY_FILE]
        if everyone
        else [source(call, questions, pieces) for source in CONCERNED]
    )
    return Concern(
        [name for concern in found for name in concern.drafts],
        [name for concern in found for name in concern.deposited],
    )
