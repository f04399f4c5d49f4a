"""Quorum: voting seats present, the recused out of the count. Pure; rules of the call, not of the law."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calls.definition.deliberation import SHARES, share_words
from portal.core.typography import NBSP, choose


@dataclass(frozen=True)
class Share:
    """A share of a number of people; `strict`: more than the share, and not the share alone."""

    name: str
    strict: bool = False

    def of(self, number: int) -> int:
        """The least number that is such a share of `number`: 5 of 8 for more than the half, 4 for at least the half."""
        upper, lower = SHARES[self.name]
        return number * upper // lower + 1 if self.strict else -(-number * upper // lower)

    @property
    def words(self) -> str:
        return share_words(self.name, strict=self.strict)


@dataclass(frozen=True)
class CollegeRule:
    """What one college must bring: so many members, or a share of everyone present."""

    college: str
    members: int | None = None
    share: Share | None = None

    def needed(self, present: int) -> int:
        return self.share.of(present) if self.share else self.members or 0


@dataclass(frozen=True)
class QuorumRules:
    """A least number, then what the call adds to it."""

    least: int
    share: Share | None = None
    colleges: tuple[CollegeRule, ...] = ()


@dataclass(frozen=True)
class SeatFact:
    """A seat, for one file at one instant. `required`: without it there is no quorum (a co-pilot), unless recused."""

    voting: bool = True
    present: bool = False
    recused: bool = False
    required: bool = False
    label: str = ""
    college: str = ""


@dataclass(frozen=True)
class Quorum:
    """`base`: voting seats that are not recused; `present`: those of them here; `needed`: what the call asks of them.

    `absent`: the labels of required seats that are not here. `short`: for each college that does not bring enough, its
    name, how many of it are here and how many it takes.
    """

    present: int
    base: int
    recused: int
    needed: int
    absent: tuple[str, ...] = ()
    short: tuple[tuple[str, int, int], ...] = ()

    @property
    def reached(self) -> bool:
        return self.present >= self.needed and not self.absent and not self.short

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
        """« Présence requise et manquante : DREAL. Collège « Maires » : 1 présent, il en faut 2. », or ""."""
        seats = f"Présence requise et manquante{NBSP}: {', '.join(self.absent)}." if self.absent else ""
        colleges = [
            f"Collège «\u202f{name}\u202f»{NBSP}: {here}{NBSP}{choose(here, 'présent')}, il en faut {needed}."
            for name, here, needed in self.short
        ]
        return " ".join(part for part in (seats, *colleges) if part)


def read_rules(least: int, written: Mapping[str, Any]) -> QuorumRules:
    """The rules as the call keeps them; an absent key asks for nothing more."""
    colleges = [
        CollegeRule(row["college"], row.get("members"), _share(row)) for row in written.get("quorum_colleges") or ()
    ]
    return QuorumRules(least, _share(written, "quorum_"), tuple(colleges))


def _share(written: Mapping[str, Any], head: str = "") -> Share | None:
    name = written.get(f"{head}share")
    return Share(name, written.get(f"{head}strict", False)) if name else None


def quorum_of(seats: Iterable[SeatFact], rules: QuorumRules) -> Quorum:
    """The quorum of a file (or of the session, nobody recused), from the facts of every seat."""
    known = list(seats)
    voting = [seat for seat in known if seat.voting]
    counted = [seat for seat in voting if not seat.recused]
    here = [seat for seat in counted if seat.present]
    return Quorum(
        present=len(here),
        base=len(counted),
        recused=len(voting) - len(counted),
        needed=max(rules.least, rules.share.of(len(counted)) if rules.share else 0),
        absent=tuple(seat.label for seat in known if seat.required and not seat.recused and not seat.present),
        short=tuple(_shortfalls(here, rules.colleges)),
    )


def _shortfalls(here: Sequence[SeatFact], colleges: Iterable[CollegeRule]) -> Iterable[tuple[str, int, int]]:
    for rule in colleges:
        of_college, needed = sum(seat.college == rule.college for seat in here), rule.needed(len(here))
        if of_college < needed:
            yield rule.college, of_college, needed
