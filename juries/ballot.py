"""What a ballot box says: majority of the votes cast, abstentions apart, casting vote of the president. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from portal.core.typography import NBSP, choose

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
    """`favourable` and the French sentence that justifies it."""

    favourable: bool
    casting_vote_used: bool
    sentence: str


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


def verdict(
    box: Count,
    *,
    majority: Majority | str = "simple",
    casting_vote: bool = False,
    president: Choice | str | None = None,
) -> Verdict:
    """The result. On a tie of a simple majority the president's vote decides, if the call says so and it was cast."""
    needed = votes_needed(box, majority)
    if not box.cast:
        return Verdict(False, False, "Aucun suffrage exprimé\u202f; la proposition n’est pas adoptée.")
    tie = majority == "simple" and box.in_favour == box.against
    if tie and casting_vote and president in ("for", "against"):
        return _casting_verdict(box, president == "for")
    if tie:
        return Verdict(False, False, f"Partage égal des voix, {_sides(box)}\u202f; la proposition n’est pas adoptée.")
    base = f"{box.voters}{NBSP}{choose(box.voters, 'votant')}" if majority == "absolute" else _cast_words(box)
    sentence = f"{_voices(box.in_favour)} sur {base}\u202f; la majorité était de {needed}."
    return Verdict(box.in_favour >= needed, False, sentence)


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
