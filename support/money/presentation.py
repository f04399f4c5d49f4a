"""What the pages of the aids and of their payments show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.funding.payments import PaymentTerms
from applications.funding.plans import ZERO
from calls.grants import euros
from portal.core.badges import Badge
from portal.core.typography import format_date, format_instant, typeset

from . import states
from .models import Award, Payment
from .queries_awards import lapse_day, net_paid, terms_of_award
from .words import in_francs, next_dues, terms_words

BADGES = {
    states.ASKED: Badge(label="Demandé", tone="warn", icon="clock"),
    states.RETURNED: Badge(label="À reprendre", tone="err", icon="arrow-counterclockwise"),
    states.CHECKED: Badge(label="Vérifié", tone="info", icon="check-lg"),
    states.CERTIFIED: Badge(label="Certifié", tone="info", icon="patch-check"),
    states.PAID: Badge(label="Versé", tone="ok", icon="check-circle-fill"),
    states.ACTIVE: Badge(label="En cours", tone="info", icon="arrow-right-circle"),
    states.SETTLED: Badge(label="Soldée", tone="ok", icon="check-circle-fill"),
    states.LAPSED: Badge(label="Caduque", tone="err", icon="x-circle"),
}


@dataclass(frozen=True)
class AwardRow:
    """One aid: euros notified, under way, paid (less what came back), left to pay, to give back."""

    award: Award
    badge: Badge
    notified: Decimal
    under_way: Decimal
    paid: Decimal
    left: Decimal
    owed: Decimal


def award_row(award: Award) -> AwardRow:
    """From an aid with its sums."""
    paid, ended = net_paid(award), award.final is not None
    left = ZERO if ended else award.amount - paid
    under_way, owed = award.sum_under_way, award.sum_owed  # type: ignore[attr-defined] - annotated by `with_sums`
    return AwardRow(award, BADGES[award.state], award.amount, under_way, paid, left, owed)


def award_totals(rows: Iterable[AwardRow]) -> AwardRow | None:
    """All the funders together; nothing for one alone."""
    every = list(rows)
    if len(every) < 2:
        return None
    names = ("notified", "under_way", "paid", "left", "owed")
    sums = {name: sum((getattr(row, name) for row in every), ZERO) for name in names}
    return AwardRow(every[0].award, every[0].badge, **sums)


def award_facts(award: Award, today: date) -> list[tuple[str, str]]:
    """The lines of an aid that are filled."""
    ends = lapse_day(award)
    late = " (dépassé)" if ends and ends < today and award.state == states.ACTIVE else ""
    commune = award.plan.application.lead.commune
    rows = [
        ("Montant en francs CFP", in_francs(award.amount, commune.department_id if commune else "")),
        ("Acte", f"{award.act_number}, du {format_date(award.granted_on)}"),
        ("Dispositif", award.scheme),
        ("Dépense éligible prévue", euros(award.eligible)),
        ("Règles", terms_words(terms_of_award(award))),
        ("À commencer avant le", format_date(award.start_by) if award.start_by else ""),
        ("Commencé le", format_date(award.started_on) if award.started_on else ""),
        ("Solde à demander avant le", format_date(award.finish_by) if award.finish_by else ""),
        ("Prochain délai", f"{format_date(ends)}{late}" if ends and award.state == states.ACTIVE else ""),
        ("Aide définitive", euros(award.final) if award.final is not None else ""),
    ]
    return [(label, typeset(value)) for label, value in rows if value]


def dues_of(terms: PaymentTerms, already: Decimal) -> list[str]:
    return [one.sentence for one in next_dues(terms, already)]


def payment_facts(payment: Payment) -> list[tuple[str, str]]:
    """The lines of a request that are filled."""
    rows = [
        ("Demandé", f"{euros(payment.amount)}, le {format_instant(payment.asked_at)}"),
        ("Dépenses justifiées", euros(payment.spent) if payment.kind != Payment.Kind.ADVANCE else ""),
        ("Dépenses retenues", euros(payment.kept) if payment.kept else ""),
        ("Certifié", euros(payment.certified) if payment.certified is not None else ""),
        ("Versé le", f"{format_date(payment.paid_on)}, mandat {payment.reference}" if payment.paid_on else ""),
        ("À savoir", payment.note),
    ]
    return [(label, typeset(value)) for label, value in rows if value]


def certify_lead(payment: Payment) -> str:
    """« Solde n° 2, DETR : 12 000 € demandés sur 90 000 € de dépenses. »"""
    on = f" sur {euros(payment.spent)} de dépenses" if payment.spent else ""
    return f"{payment} : {euros(payment.amount)} demandés{on}."
