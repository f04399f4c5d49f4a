"""The seal of a ballot box: a fingerprint of all that it holds, printed in the minutes, computed again by a recount.

Whoever changes, adds, takes away or moves a ballot after the closing is seen by anyone who holds the minutes. It does
not hide anything: the votes are nominal. Pure.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ballot:
    """`mode`: "device", "hand" or "proxy"."""

    seat: str
    choice: str
    mode: str


def seal(item: str, ballots: Iterable[Ballot]) -> str:
    """SHA-256 of the ballots of one file, in the order of their seats, the file's own key first; in hexadecimal."""
    lines = sorted(f"{ballot.seat}\t{ballot.choice}\t{ballot.mode}" for ballot in ballots)
    return hashlib.sha256("\n".join([item, str(len(lines)), *lines]).encode()).hexdigest()


def short(digest: str) -> str:
    """« 3f9a 0c1e 77b2 d410 »: what one reads aloud at the closing."""
    return " ".join(digest[n : n + 4] for n in range(0, 16, 4))
