"""Ask the signatory to read and deposit; withdraw what was deposited."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import WRITING_RIGHTS, people_with, signatories_to_be, signature_awaited
from portal.accounts.rules import can_invite
from portal.accounts.services import name_signatory, person_at, personal_link
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..emails.files import declined_mail, signature_mail, withdrawn_mail
from ..models import Application, SignatureRequest
from ..queries.files import progress_of
from ..rules.files import can_ask_signature, can_withdraw, is_complete


@transaction.atomic
def designate_signatory(
    *, organisation: Organisation, email: str, full_name: str, role_title: str, by: User, at: datetime
) -> User:
    """The person who is to sign for the organisation, named by a confirmed colleague; an account is made if need be.

    `name_signatory` says when they may sign: at once, or once the town hall has answered.
    """
    require(can_invite(by, organisation, Membership.Right.SIGNATORY))
    if email.strip().lower() == by.email:
        raise Refused("Vous ne pouvez pas vous désigner vous-même : indiquez l’adresse de la personne qui signe.")
    signatory = person_at(email, full_name=full_name, role_title=role_title)
    name_signatory(organisation=organisation, person=signatory, by=by, at=at)
    return signatory


@transaction.atomic
def ask_signature(*, application: Application, signatory: User, by: User, at: datetime) -> SignatureRequest:
    """Send the signatory a personal link to the file; asking again sends the link again. Raises `Refused`."""
    require(can_ask_signature(by, application, at))
    require(is_complete(progress_of(application)))
    if not signatories_to_be(application.lead).filter(pk=signatory.pk).exists():
        raise Refused("Cette personne n’est pas habilitée à signer pour la commune.")
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    waiting = application.signature_requests.filter(state=SignatureRequest.State.ASKED)
    waiting.exclude(signatory=signatory).update(
        state=SignatureRequest.State.DECLINED, settled_at=at, reason="Demande adressée à une autre personne."
    )
    request = waiting.first() or SignatureRequest.objects.create(
        application=application, signatory=signatory, asked_by=by, asked_at=at
    )
    send_link(request, at=at)
    return request


def send_link(request: SignatureRequest, *, at: datetime, confirmed: bool = False) -> None:
    """The personal link to the two pages; `confirmed`: sent again because the person may now deposit."""
    path = personal_link(request.signatory, reverse("signature_read", args=[request.application.uuid]), at=at)
    awaited = signature_awaited(request.signatory, request.application.lead)
    enqueue_email(signature_mail(request, path, at=at, awaited=awaited, confirmed=confirmed), at=at)


def tell_signatory(membership: Membership, at: datetime) -> bool:
    """The town hall has confirmed who signs: the files that wait for this person are sent to them again."""
    waiting = SignatureRequest.objects.filter(
        signatory=membership.user, application__lead=membership.organisation, state=SignatureRequest.State.ASKED
    )
    requests = list(waiting.select_related("signatory", "asked_by", "application__call__owner__profile"))
    for request in requests:
        send_link(request, at=at, confirmed=True)
    return bool(requests)


@transaction.atomic
def decline_signature(*, request: SignatureRequest, by: User, reason: str, at: datetime) -> None:
    """The signatory does not deposit, and says why to the person who asked. Raises `Refused`."""
    locked = SignatureRequest.objects.select_for_update().get(pk=request.pk)
    if locked.signatory_id != by.pk:
        raise Refused("Cette demande ne vous est pas adressée.")
    if locked.state != SignatureRequest.State.ASKED:
        raise Refused("Vous avez déjà répondu à cette demande.")
    if not reason.strip():
        raise Refused("Dites en une phrase ce qui empêche le dépôt.")
    locked.state, locked.settled_at, locked.reason = SignatureRequest.State.DECLINED, at, reason.strip()
    locked.save(update_fields=["state", "settled_at", "reason"])
    enqueue_email(declined_mail(locked), at=at)


@transaction.atomic
def withdraw_application(*, application: Application, by: User, reason: str, at: datetime) -> None:
    """Take back a deposited file, with a reason; its deposits stay as evidence. Raises `Refused`."""
    require(can_withdraw(by, application))
    fire(application, states.WITHDRAW, by=by, at=at, reason=reason, on_behalf_of=application.lead)
    for person in people_with(application.lead, list(WRITING_RIGHTS)):
        enqueue_email(withdrawn_mail(application, person, reason), at=at)
