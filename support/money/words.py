"""The sentences of the aids and of their payments. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from applications.funding.payments import Due, PaymentTerms, due
from calls.grants import euros
from portal.core.typography import NBSP, format_plain, typeset

# The franc of the Pacific has a fixed legal parity (ordinance n° 98-1129; decree n° 98-1152): 1 000 F CFP are 8,38 €.
FRANC = Decimal("0.00838")
PACIFIC = frozenset({"986", "987", "988"})


def in_francs(amount: Decimal, department: str) -> str:
    """« 4 773 270 F CFP »: what euros are worth where the franc of the Pacific is used; nothing elsewhere."""
    if department not in PACIFIC:
        return ""
    return f"{format_plain((amount / FRANC).quantize(Decimal(1), ROUND_HALF_UP))}{NBSP}F{NBSP}CFP"


def terms_words(terms: PaymentTerms) -> str:
    """« 40 % de la dépense éligible ; avance de 30 %, 80 % au plus avant le solde »."""
    advance = f"avance de {format_plain(terms.advance_rate)} %" if terms.advance_rate else "sans avance"
    ceiling = f"{format_plain(terms.interim_ceiling)} % au plus avant le solde"
    return typeset(f"{format_plain(terms.rate)} % de la dépense éligible ; {advance}, {ceiling}")


def next_dues(terms: PaymentTerms, already: Decimal) -> list[Due]:
    """What may be asked now, before any expense is known: the advance, then what an interim payment may reach."""
    found = [due("advance", terms, already)] if not already else []
    most = due("interim", terms, already, terms.amount * 100 / terms.rate)
    return [*found, Due(most.amount, typeset(f"Avant le solde, {euros(most.amount)} au plus peuvent encore venir."))]
