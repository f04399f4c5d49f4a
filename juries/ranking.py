"""Order of the files: threshold, knock-out, vote, places, reserve, ties. Pure; the order of entry changes nothing.

Rankings apart (`rank_apart`) are ranked each on its own: nothing of one changes another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Literal

from portal.core.typography import NBSP, choose

from .scoring import trimmed

Outcome = Literal["selected", "reserve", "not_selected", "undecided"]
# A list of deciding criteria that stops is after one that goes on, as the database orders arrays.
END = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file. `score`: bonus included, None when nobody scored; `tie_break`: its points on each deciding criterion."""

    key: str
    score: Decimal | None = None
    tie_break: tuple[Decimal, ...] = ()
    knocked_out: bool = False
    favourable: bool = True
    ranking: str = ""


@dataclass(frozen=True)
class RankingRules:
    """Least total, places, length of the reserve list. No limit of places when `max_selected` is None.

    `computed`: the grid gives numbers. Without them nothing orders the files but the jury.
    """

    threshold: Decimal | None = None
    max_selected: int | None = None
    reserve_size: int = 0
    computed: bool = True


@dataclass(frozen=True)
class Departure:
    """What the jury decides against the computed ranking: another place, or none at all (None); and why."""

    key: str
    place: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """Rank None: out of the ranking, `why` says it (or kept without order, when no number gives one).

    `tied`: same rank as another file, « à départager ». `must_settle`: tied files that the jury proposes to select or
    to keep in reserve: it has to put them in order. `computed`: the rank that the notes give, when the jury departs
    from it for the reason in `departure`.
    """

    key: str
    rank: int | None
    outcome: Outcome
    tied: bool = False
    must_settle: bool = False
    why: str = ""
    ranking: str = ""
    computed: int | None = None
    departure: str = ""


def rank_apart(
    entries: Iterable[Entry],
    rules: Mapping[str, RankingRules],
    settled: Sequence[str] = (),
    departures: Sequence[Departure] = (),
) -> list[Line]:
    """Every ranking in the order of `rules` (by code), each on its own."""
    found: dict[str, list[Entry]] = {code: [] for code in rules}
    for entry in entries:
        found[entry.ranking].append(entry)
    return [line for code, apart in found.items() for line in rank(apart, rules[code], settled, departures)]


def rank(
    entries: Iterable[Entry],
    rules: RankingRules,
    settled: Sequence[str] = (),
    departures: Sequence[Departure] = (),
) -> list[Line]:
    """The ranking, best first, files out of it last. `settled`: keys in the order that the jury gave to tied files;
    `departures`: what it decides against the notes, one after the other."""
    order = {key: i for i, key in enumerate(settled)}
    known = sorted(entries, key=attrgetter("key"))
    refusals = {entry.key: refusal(entry, rules) for entry in known}
    kept = [(_sort_key(entry, order), entry) for entry in known if not refusals[entry.key]]
    kept.sort(key=itemgetter(0))
    computed = [[entry for _, entry in group] for _, group in groupby(kept, key=itemgetter(0))]
    ranks = {entry.key: first for first, group in _placed(computed) for entry in group}
    decided = {one.key: one for one in departures if one.key in ranks}
    lines = [
        _line(entry, first, len(group), rules, given=entry.key in order)
        for first, group in _placed(_moved(computed, list(decided.values())))
        for entry in group
    ]
    lines = [_departed(line, ranks[line.key], decided.get(line.key)) for line in lines]
    away = [entry for group in computed for entry in group if decided.get(entry.key, _STAYS).place is None]
    lines += [_departed(_out(entry, decided[entry.key].reason), ranks[entry.key], decided[entry.key]) for entry in away]
    out = sorted((e for e in known if refusals[e.key]), key=lambda e: _sort_key(e, {}))
    return lines + [_out(entry, refusals[entry.key]) for entry in out]


_STAYS = Departure("", 0, "")


def _placed(groups: Iterable[list[Entry]]) -> Iterator[tuple[int, list[Entry]]]:
    """Each group of files that nothing separates, with the rank that they share."""
    first = 1
    for group in groups:
        yield first, group
        first += len(group)


