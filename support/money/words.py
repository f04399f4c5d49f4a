"""The sentences of the aids and of their payments. Pure."""

from decimal import Decimal

from applications.funding.payments import Due, PaymentTerms, due
from calls.grants import euros
from portal.core.typography import format_plain, typeset


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
