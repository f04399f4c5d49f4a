"""Drawing lots so that anyone may do it again: the seed is kept, the order is that of the digests. Pure."""

from collections.abc import Iterable
from hashlib import sha256


def order(pool: Iterable[str], seed: str) -> list[str]:
    """The codes of the pool in the order that a seed gives: by the SHA-256 of « seed:code »."""
    return sorted(set(pool), key=lambda code: sha256(f"{seed}:{code}".encode()).hexdigest())
