"""What a call gives for a cost: the grant that applies, its amount, and what limits it. A rate is a maximum. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from calls.conditions import Facts, holds
from calls.definition.money import Grant
from portal.core.typography import NBSP, format_amount, format_plain

CENT = Decimal("0.01")
TAXES = {"ht": "hors taxes", "ttc": "toutes taxes comprises"}


@dataclass(frozen=True)
class Granted:
    """An amount in euros, and what decided it."""

    amount: Decimal
    limit: Literal["rate", "ceiling", "floor"]


def grant_for(grants: Iterable[Grant], facts: Facts) -> Grant | None:
    """The first grant whose condition holds; None when there is none, or while a fact is missing to tell."""
    for grant in grants:
        verdict = holds(grant.condition, facts)
        if verdict is not False:
            return grant if verdict else None
    return None


def granted(grant: Grant, cost: Decimal) -> Granted:
    """The most that may be given for an eligible cost; under the floor, nothing is."""
    share = grant.rate / 100
    most = grant.ceiling
    if most is not None and grant.ceiling_on == "cost":
        most *= share
    amount = (cost * share).quantize(CENT, ROUND_HALF_UP)
    if grant.floor is not None and (cost if grant.ceiling_on == "cost" else amount) < grant.floor:
        return Granted(Decimal(0), "floor")
    if most is not None and amount > most:
        return Granted(most.quantize(CENT, ROUND_HALF_UP), "ceiling")
    return Granted(amount, "rate")


def grant_sentence(grant: Grant) -> str:
    """« Étude : 60 % au plus du coût hors taxes, dans la limite de 100 000 € d’aide. »"""
    sentence = f"{grant.label} : {format_plain(grant.rate)} % au plus du coût {TAXES[grant.base]}"
    on_cost = grant.ceiling_on == "cost"
    if grant.ceiling is not None:
        ceiling = euros(grant.ceiling)
        sentence += f", compté jusqu’à {ceiling}" if on_cost else f", dans la limite de {ceiling} d’aide"
    if grant.floor is not None:
        sentence += f" ; aucune aide pour {'un coût' if on_cost else 'un montant'} de moins de {euros(grant.floor)}"
    return f"{sentence}."


def euros(amount: Decimal) -> str:
    """« 55 000 € », « 19 999,50 € »: whole amounts without cents."""
    whole = amount == amount.to_integral_value()
    return f"{format_plain(amount)}{NBSP}€" if whole else format_amount(amount)
