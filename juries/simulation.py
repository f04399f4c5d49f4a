"""« Qui est retenu si… » : the ranking of the notes under other limits. None of it is a decision. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from portal.core.typography import NBSP, format_amount, format_quantity

from .ranking import Entry, RankingRules, rank
from .scoring import trimmed

SELECTED, RESERVE, TIED, OUT = "selected", "reserve", "undecided", "not_selected"


@dataclass(frozen=True)
class Candidate:
    """A file: its place in the ranking (`entry`), what it asks for (euros), where it is led from."""

    entry: Entry
    amount: Decimal | None = None
    territory: str = ""


@dataclass(frozen=True)
class Setting:
    """Limits to try; None: no such limit. `per_territory`: at most so many from one territory. `skip`: a file too dear
    leaves its place to the next one, else the list stops there."""

    threshold: Decimal | None = None
    places: int | None = None
    reserve: int = 0
    envelope: Decimal | None = None
    per_territory: int | None = None
    skip: bool = False


@dataclass(frozen=True)
class Outcome:
    """What the setting makes of one file, and why when it is not selected."""

    key: str
    rank: int | None
    outcome: str
    why: str = ""


@dataclass
class Left:
    """What is left as the list goes down."""

    places: int | None
    reserve: int
    envelope: Decimal | None
    stopped: str = ""


def simulate(candidates: Iterable[Candidate], setting: Setting) -> list[Outcome]:
    """The outcome of each file, best first. Files of one rank are taken together, or are to be parted."""
    known = {candidate.entry.key: candidate for candidate in candidates}
    lines = rank([one.entry for one in known.values()], RankingRules(threshold=setting.threshold))
    left = Left(setting.places, setting.reserve, setting.envelope)
    taken: Counter[str] = Counter()
    found: list[Outcome] = []
    for place, group in groupby(lines, key=lambda line: line.rank):
        same = list(group)
        if place is None:
            found += [Outcome(line.key, None, OUT, line.why) for line in same]
            continue
        found += take([known[line.key] for line in same], place, setting, left, taken)
    return found


def take(same: Sequence[Candidate], place: int, setting: Setting, left: Left, taken: Counter[str]) -> list[Outcome]:
    """The files of one rank: all selected, all stopped by the same limit, or to be parted."""
    kept = [one for one in same if not full(one, setting, taken)]
    full_ones = [one for one in same if one not in kept]
    over = [Outcome(o.entry.key, place, *beyond(left, full_sentence(setting))) for o in full_ones]
    if not kept:
        return over
    asked = sum((one.amount or Decimal(0) for one in kept), Decimal(0))
    crowded = "" if len(kept) == 1 else crowd(kept, setting, taken)
    stop = left.stopped or limit_met(len(kept), asked, left) or crowded
    if not stop:
        spend(kept, asked, left, taken)
        return [Outcome(one.entry.key, place, SELECTED) for one in kept] + over
    if len(kept) > 1 and not left.stopped and (crowded or some_fit(kept, left)):
        left.stopped = f"Après une égalité au rang {place}{NBSP}: à départager d’abord."
        why = f"À égalité au rang {place}{NBSP}: il n’y a pas de place pour tous."
        return [Outcome(one.entry.key, place, TIED, why) for one in kept] + over
    if not setting.skip:
        left.stopped = left.stopped or stop
    return [Outcome(one.entry.key, place, *beyond(left, stop)) for one in kept] + over


def full(one: Candidate, setting: Setting, taken: Counter[str]) -> bool:
    """Whether the territory of a file already has all that it may."""
    return setting.per_territory is not None and bool(one.territory) and taken[one.territory] >= setting.per_territory


def crowd(kept: Sequence[Candidate], setting: Setting, taken: Counter[str]) -> str:
    """Why files of one rank cannot all be taken from one territory; "" when they can."""
    together = taken + Counter(one.territory for one in kept)
    most = max((together[one.territory] for one in kept if one.territory), default=0)
    over = setting.per_territory is not None and most > setting.per_territory
    return full_sentence(setting) if over else ""


def full_sentence(setting: Setting) -> str:
    return f"Son territoire a déjà {format_quantity(setting.per_territory or 0, 'retenue')}."


def limit_met(count: int, asked: Decimal, left: Left) -> str:
    """Which limit stops a group; "" when it goes in whole."""
    if left.places is not None and count > left.places:
        return f"Il reste {format_quantity(left.places, 'place')}." if left.places else "Il n’y a plus de place."
    if left.envelope is not None and asked > left.envelope:
        return f"Il reste {format_amount(left.envelope)} pour {format_amount(asked)} demandés."
    return ""


def some_fit(kept: Sequence[Candidate], left: Left) -> bool:
    return any(not limit_met(1, one.amount or Decimal(0), left) for one in kept)


def spend(kept: Sequence[Candidate], asked: Decimal, left: Left, taken: Counter[str]) -> None:
    if left.places is not None:
        left.places -= len(kept)
    if left.envelope is not None:
        left.envelope -= asked
    taken.update(one.territory for one in kept)


def beyond(left: Left, why: str) -> tuple[str, str]:
    """In the reserve list while it has room, else nothing."""
    if left.reserve > 0:
        left.reserve -= 1
        return RESERVE, why
    return OUT, why


def summary(outcomes: Sequence[Outcome], candidates: Iterable[Candidate]) -> str:
    """« 4 retenues, 3 en liste complémentaire ; 120 000 € demandés ; 2 territoires ; seuil atteint par toutes. »"""
    chosen = {one.key for one in outcomes if one.outcome == SELECTED}
    kept = [one for one in candidates if one.entry.key in chosen]
    reserve = sum(one.outcome == RESERVE for one in outcomes)
    tied = sum(one.outcome == TIED for one in outcomes)
    asked = sum((one.amount for one in kept if one.amount is not None), Decimal(0))
    places = len({one.territory for one in kept if one.territory})
    parts = [
        format_quantity(len(kept), "retenue"),
        f"{reserve} en liste complémentaire" if reserve else "",
        f"{tied} à départager" if tied else "",
        f"{format_amount(asked)} demandés" if asked else "",
        format_quantity(places, "territoire") if places else "",
    ]
    return "\u202f; ".join(part for part in parts if part) + "."


def setting_sentence(setting: Setting) -> str:
    """« Seuil de 50 points ; 4 places et 2 en liste complémentaire ; enveloppe de 120 000 €. »"""
    reserve = f" et {setting.reserve} en liste complémentaire" if setting.reserve else ""
    places = "sans limite de places" if setting.places is None else format_quantity(setting.places, "place")
    parts = [
        f"seuil de {trimmed(setting.threshold)}{NBSP}points" if setting.threshold is not None else "sans seuil",
        f"{places}{reserve}",
        f"enveloppe de {format_amount(setting.envelope)}" if setting.envelope is not None else "",
        f"{setting.per_territory} au plus par territoire" if setting.per_territory is not None else "",
        "un dossier trop cher laisse sa place au suivant" if setting.envelope is not None and setting.skip else "",
    ]
    told = "\u202f; ".join(part for part in parts if part)
    return f"{told[:1].upper()}{told[1:]}."
