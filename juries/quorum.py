"""Quorum: voting seats present, the recused out of the count. Pure; a rule of the call, not of the law."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.typography import NBSP, choose


@dataclass(frozen=True)
class SeatFact:
    """A seat, for one file at one instant."""

    voting: bool = True
    present: bool = False
    recused: bool = False


@dataclass(frozen=True)
class Quorum:
    """`base`: voting seats that are not recused; `present`: those of them here; `needed`: the call's number."""

    present: int
    base: int
    recused: int
    needed: int

    @property
    def reached(self) -> bool:
        return self.present >= self.needed

    @property
    def reachable(self) -> bool:
        """False when recusals alone keep the file from ever being voted."""
        return self.base >= self.needed

    @property
    def sentence(self) -> str:
        """« 7 présents sur 8 votants ; il en faut 5. »."""
        return (
            f"{self.present}{NBSP}{choose(self.present, 'présent')} sur "
            f"{self.base}{NBSP}{choose(self.base, 'votant')}\u202f; il en faut {self.needed}."
        )


def quorum_of(seats: Iterable[SeatFact], needed: int) -> Quorum:
    """The quorum of a file (or of the session, nobody recused), from the facts of every seat."""
    voting = [seat for seat in seats if seat.voting]
    counted = [seat for seat in voting if not seat.recused]
    return Quorum(
        present=sum(seat.present for seat in counted),
        base=len(counted),
        recused=len(voting) - len(counted),
        needed=needed,
    )
