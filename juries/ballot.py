"""What a ballot box says: majority of the votes cast, abstentions apart, steps of an even vote. Pure.

On an even vote the steps of the call are taken in their order: a step that cannot be taken gives way to the next one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from calls.definition.selection import TIE_LABELS, tie_sentence, tie_steps
from portal.core.typography import NBSP, choose

__all__ = [
    "MAJORITY_LABELS",
    "TIE_LABELS",
    "Count",
    "Verdict",
    "count",
    "steps_in",
    "steps_on_offer",
    "tie_sentence",
    "tie_steps",
    "verdict",
    "votes_needed",
]

Choice = Literal["for", "against", "abstain"]
Majority = Literal["simple", "absolute", "two_thirds"]

MAJORITY_LABELS: Mapping[str, str] = {
    "simple": "majorité des suffrages exprimés",
    "absolute": "majorité des votants, abstentions comprises",
    "two_thirds": "deux tiers des suffrages exprimés",
}


@dataclass(frozen=True)
class Count:
    """The box, opened once."""

    in_favour: int
    against: int
    abstained: int

    @property
    def cast(self) -> int:
        """Votes for and against: an abstention is no vote cast."""
        return self.in_favour + self.against

    @property
    def voters(self) -> int:
        return self.cast + self.abstained


@dataclass(frozen=True)
class Verdict:
    """`favourable` and the French sentence that justifies it. `step`: what the even vote still asks of people."""

    favourable: bool
    casting_vote_used: bool
    sentence: str
    step: str = ""


def count(choices: Iterable[Choice | str]) -> Count:
    """Count the ballots."""
    box = list(choices)
    return Count(box.count("for"), box.count("against"), box.count("abstain"))


def votes_needed(box: Count, majority: Majority | str = "simple") -> int:
    """The least number of votes in favour. Raises KeyError for a majority that the portal does not know."""
    return {
        "simple": box.cast // 2 + 1,
        "absolute": box.voters // 2 + 1,
        "two_thirds": -(-2 * box.cast // 3) or 1,
    }[majority]


def steps_in(steps: Sequence[str], ballots: int) -> tuple[str, ...]:
    """The steps that remain at the nth ballot of a file: what stands before its second ballot is behind."""
    left = list(steps)
    for _ in range(ballots - 1):
        left = left[left.index("second_ballot") + 1 :] if "second_ballot" in left else []
    return tuple(left)


def steps_on_offer(steps: Sequence[str], first: str) -> tuple[str, ...]:
    """What may be done now, `first` being the step reached: a joint decision may fail, and the next step follows."""
    left = list(steps)[list(steps).index(first) :] if first in steps else []
    offered = []
    for step in left:
        offered.append(step)
        if step != "joint_decision":
            break
    return tuple(step for step in offered if step != "casting_vote")


def verdict(
    box: Count,
    *,
    majority: Majority | str = "simple",
    steps: Sequence[str] = (),
    president: Choice | str | None = None,
) -> Verdict:
    """The result. On a tie of a simple majority, the steps; no casting vote if the president abstained."""
    needed = votes_needed(box, majority)
    if not box.cast:
        return Verdict(False, False, "Aucun suffrage exprimé\u202f; la proposition n’est pas adoptée.")
    if majority == "simple" and box.in_favour == box.against:
        return _tie_verdict(box, steps, president)
    base = f"{box.voters}{NBSP}{choose(box.voters, 'votant')}" if majority == "absolute" else _cast_words(box)
    sentence = f"{_voices(box.in_favour)} sur {base}\u202f; la majorité était de {needed}."
    return Verdict(box.in_favour >= needed, False, sentence)


def _tie_verdict(box: Count, steps: Sequence[str], president: Choice | str | None) -> Verdict:
    cast = president in ("for", "against")
    step = next((step for step in steps if step != "casting_vote" or cast), "")
    if step == "casting_vote":
        return _casting_verdict(box, president == "for")
    then = f"le règlement prévoit{NBSP}: {TIE_LABELS[step]}" if step else "la proposition n’est pas adoptée"
    return Verdict(False, False, f"Partage égal des voix, {_sides(box)}\u202f; {then}.", step)


def _casting_verdict(box: Count, favourable: bool) -> Verdict:
    word = "favorable" if favourable else "défavorable"
    sentence = f"Partage égal des voix, {_sides(box)}\u202f; la voix de la présidence, {word}, est prépondérante."
    return Verdict(favourable, True, sentence)


def _voices(number: int) -> str:
    return f"{number}{NBSP}voix"


def _cast_words(box: Count) -> str:
    return f"{box.cast}{NBSP}{choose(box.cast, 'exprimée')}"


def _sides(box: Count) -> str:
    return f"{box.in_favour} contre {box.against}"
