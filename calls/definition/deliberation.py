"""How a jury deliberates: the parts of its quorum, and their words."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from calls.definition.values import Flag, Part, Title, Whole

ShareName = Literal["third", "half", "two_thirds", "three_quarters"]
SHARES: Mapping[str, tuple[int, int]] = {
    "third": (1, 3),
    "half": (1, 2),
    "two_thirds": (2, 3),
    "three_quarters": (3, 4),
}
SHARE_LABELS: Mapping[str, tuple[str, str]] = {
    "third": ("au moins le tiers", "plus du tiers"),
    "half": ("au moins la moitié", "plus de la moitié"),
    "two_thirds": ("au moins les deux tiers", "plus des deux tiers"),
    "three_quarters": ("au moins les trois quarts", "plus des trois quarts"),
}


def share_words(share: str, *, strict: bool) -> str:
    """« plus de la moitié », « au moins les deux tiers »."""
    return SHARE_LABELS[share][strict]


class CollegeQuorum(Part):
    """What the quorum asks of one college: so many members, or a share of all those who are present."""

    college: Annotated[Title, Field(max_length=80)]
    members: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    share: ShareName | None = None
    strict: Flag = False


def share_sentence(share: str, *, strict: bool) -> str:
    """« plus de la moitié des membres à voix délibérative non déportés »."""
    return f"{share_words(share, strict=strict)} des membres à voix délibérative non déportés"


def college_sentence(rule: CollegeQuorum) -> str:
    """« 2 membres du collège « Élus » », « au moins la moitié des présents du collège « Élus » »."""
    college = f"collège « {rule.college} »"
    if rule.share is not None:
        return f"{share_words(rule.share, strict=rule.strict)} des présents venant du {college}"
    return f"{rule.members} membre{'s' if (rule.members or 0) > 1 else ''} du {college}"
