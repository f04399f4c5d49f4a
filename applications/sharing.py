"""How files are shared out among officers. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

File = TypeVar("File")
Officer = TypeVar("Officer", bound=Hashable)


def evenly(files: Sequence[File], load: Mapping[Officer, int]) -> list[tuple[File, Officer]]:
    """Each file in turn to whoever has the fewest; equals in the order of `load`. Nothing without officers."""
    counts = dict(load)
    shared = []
    for file in files if counts else ():
        officer = min(counts, key=lambda who: counts[who])
        counts[officer] += 1
        shared.append((file, officer))
    return shared


def by_territory(
    files: Sequence[tuple[File, str]], scopes: Mapping[Officer, frozenset[str]], load: Mapping[Officer, int]
) -> list[tuple[File, Officer]]:
    """Each (file, INSEE code) to the officer whose territory has the commune; among several, to who has the fewest.

    Whoever covers the whole call takes none here: no territory was given to them. A file of no territory stays.
    """
    counts = {officer: load.get(officer, 0) for officer in scopes}
    shared = []
    for file, insee in files:
        here = [officer for officer, codes in scopes.items() if insee in codes]
        if here:
            officer = min(here, key=lambda who: counts[who])
            counts[officer] += 1
            shared.append((file, officer))
    return shared
