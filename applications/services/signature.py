"""Ask the signatory to read and deposit; withdraw what was deposited."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import WRITING_RIGHTS, may_sign, people_with
from portal.accounts.rules import can_invite
from portal.accounts.services import person_at, personal_link
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..emails import declined_mail, signature_mail, withdrawn_mail
from ..models import Application, SignatureRequest
from ..queries import progress_of
from ..rules import can_ask_signature, can_withdraw, is_complete


@transaction.atomic
def designate_signatory(
    *, organisation: Organisation, email: str, full_name: str, role_title: str, by: User, at: datetime
) -> User:
    """The person who may commit the organisation, named by a confirmed colleague; an account is made if need be."""
    require(can_invite(by, organisation, Membership.Right.SIGNATORY))
    if email.strip().lower() == by.email:
        raise Refused("Vous ne pouvez pas vous désigner vous-même : indiquez l’adresse de la personne qui signe.")
    signatory = person_at(email, full_name=full_name, role_title=role_title)
    held = signatory.memberships.exclude(state=Membership.State.ENDED).filter(organisation=organisation).first()
    if held and held.state == Membership.State.CONFIRMED and held.right == Membership.Right.SIGNATORY:
        return signatory
    membership = held or Membership(user=signatory, organisation=organisation, created_at=at)
    membership.right, membership.state = Membership.Right.SIGNATORY, Membership.State.CONFIRMED
    membership.confirmed_at, membership.confirmed_by = membership.confirmed_at or at, by
    membership.confirmation = f"désignation par {by}"[:200]
    membership.save()
    return signatory


@transaction.atomic
def ask_signature(*, application: Application, signatory: User, by: User, at: datetime) -> SignatureRequest:
    """Send the signatory a personal link to the file; asking again sends the link again. Raises `Refused`."""
    require(can_ask_signature(by, application, at))
    require(is_complete(progress_of(application)))
    if not may_sign(signatory, application.lead):
        raise Refused("Cette personne n’est pas habilitée à signer pour la commune.")
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    waiting = application.signature_requests.filter(state=SignatureRequest.State.ASKED)
    waiting.exclude(signatory=signatory).update(
        state=SignatureRequest.State.DECLINED, settled_at=at, reason="Demande adressée à une autre personne."
    )
    request = waiting.first() or SignatureRequest.objects.create(
        application=application, signatory=signatory, asked_by=by, asked_at=at
    )
    path = personal_link(signatory, reverse("signature_read", args=[application.uuid]), at=at)
    enqueue_email(signature_mail(request, path, at=at), at=at)
    return request


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
