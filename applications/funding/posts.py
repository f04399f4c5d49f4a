"""A subsidised project-manager post: what is given of a year's loaded cost, who bears the rest. Pure.

Euros in Decimal. A rate is a maximum: 75 % of the loaded cost, under a ceiling that depends on whether the Anah takes
part (`domain.md` §4.4). A year begun or ended on the way counts by months.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from calls.grants import CENT, euros
from portal.core.typography import format_plain, typeset

from .plans import HUNDRED, ZERO
from .spreading import spread

MONTHS = 12


@dataclass(frozen=True)
class PostRules:
    """Percents and euros a year, as one call writes them."""

    rate: Decimal = Decimal(75)
    ceiling: Decimal = Decimal(45_000)
    ceiling_with_anah: Decimal = Decimal(55_000)
    anah_rate: Decimal = Decimal(50)
    anah_ceiling: Decimal = Decimal(40_000)


@dataclass(frozen=True)
class PostGrant:
    """What one year receives: all aids together, of which the Anah's; `left`: what the communes bear."""

    cost: Decimal
    total: Decimal
    anah: Decimal
    sentence: str

    @property
    def others(self) -> Decimal:
        return self.total - self.anah

    @property
    def left(self) -> Decimal:
        return self.cost - self.total


def post_grant(cost: Decimal, rules: PostRules, *, anah: bool, months: int = MONTHS) -> PostGrant:
    """The most that is given for a loaded cost, over so many months (12 for a whole year)."""
    most = _by_months(rules.ceiling_with_anah if anah else rules.ceiling, months)
    share = (cost * rules.rate / HUNDRED).quantize(CENT, ROUND_HALF_UP)
    total = min(share, most)
    theirs = ZERO
    if anah:
        half = (cost * rules.anah_rate / HUNDRED).quantize(CENT, ROUND_HALF_UP)
        theirs = min(half, _by_months(rules.anah_ceiling, months), total)
    why = f"{format_plain(rules.rate)} % de {euros(cost)}"
    if share > most:
        why = f"plafond de {euros(most)} {'avec' if anah else 'sans'} l’Anah, {why} font {euros(share)}"
    of_which = f", dont {euros(theirs)} de l’Anah" if theirs else ""
    return PostGrant(cost, total, theirs, typeset(f"{euros(total)} au plus{of_which} : {why}."))


def _by_months(yearly: Decimal, months: int) -> Decimal:
    return (yearly * months / MONTHS).quantize(CENT, ROUND_DOWN)


def borne_by(left: Decimal, shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What each commune bears of the rest, by the sharing key, to the cent."""
    return spread(left, shares)