def _moved(groups: Sequence[list[Entry]], departures: Sequence[Departure]) -> list[list[Entry]]:
    """The groups once the departures are applied: each file at the place decided for it, whatever the order of the
    decisions; put among tied ones, it stands before all of them."""
    entries = {entry.key: entry for group in groups for entry in group}
    gone = {one.key for one in departures}
    found = [kept for group in groups if (kept := [entry for entry in group if entry.key not in gone])]
    for one in sorted((one for one in departures if one.place is not None), key=lambda one: one.place or 0):
        place = one.place or 0
        after = [n for n, (first, group) in enumerate(_placed(found)) if first + len(group) - 1 >= place]
        found.insert(after[0] if after else len(found), [entries[one.key]])
    return found


def _departed(line: Line, computed: int, decided: Departure | None) -> Line:
    return replace(line, computed=computed, departure=decided.reason) if decided else line


def refusal(entry: Entry, rules: RankingRules) -> str:
    """Why a file stands out of the ranking, in French; empty when it is ranked."""
    if entry.knocked_out:
        return "Note éliminatoire."
    if not entry.favourable:
        return "Avis défavorable du jury."
    if rules.threshold is None:
        return ""
    if entry.score is None:
        return "Aucune note."
    if entry.score < rules.threshold:
        return f"Note sous le seuil de {trimmed(rules.threshold)}{NBSP}points."
    return ""


def _sort_key(entry: Entry, order: dict[str, int]) -> tuple[bool, Decimal, tuple[Decimal, ...], int]:
    """Best first: scored, total, each deciding criterion in turn, then the order given by the jury."""
    return (
        entry.score is None,
        -(entry.score or Decimal(0)),
        (*(-points for points in entry.tie_break), END),
        order.get(entry.key, len(order)),
    )


def line_of(entry: Entry, first: int, same: int, rules: RankingRules) -> Line:
    """The line of one file of which the database says the rank (`first`) and how many hold it (`same`)."""
    why = refusal(entry, rules)
    return _out(entry, why) if why else _line(entry, first, same, rules)


def _out(entry: Entry, why: str) -> Line:
    return Line(entry.key, None, "not_selected", why=why, ranking=entry.ranking)


def _line(entry: Entry, first: int, same: int, rules: RankingRules, *, given: bool = False) -> Line:
    """A file ranked `first` with `same` files that nothing separates, itself included: one rank for all."""
    best, last = outcome_at(first, rules), outcome_at(first + same - 1, rules)
    outcome: Outcome = best if best == last else "undecided"
    if not rules.computed and not given:
        return _unordered(entry, first, same, outcome, rules)
    tied = same > 1
    return Line(
        entry.key, first, outcome, tied, tied and best != "not_selected", _why(outcome, first, rules), entry.ranking
    )


def _unordered(entry: Entry, first: int, same: int, outcome: Outcome, rules: RankingRules) -> Line:
    """Without numbers: all kept when there is room for all; else, or in a reserve list, the jury gives the order."""
    must = same > 1 and outcome in ("undecided", "reserve")
    why = f"Plus de candidatures que de places{NBSP}: le jury doit donner l’ordre." if must else ""
    line = Line(entry.key, None, outcome, must, must, why or _why(outcome, first, rules), entry.ranking)
    return line if outcome == "selected" else replace(line, rank=first)


def outcome_at(position: int, rules: RankingRules) -> Outcome:
    """What the place in the ranking gives: selected, reserve, or nothing left."""
    if rules.max_selected is None or position <= rules.max_selected:
        return "selected"
    return "reserve" if position <= rules.max_selected + rules.reserve_size else "not_selected"


def _why(outcome: Outcome, position: int, rules: RankingRules) -> str:
    if outcome == "undecided":
        return f"À égalité{NBSP}: le jury doit départager."
    if outcome == "not_selected":
        return f"Rang {position}, pour {_places(rules.max_selected or 0, rules.reserve_size)}."
    return ""


@lru_cache(maxsize=8)
def _places(places: int, reserve_size: int) -> str:
    """« 4 places et 3 en liste complémentaire »: the same words for every file left out."""
    reserve = f" et {reserve_size} en liste complémentaire" if reserve_size else ""
    return f"{places}{NBSP}{choose(places, 'place')}{reserve}"
