"""Acts on an aid and its payments; each amount is computed again under the lock of the aid."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from applications.funding.payments import due, final_amount
from applications.funding.plans import ZERO
from calls.grants import euros
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.models import StoredFile
from portal.core.rules import Refused, require
from portal.core.typography import typeset
from portal.core.workflow import fire

from . import states
from .emails import tell_commune, tell_team
from .models import Award, Clawback, Payment, PaymentProof
from .queries_awards import already, paid_of, payment_under_way, terms_of_award
from .rules import can_ask_payment, can_lapse, different_person

Kind = Payment.Kind
NO_ORDER = "néant"


@transaction.atomic
def grant_award(*, award: Award, by: User, at: datetime) -> Award:
    """Follow an aid notified, as its form wrote it."""
    award.recorded_by, award.recorded_at = by, at
    award.save()
    return award


@transaction.atomic
def declare_start(*, award: Award, started_on: date, at: datetime) -> None:
    """The operation has begun: it no longer lapses for want of a start. Raises `Refused`."""
    locked = Award.objects.select_for_update().get(pk=award.pk)
    if locked.started_on:
        raise Refused("Le commencement est déjà déclaré.")
    if started_on > day_of(at):
        raise Refused("Un commencement se déclare une fois les travaux engagés : indiquez une date passée.")
    Award.objects.filter(pk=award.pk).update(started_on=started_on)


@transaction.atomic
def ask_payment(*, award: Award, payment: Payment, proofs: Mapping[str, StoredFile], by: User, at: datetime) -> Payment:
    """Ask for an advance, an interim payment or the balance, as its form wrote it. Raises `Refused`."""
    locked = Award.objects.select_for_update().get(pk=award.pk)
    require(can_ask_payment(locked, payment_under_way(locked)))
    most = due(payment.kind, terms_of_award(locked), already(locked), payment.spent)  # type: ignore[arg-type]
    if payment.kind == Kind.BALANCE or payment.amount is None:
        payment.amount = most.amount
    if payment.amount > most.amount or (not most.amount and payment.kind != Kind.BALANCE):
        raise Refused(most.sentence)
    payment.award, payment.n = award, locked.payments.count() + 1
    payment.asked_by, payment.asked_at = by, at
    payment.save()
    PaymentProof.objects.bulk_create(
        PaymentProof(payment=payment, kind=kind, file=file, added_at=at, added_by=by) for kind, file in proofs.items()
    )
    tell_team(payment, at)
    return payment


@transaction.atomic
def check_payment(*, payment: Payment, by: User, at: datetime) -> None:
    """The pieces are there and agree: another person may certify."""
    fire(payment, states.CHECK, by=by, at=at, stamps={"checked_by_id": by.pk})


@transaction.atomic
def return_payment(*, payment: Payment, reason: str, by: User, at: datetime) -> None:
    """Give a request back to the commune, which asks again. Raises `Refused` without a reason."""
    row = fire(payment, states.RETURN, by=by, at=at, reason=reason)
    said = f"Votre demande ({payment.get_kind_display()}) vous est rendue : {reason}"
    tell_commune(payment, typeset(said), row.pk, at)


@transaction.atomic
def certify_payment(*, payment: Payment, kept: Decimal, by: User, at: datetime) -> None:
    """Certify the service done on the expenses kept; what was paid in excess is ordered back. Raises `Refused`."""
    award = Award.objects.select_for_update().get(pk=payment.award_id)
    require(different_person(payment, by))
    if kept > payment.spent:
        raise Refused(typeset(f"La commune justifie {euros(payment.spent)} : vous ne pouvez pas en retenir plus."))
    found = due(payment.kind, terms_of_award(award), already(award, but=payment), kept)  # type: ignore[arg-type]
    certified = min(payment.amount, found.amount)
    stamps = {"certified": certified, "kept": kept, "certified_by_id": by.pk}
    fire(payment, states.CERTIFY, by=by, at=at, stamps=stamps)
    if payment.kind == Kind.BALANCE and found.excess:
        order_back(award, found.excess, found.sentence, by, at)
    if payment.kind == Kind.BALANCE and not certified:
        record_payment(payment=payment, paid_on=day_of(at), reference=NO_ORDER, by=by, at=at)


@transaction.atomic
def record_payment(*, payment: Payment, paid_on: date, reference: str, by: User, at: datetime) -> None:
    """The accountant has paid; a balance paid settles the aid. Raises `Refused`."""
    award = Award.objects.select_for_update().get(pk=payment.award_id)
    if paid_on > day_of(at):
        raise Refused("Un versement s’enregistre une fois fait : indiquez la date réelle.")
    row = fire(payment, states.PAY, by=by, at=at, stamps={"paid_on": paid_on, "reference": reference})
    if payment.kind == Kind.BALANCE:
        back = sum((one.amount for one in award.clawbacks.all()), ZERO)
        fire(award, states.SETTLE, by=by, at=at, stamps={"final": paid_of(award) - back})
    if payment.certified:
        said = f"{euros(payment.certified)} vous sont versés ({payment.get_kind_display()}, mandat n° {reference})."
        tell_commune(payment, typeset(said), row.pk, at)


@transaction.atomic
def lapse_award(*, award: Award, spent: Decimal, reason: str, by: User, at: datetime) -> None:
    """The delay has run out: nothing more is paid, and what the proven expenses do not cover is ordered back."""
    locked = Award.objects.select_for_update().get(pk=award.pk)
    require(can_lapse(locked, payment_under_way(locked), day_of(at)))
    paid = paid_of(locked)
    earned = final_amount(terms_of_award(locked), spent) if locked.started_on else ZERO
    final = min(paid, earned)
    fire(award, states.LAPSE, by=by, at=at, reason=reason, stamps={"final": final})
    if paid > final:
        order_back(award, paid - final, reason, by, at)


def order_back(award: Award, amount: Decimal, reason: str, by: User, at: datetime) -> Clawback:
    """An order to give money back."""
    return Clawback.objects.create(award=award, amount=amount, reason=reason, ordered_on=day_of(at), ordered_by=by)


@transaction.atomic
def recover(*, clawback: Clawback, number: str, recovered_on: date, by: User, at: datetime) -> None:
    """The money came back, under this number. Raises `Refused`."""
    locked = Clawback.objects.select_for_update().get(pk=clawback.pk)
    if locked.recovered_on:
        raise Refused("Ce reversement est déjà constaté.")
    if not locked.ordered_on <= recovered_on <= day_of(at):
        raise Refused("Indiquez le jour du reversement : après l’ordre, et pas dans l’avenir.")
    Clawback.objects.filter(pk=locked.pk).update(number=number, recovered_on=recovered_on, recovered_by=by)
