"""What may be paid of an aid: advance, interim payments, balance on the real cost, and what is to be given back. Pure.

Amounts are euros in Decimal, rates are percents (`domain.md` §4.5). Nothing here ever raises an aid: its amount once
notified is the most that is paid, whatever the real cost.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal

from calls.grants import CENT, euros
from portal.core.typography import format_plain, typeset

from .plans import HUNDRED, ZERO

PaymentKind = Literal["advance", "interim", "balance"]


@dataclass(frozen=True)
class PaymentTerms:
    """An aid as notified: `amount`, at `rate` of the eligible cost; the most in advance, and before the balance."""

    amount: Decimal
    rate: Decimal
    advance_rate: Decimal = Decimal(30)
    interim_ceiling: Decimal = Decimal(80)


@dataclass(frozen=True)
class Due:
    """The most that one payment may be, and why; `excess`: what was paid in excess of the final amount."""

    amount: Decimal
    sentence: str
    excess: Decimal = ZERO


def final_amount(terms: PaymentTerms, real: Decimal) -> Decimal:
    """rate × real eligible cost, never more than what was notified."""
    return min((real * terms.rate / HUNDRED).quantize(CENT, ROUND_HALF_UP), terms.amount)


def part_of(terms: PaymentTerms, percent: Decimal) -> Decimal:
    """A part of the aid in percent, rounded down: a ceiling is never passed by a cent."""
    return (terms.amount * percent / HUNDRED).quantize(CENT, ROUND_DOWN)


def due(kind: PaymentKind, terms: PaymentTerms, already: Decimal, spent: Decimal = ZERO) -> Due:
    """`already`: euros paid, or being paid, before this request; `spent`: eligible expenses proven so far."""
    if kind == "advance":
        return _advance(terms, already)
    return _interim(terms, already, spent) if kind == "interim" else _balance(terms, already, spent)


def _advance(terms: PaymentTerms, already: Decimal) -> Due:
    if already:
        return Due(ZERO, typeset(f"Une avance se demande en premier : {euros(already)} sont déjà versés ou demandés."))
    if not terms.advance_rate:
        return Due(ZERO, "Cette aide ne prévoit pas d’avance.")
    most = part_of(terms, terms.advance_rate)
    said = f"L’avance est de {euros(most)} au plus : {format_plain(terms.advance_rate)} % de {euros(terms.amount)}."
    return Due(most, typeset(said))


def _interim(terms: PaymentTerms, already: Decimal, spent: Decimal) -> Due:
    earned, ceiling = final_amount(terms, spent), part_of(terms, terms.interim_ceiling)
    most = max(ZERO, min(earned, ceiling) - already)
    if ceiling < earned:
        why = f"{format_plain(terms.interim_ceiling)} % de {euros(terms.amount)} avant le solde"
    else:
        why = f"{format_plain(terms.rate)} % de {euros(spent)} de dépenses justifiées"
    less = f", moins {euros(already)} déjà versés ou demandés" if already else ""
    return Due(most, typeset(f"L’acompte est de {euros(most)} au plus : {why}{less}."))


def _balance(terms: PaymentTerms, already: Decimal, spent: Decimal) -> Due:
    final = final_amount(terms, spent)
    why = f"{format_plain(terms.rate)} % du coût réel ({euros(spent)})"
    if final == terms.amount and spent * terms.rate / HUNDRED > terms.amount:
        why = f"le montant notifié, car {why} le dépasse"
    said = f"L’aide définitive est de {euros(final)} : {why}."
    if already > final:
        said += f" {euros(already)} sont versés : {euros(already - final)} sont à reverser."
        return Due(ZERO, typeset(said), already - final)
    less = f", {euros(already)} étant déjà versés" if already else ""
    return Due(final - already, typeset(f"{said} Le solde est de {euros(final - already)}{less}."))
