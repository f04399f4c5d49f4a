"""Acts on agreements: draw up, have it vised, send, record signatures, enter into force."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from applications.models import DecisionLine
from calls.models import Call
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from . import states
from .documents import agreement_snapshot, request_agreement, text_fingerprint
from .emails import write_to_communes
from .models import Agreement, Party, SigningEvent, Visa
from .parties import write_parties
from .queries import is_vised, next_number, signing_parties
from .rules import can_give_visa, can_manage_agreements, can_record_signatures, can_send, can_sign_now
from .term import effective_day

# What opens when an agreement enters into force: added by upper apps (`support.plan`).
ON_ENTRY: list[Callable[[Agreement, User, datetime], None]] = []


@transaction.atomic
def draw_up(
    *,
    call: Call,
    lines: Sequence[DecisionLine],
    starts_on: date,
    by: User,
    at: datetime,
    amount: Decimal | None = None,
    sign_by: date | None = None,
    needs_visa: bool = False,
) -> Agreement:
    """One agreement for one or several selected files; the commune's act comes from its file. Raises `Refused`."""
    Call.objects.select_for_update().get(pk=call.pk)
    if not lines:
        raise Refused("Choisissez au moins une candidature retenue.")
    living = Agreement.objects.filter(kind=Agreement.Kind.SUPPORT, state__in=states.LIVING)
    taken = [str(line.application.lead) for line in lines if living.filter(beneficiaries=line).exists()]
    if taken:
        raise Refused(f"Une convention existe déjà pour : {', '.join(taken)}.")
    head = call.extras.get("agreement")
    if not head:
        raise Refused("Cet appel ne prévoit pas de convention.")
    agreement = Agreement.objects.create(
        call=call,
        number=next_number(call),
        title=lines[0].application.title[:200],
        heading=head["title"],
        starts_on=starts_on,
        months=head["months"],
        follow_on_months=head.get("follow_on_months"),
        amount=amount,
        sign_by=sign_by,
        needs_visa=needs_visa,
        created_at=at,
        created_by=by,
    )
    agreement.beneficiaries.set(lines)
    write_parties(agreement, call.owner, list(lines))
    return agreement


@transaction.atomic
def give_visa(*, agreement: Agreement, given: bool, comment: str, by: User, at: datetime) -> Visa:
    """Vise the text as it stands, or ask for it to be taken up again. Raises `Refused`."""
    locked = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    require(can_give_visa(by, locked, at))
    if not given and not comment.strip():
        raise Refused("Dites ce qui est à reprendre.")
    fingerprint = text_fingerprint(agreement_snapshot(locked))
    return Visa.objects.create(
        agreement=locked, given=given, fingerprint=fingerprint, comment=comment.strip(), at=at, by=by
    )


@transaction.atomic
def send(*, agreement: Agreement, by: User, at: datetime) -> None:
    """Freeze the document and send it to the communes. Raises `Refused` when an act or the visa is missing."""
    locked = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    vised = not locked.needs_visa or is_vised(locked, text_fingerprint(agreement_snapshot(locked)))
    require(can_send(locked, vised=vised))
    document = request_agreement(locked, at)
    fire(agreement, states.SEND, by=by, at=at, stamps={"document": document})
    write_to_communes(agreement, "agreement_sent", "agreement.sent", at)


@transaction.atomic
def record_signature(*, party: Party, signed_on: date, by: User, at: datetime) -> Agreement:
    """One more signature; the last one puts the agreement in force and opens the support. Raises `Refused`."""
    agreement = locked_in_signing(party.agreement_id)
    sign(agreement, Party.objects.get(pk=party.pk), signed_on, by, at, None)
    return settle(agreement, by, at)


@transaction.atomic
def record_event(
    *,
    agreement: Agreement,
    parties: Iterable[Party],
    held_on: date,
    place: str,
    witnesses: str,
    by: User,
    at: datetime,
) -> SigningEvent:
    """The meeting where several parties sign together: each signature bears its day. Raises `Refused`."""
    locked = locked_in_signing(agreement.pk)
    require(can_manage_agreements(by, locked.call, at))
    chosen = sorted(parties, key=lambda party: party.position)
    if not chosen:
        raise Refused("Cochez les parties qui ont signé ce jour-là.")
    event = SigningEvent.objects.create(
        agreement=locked, held_on=held_on, place=place, witnesses=witnesses, recorded_at=at, recorded_by=by
    )
    for party in chosen:
        sign(locked, locked.parties.get(pk=party.pk), held_on, by, at, event)
    settle(locked, by, at)
    return event


def locked_in_signing(key: int) -> Agreement:
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=key)
    require(can_record_signatures(agreement))
    return agreement


def sign(
    agreement: Agreement, party: Party, signed_on: date, by: User, at: datetime, event: SigningEvent | None
) -> None:
    """Write one signature, its agreement locked. Raises `Refused`."""
    if party.signed_on:
        raise Refused("Cette signature est déjà enregistrée.")
    if signed_on > day_of(at):
        raise Refused("Une signature ne peut pas être datée de demain.")
    if party.act_on and signed_on < party.act_on:
        raise Refused("L’acte qui autorise à signer doit précéder la signature.")
    if party.delegated_on and signed_on < party.delegated_on:
        raise Refused("La délégation de signature doit précéder la signature.")
    party.agreement = agreement
    require(can_sign_now(party, list(agreement.parties.select_related("organisation"))))
    Party.objects.filter(pk=party.pk).update(signed_on=signed_on, event=event, recorded_by=by)


def settle(agreement: Agreement, by: User, at: datetime) -> Agreement:
    """In force once all have signed."""
    if not signing_parties(agreement).filter(signed_on=None).exists():
        enter_into_force(agreement, by, at)
    return agreement


def enter_into_force(agreement: Agreement, by: User, at: datetime) -> None:
    """At the last signature, or on the later day that the parties have set: both are known now."""
    signatures = list(signing_parties(agreement).values_list("signed_on", flat=True))
    effective_on = effective_day(signatures, agreement.in_force_from)
    fire(agreement, states.ENTER, by=by, at=at, stamps={"effective_on": effective_on})
    if agreement.kind == Agreement.Kind.SUPPORT:
        for opened in ON_ENTRY:
            opened(agreement, by, at)
    write_to_communes(agreement, "agreement_in_force", "agreement.in_force", at)
