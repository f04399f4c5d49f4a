"""The least that a local authority pays itself of an investment: article L. 1111-10 of the CGCT. Pure.

A share of the *public* funding, its own included: what private bodies give is outside of the base. It bears on the
investment part: of an operation that also has operating expenses, the public funding counts in proportion, and all that
the owner brings counts for the investment.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Literal

from calls.grants import CENT

from .plans import HUNDRED, ZERO, FundingPlan

SOURCE = "CGCT, art. L. 1111-10, III"
Waiver = Literal["", "lead", "renewal", "heritage", "calamity", "corsica", "cooperation", "contract"]


@dataclass(frozen=True)
class Ground:
    """Why the least share is not 20 %. `authority`: who grants it, to be proven; nothing when the law alone decides."""

    percent: int
    label: str
    authority: str = ""
    source: str = SOURCE

    @property
    def in_words(self) -> str:
        """« patrimoine protégé ou d’intérêt reconnu, aucun minimum »."""
        return f"{self.label}, {f'{self.percent} % au moins' if self.percent else 'aucun minimum'}"


GENERAL = Ground(20, "règle générale")
GROUNDS: dict[Waiver, Ground] = {
    "": GENERAL,
    "lead": Ground(
        30,
        "compétence à chef de file, sans convention territoriale",
        source="CGCT, art. L. 1111-9 et L. 1111-10",
    ),
    "renewal": Ground(
        0,
        "renouvellement urbain (NPNRU)",
        "la convention avec l’ANRU",
        "loi n° 2003-710 du 1er août 2003, art. 9",
    ),
    "heritage": Ground(0, "patrimoine protégé ou d’intérêt reconnu", "le préfet"),
    "calamity": Ground(0, "réparation après une calamité publique", "le préfet"),
    "corsica": Ground(10, "Corse : eau, assainissement, déchets, incendie de forêt, voirie communale"),
    "cooperation": Ground(0, "coopération territoriale européenne", "le programme européen"),
    "contract": Ground(
        0, "opération inscrite au contrat de plan (CPER)", "le contrat de plan", "CGCT, art. L. 1111-10, IV"
    ),
}
CORSICA = frozenset({"2A", "2B", "20"})
FREE_TERRITORIES = {
    "971": "en Guadeloupe",
    "972": "à la Martinique",
    "973": "en Guyane",
    "974": "à La Réunion",
    "975": "à Saint-Pierre-et-Miquelon",
    "976": "à Mayotte",
    "977": "à Saint-Barthélemy",
    "978": "à Saint-Martin",
}


@dataclass(frozen=True)
class Owner:
    """Who commands the works: a local authority or group, where (its département), and the exception it claims."""

    local: bool = True
    department: str = ""
    waiver: Waiver = ""


def ground_of(owner: Owner) -> Ground | None:
    """What decides the least share of this owner; None when it is no local authority: nothing is asked of it."""
    if not owner.local:
        return None
    if owner.department in FREE_TERRITORIES:
        return Ground(0, f"aucun minimum {FREE_TERRITORIES[owner.department]}")
    if owner.waiver == "corsica" and owner.department not in CORSICA:
        return GENERAL
    return GROUNDS[owner.waiver]


@dataclass(frozen=True)
class OwnShare:
    """The least share in euros, rounded up to the cent, of which base, and what is missing of it in the plan."""

    ground: Ground
    base: Decimal
    least: Decimal
    missing: Decimal


def own_share(plan: FundingPlan, owner: Owner) -> OwnShare | None:
    """What the owner must bring, at least; None when the rule does not bear on this plan."""
    ground = ground_of(owner)
    if ground is None or not plan.investment:
        return None
    base = (plan.public_total * plan.investment / plan.cost).quantize(CENT, ROUND_HALF_UP)
    least = (plan.public_total * plan.investment * ground.percent / (plan.cost * HUNDRED)).quantize(CENT, ROUND_UP)
    return OwnShare(ground, base, least, max(ZERO, least - plan.own))


def most_public_aid(plan: FundingPlan, owner: Owner) -> Decimal | None:
    """All that other public bodies may give of the cost, once the owner has paid its least share; None: no limit."""
    ground = ground_of(owner)
    if ground is None or not plan.investment:
        return None
    public = max(ZERO, plan.cost - plan.private)
    least = public * plan.investment * ground.percent / (plan.cost * HUNDRED)
    return (public - least).quantize(CENT, ROUND_DOWN)
