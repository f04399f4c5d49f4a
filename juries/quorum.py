"""Quorum: voting seats present, the recused out of the count. Pure; a rule of the call, not of the law."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.typography import NBSP, choose


@dataclass(frozen=True)
class SeatFact:
    """A seat, for one file at one instant. `required`: without it there is no quorum (a co-pilot), unless recused."""

    voting: bool = True
    present: bool = False
    recused: bool = False
    required: bool = False
    label: str = ""


@dataclass(frozen=True)
class Quorum:
    """`base`: voting seats that are not recused; `present`: those of them here; `needed`: the call's number.

    `absent`: the labels of required seats that are not here.
    """

    present: int
    base: int
    recused: int
    needed: int
    absent: tuple[str, ...] = ()

    @property
    def reached(self) -> bool:
        return self.present >= self.needed and not self.absent

    @property
    def reachable(self) -> bool:
        """False when recusals alone keep the file from ever being voted."""
        return self.base >= self.needed

    @property
    def sentence(self) -> str:
        """« 7 présents sur 8 votants ; il en faut 5. Présence requise et manquante : DREAL. »."""
        counted = (
            f"{self.present}{NBSP}{choose(self.present, 'présent')} sur "
            f"{self.base}{NBSP}{choose(self.base, 'votant')}\u202f; il en faut {self.needed}."
        )
        return " ".join(part for part in (counted, self.missing) if part)

    @property
    def missing(self) -> str:
        """« Présence requise et manquante : DREAL. »; empty when every required seat is here."""
        return f"Présence requise et manquante{NBSP}: {', '.join(self.absent)}." if self.absent else ""


def quorum_of(seats: Iterable[SeatFact], needed: int) -> Quorum:
    """The quorum of a file (or of the session, nobody recused), from the facts of every seat."""
    known = list(seats)
    voting = [seat for seat in known if seat.voting]
    counted = [seat for seat in voting if not seat.recused]
    return Quorum(
        present=sum(seat.present for seat in counted),
        base=len(counted),
        recused=len(voting) - len(counted),
        needed=needed,
        absent=tuple(seat.label for seat in known if seat.required and not seat.recused and not seat.present),
    )
