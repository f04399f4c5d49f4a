"""Order of the files: threshold, knock-out, vote, places, reserve, ties. Pure; the order of entry changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from portal.core.typography import NBSP, choose

from .scoring import trimmed

Outcome = Literal["selected", "reserve", "not_selected", "undecided"]


@dataclass(frozen=True)
class Entry:
    """A file. `score`: bonus included, None when nobody scored; `tie_break`: its points on the deciding criterion."""

    key: str
    score: Decimal | None = None
    tie_break: Decimal | None = None
    knocked_out: bool = False
    favourable: bool = True


@dataclass(frozen=True)
class RankingRules:
    """Least total, places, length of the reserve list. No limit of places when `max_selected` is None."""

    threshold: Decimal | None = None
    max_selected: int | None = None
    reserve_size: int = 0


@dataclass(frozen=True)
class Line:
    """Rank None: out of the ranking, `why` says it. `tied`: same rank as another file, « à départager ».

    `must_settle`: tied files that the jury proposes to select or to keep in reserve: it has to put them in order.
    """

    key: str
    rank: int | None
    outcome: Outcome
    tied: bool = False
    must_settle: bool = False
    why: str = ""


def rank(entries: Iterable[Entry], rules: RankingRules, settled: Sequence[str] = ()) -> list[Line]:
    """The ranking, best first, files out of it last. `settled`: keys in the order that the jury gave to tied files."""
    order = {key: i for i, key in enumerate(settled)}
    known = sorted(entries, key=lambda entry: entry.key)
    refusals = {entry.key: refusal(entry, rules) for entry in known}
    kept = sorted((e for e in known if not refusals[e.key]), key=lambda e: _sort_key(e, order))
    lines: list[Line] = []
    for _, group in groupby(kept, key=lambda e: _sort_key(e, order)):
        lines += _group_lines([entry.key for entry in group], len(lines) + 1, rules)
    out = sorted((e for e in known if refusals[e.key]), key=lambda e: _sort_key(e, {}))
    return lines + [Line(e.key, None, "not_selected", why=refusals[e.key]) for e in out]


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


def _sort_key(entry: Entry, order: dict[str, int]) -> tuple[bool, Decimal, Decimal, int]:
    """Best first: scored, total, deciding criterion, then the order given by the jury."""
    return (
        entry.score is None,
        -(entry.score or Decimal(0)),
        -(entry.tie_break or Decimal(0)),
        order.get(entry.key, len(order)),
    )


def _group_lines(keys: list[str], first: int, rules: RankingRules) -> list[Line]:
    """The lines of files that nothing separates: one rank for all."""
    outcomes = [outcome_at(first + i, rules) for i in range(len(keys))]
    same = len(set(outcomes)) == 1
    tied = len(keys) > 1
    must_settle = tied and outcomes[0] != "not_selected"
    outcome: Outcome = outcomes[0] if same else "undecided"
    return [Line(key, first, outcome, tied, must_settle, _why(outcome, first, rules)) for key in keys]


def outcome_at(position: int, rules: RankingRules) -> Outcome:
    """What the place in the ranking gives: selected, reserve, or nothing left."""
    if rules.max_selected is None or position <= rules.max_selected:
        return "selected"
    return "reserve" if position <= rules.max_selected + rules.reserve_size else "not_selected"


def _why(outcome: Outcome, position: int, rules: RankingRules) -> str:
    if outcome == "undecided":
        return f"À égalité{NBSP}: le jury doit départager."
    if outcome == "not_selected":
        reserve = f" et {rules.reserve_size} en liste complémentaire" if rules.reserve_size else ""
        places = rules.max_selected or 0
        return f"Rang {position}, pour {places}{NBSP}{choose(places, 'place')}{reserve}."
    return ""
