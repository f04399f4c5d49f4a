"""Acts on agreements: draw up, complete the acts, send, record each signature, enter into force."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import transaction

from applications.models import DecisionLine
from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.calendar import day_of
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from . import states
from .documents import request_agreement, resolution_of
from .emails import write_to_communes
from .models import Agreement, Party
from .outline import contracted
from .queries import members_of_lines, next_number
from .rules import can_send

# What opens when an agreement enters into force: added by upper apps (`support.plan`).
ON_ENTRY: list[Callable[[Agreement, User, datetime], None]] = []
COMMUNE_SIGNATORY = "Le Maire"


@transaction.atomic
def draw_up(*, call: Call, lines: Sequence[DecisionLine], starts_on: date, by: User, at: datetime) -> Agreement:
    """One agreement for one or several selected files; the commune's act comes from its file. Raises `Refused`."""
    Call.objects.select_for_update().get(pk=call.pk)
    if not lines:
        raise Refused("Choisissez au moins une candidature retenue.")
    taken = [str(line.application.lead) for line in lines if line.agreements.exists()]
    if taken:
        raise Refused(f"Une convention existe déjà pour : {', '.join(taken)}.")
    head = call.extras.get("agreement")
    if not head:
        raise Refused("Cet appel ne prévoit pas de convention.")
    agreement = Agreement.objects.create(
        call=call,
        number=next_number(call),
        title=lines[0].application.title[:200],
        starts_on=starts_on,
        months=head["months"],
        created_at=at,
        created_by=by,
    )
    agreement.beneficiaries.set(lines)
    write_parties(agreement, call.owner, list(lines))
    return agreement


def write_parties(agreement: Agreement, owner: Organisation, lines: list[DecisionLine]) -> None:
    decision = lines[0].decision
    Party.objects.create(
        agreement=agreement,
        position=1,
        organisation=owner,
        side=Party.Side.OWNER,
        representative_title=owner.profile.signatory_title,
        act_body=contracted(decision.body),
        act_number=decision.act_number,
        act_on=decision.act_on,
    )
    for position, member in enumerate(members_of_lines(lines), 2):
        act = resolution_of(member.application, member.organisation_id)
        Party.objects.create(
            agreement=agreement,
            position=position,
            organisation=member.organisation,
            side=Party.Side.BENEFICIARY,
            representative_title=COMMUNE_SIGNATORY,
            act_body="du conseil municipal",
            act_number=act.number if act else "",
            act_on=act.adopted_on if act else None,
        )


@transaction.atomic
def record_act(*, party: Party, act_body: str, act_number: str, act_on: date, title: str, by: User) -> None:
    """The act that authorises a party to sign, while the agreement is being drawn up. Raises `Refused`."""
    agreement = Agreement.objects.select_for_update().get(pk=party.agreement_id)
    if agreement.state != states.DRAFTING:
        raise Refused("La convention est partie à la signature : ses parties ne changent plus.")
    Party.objects.filter(pk=party.pk).update(
        act_body=act_body, act_number=act_number, act_on=act_on, representative_title=title, recorded_by=by
    )


@transaction.atomic
def send(*, agreement: Agreement, by: User, at: datetime) -> None:
    """Freeze the document and send it to the communes. Raises `Refused` when an act is missing."""
    require(can_send(agreement))
    document = request_agreement(agreement, at)
    fire(agreement, states.SEND, by=by, at=at, stamps={"document": document})
    write_to_communes(agreement, "agreement_sent", "agreement.sent", at)


@transaction.atomic
def record_signature(*, party: Party, signed_on: date, by: User, at: datetime) -> Agreement:
    """One more signature; the last one puts the agreement in force and opens the support. Raises `Refused`."""
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=party.agreement_id)
    if agreement.state != states.SIGNING:
        raise Refused("Cette convention n’est pas en cours de signature.")
    locked = Party.objects.get(pk=party.pk)
    if locked.signed_on:
        raise Refused("Cette signature est déjà enregistrée.")
    if signed_on > day_of(at):
        raise Refused("Une signature ne peut pas être datée de demain.")
    if locked.act_on and signed_on < locked.act_on:
        raise Refused("L’acte qui autorise à signer doit précéder la signature.")
    Party.objects.filter(pk=party.pk).update(signed_on=signed_on, recorded_by=by)
    signing = agreement.parties.exclude(side=Party.Side.WITNESS)
    if not signing.filter(signed_on=None).exists():
        enter_into_force(agreement, by, at)
    return agreement


def enter_into_force(agreement: Agreement, by: User, at: datetime) -> None:
    effective_on = max(agreement.parties.exclude(signed_on=None).values_list("signed_on", flat=True))
    fire(agreement, states.ENTER, by=by, at=at, stamps={"effective_on": effective_on})
    for opened in ON_ENTRY:
        opened(agreement, by, at)
    write_to_communes(agreement, "agreement_in_force", "agreement.in_force", at)
