"""What may be done with an agreement, and why not."""

from datetime import date, datetime
from decimal import Decimal

from calls.models import Call, CallRole
from calls.queries import roles_of
from portal.accounts.models import Organisation, User
from portal.core.rules import YES, Answer, no
from portal.core.typography import format_amount, format_date

from . import states
from .models import Agreement, Party

PRIVATE_KINDS = frozenset({Organisation.Kind.ASSOCIATION, Organisation.Kind.FIRM})
# Loi n° 2000-321, art. 10, and décret n° 2001-495, art. 1: beyond this sum a private body signs an agreement, and the
# essential data of the grant are published (décret n° 2017-779).
PRIVATE_THRESHOLD = Decimal(23_000)
SENT = "La convention est partie à la signature : ses parties et son texte ne changent plus."


def can_manage_agreements(user: User, call: Call, at: datetime) -> Answer:
    """Drawing up, sending and recording signatures: the call's managers."""
    if CallRole.Role.MANAGER in roles_of(user, call, at):
        return YES
    return no("Seule la personne qui gère cet appel peut faire cela.")


def can_change(agreement: Agreement) -> Answer:
    """Parties, acts, text and annexes change until the agreement is sent."""
    return YES if agreement.state == states.DRAFTING else no(SENT)


def can_give_visa(user: User, agreement: Agreement, at: datetime) -> Answer:
    """The visa comes from another manager than the one who drew the text up."""
    if agreement.state != states.DRAFTING:
        return no(SENT)
    if agreement.created_by_id == user.pk:
        return no("Vous avez établi cette convention : le visa vient d’une autre personne qui gère l’appel.")
    return can_manage_agreements(user, agreement.call, at)


def can_send(agreement: Agreement, *, vised: bool) -> Answer:
    """Every party that signs must hold an act, and the text its visa when one is asked; else it is only a draft."""
    if agreement.state != states.DRAFTING:
        return no(SENT)
    missing = [
        party.organisation.name
        for party in agreement.parties.select_related("organisation")
        if party.side != Party.Side.WITNESS and not party.act_number
    ]
    if missing:
        return no(f"Il manque l’acte qui autorise à signer : {', '.join(missing)}.")
    if agreement.needs_visa and not vised:
        return no("Le texte attend son visa, ou il a changé depuis.")
    return YES


def can_sign_now(party: Party, others: list[Party]) -> Answer:
    """When the parties sign one after the other, each waits for those before it."""
    if not party.agreement.ordered:
        return YES
    before = [other for other in others if other.position < party.position and not other.signed_on]
    waiting = next((other for other in before if other.side != Party.Side.WITNESS), None)
    return no(f"Les parties signent dans l’ordre : {waiting.organisation} d’abord.") if waiting else YES


def can_record_signatures(agreement: Agreement) -> Answer:
    return YES if agreement.state == states.SIGNING else no("Cette convention n’est pas en cours de signature.")


def can_follow(agreement: Agreement) -> Answer:
    """A framework or an amendment follows what is in force."""
    if agreement.kind == Agreement.Kind.AMENDMENT:
        return no("Un avenant ne se modifie pas : modifiez la convention par un nouvel avenant.")
    return YES if agreement.state == states.IN_FORCE else no("Cette convention n’est pas en vigueur.")


def can_end(agreement: Agreement, today: date) -> Answer:
    """A draft is given up, a text whose signatures are wanting lapses, an agreement in force is terminated."""
    if agreement.state == states.SIGNING:
        return can_lapse(agreement, today)
    return YES if agreement.state in states.LIVING else no("Cette convention a déjà pris fin.")


def can_lapse(agreement: Agreement, today: date) -> Answer:
    """Want of signature is found only once the date that the agreement sets is past."""
    if not can_record_signatures(agreement):
        return can_record_signatures(agreement)
    if agreement.sign_by is None:
        return no("Cette convention ne fixe pas de date limite de signature.")
    if today <= agreement.sign_by:
        return no(f"Les parties peuvent signer jusqu’au {format_date(agreement.sign_by)} inclus.")
    return YES


def agreement_required(kind: str, amount: Decimal | None) -> Answer:
    """Whether the law asks for an agreement and a publication: a private body, above 23 000 € a year."""
    if kind not in PRIVATE_KINDS:
        return no("Le bénéficiaire n’est pas une personne privée : la loi n’impose pas de convention.")
    if amount is None or amount <= PRIVATE_THRESHOLD:
        return no(f"L’aide ne dépasse pas {format_amount(PRIVATE_THRESHOLD)}.")
    beyond = f"aide de {format_amount(amount)}, au-delà de {format_amount(PRIVATE_THRESHOLD)}"
    return Answer(
        True,
        f"Bénéficiaire de droit privé, {beyond} : la convention est obligatoire et ses données essentielles sont "
        "publiées (loi n° 2000-321, article 10 ; décret n° 2017-779).",
    )
