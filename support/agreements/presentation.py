"""What the pages of agreements show; plain words and figures."""

from datetime import datetime

from portal.core.calendar import day_of
from portal.core.typography import format_amount, format_date, format_quantity

from .models import Agreement, Party
from .queries_chain import awaiting_framework, framework_due, is_expired, terms_of
from .rules import agreement_required
from .term import Terms


def signing_words(agreement: Agreement, parties: list[Party]) -> str:
    """« 3 signatures sur 5 », witnesses apart."""
    signing = [party for party in parties if party.side != Party.Side.WITNESS]
    signed = sum(party.signed_on is not None for party in signing)
    return f"{format_quantity(signed, 'signature')} sur {len(signing)}"


def facts_of(agreement: Agreement, at: datetime) -> list[str]:
    """What the dates and the money of an agreement mean, one sentence each."""
    terms = terms_of(agreement)
    sentences = [term_sentence(terms)]
    if agreement.state == "in_force" and is_expired(agreement, day_of(at)):
        sentences.append(f"Arrivée à son terme le {format_date(terms.last_day)}.")
    if agreement.ended_on:
        sentences.append(f"Elle a pris fin le {format_date(agreement.ended_on)}.")
    sentences += framework_sentences(agreement, at)
    if terms.amount is not None:
        sentences.append(f"Aide de {format_amount(terms.amount)}.")
        sentences += legal_sentences(agreement)
    if agreement.state == "signing":
        sentences += waiting_sentences(agreement, at)
    return sentences


def term_sentence(terms: Terms) -> str:
    return f"Du {format_date(terms.starts_on)} au {format_date(terms.last_day)}, {terms.months} mois."


def framework_sentences(agreement: Agreement, at: datetime) -> list[str]:
    """Until when the framework is to be signed, and whether it is."""
    due = framework_due(agreement)
    if due is None:
        return []
    if not awaiting_framework().filter(pk=agreement.pk).exists():
        return ["La convention-cadre qui la suit est en vigueur."]
    if due < day_of(at):
        return [f"La convention-cadre était à signer avant le {format_date(due)} : elle est en retard."]
    return [f"La convention-cadre est à signer au plus tard le {format_date(due)}."]


def legal_sentences(agreement: Agreement) -> list[str]:
    kinds = {party.organisation.kind for party in agreement.parties.all() if party.side == Party.Side.BENEFICIARY}
    answers = [agreement_required(kind, agreement.amount) for kind in sorted(kinds)]
    return [answer.reason for answer in answers if answer]


def waiting_sentences(agreement: Agreement, at: datetime) -> list[str]:
    """Order, earliest and latest day, while signatures are awaited."""
    found = []
    if agreement.ordered:
        found.append("Les parties signent dans l’ordre de la liste.")
    if agreement.in_force_from:
        found.append(f"En vigueur au plus tôt le {format_date(agreement.in_force_from)}.")
    if agreement.sign_by:
        past = day_of(at) > agreement.sign_by
        verb = "Les signatures étaient attendues" if past else "Les signatures sont attendues"
        found.append(f"{verb} au plus tard le {format_date(agreement.sign_by)}.")
    return found
