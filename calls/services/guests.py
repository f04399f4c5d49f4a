"""Organisations that are no commune, invited to a call by invitation list: named before, written to once published."""

from datetime import datetime

from django.db import transaction

from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.accounts.queries import people_in_charge
from portal.accounts.services.invitations import invite
from portal.accounts.services.signatories import name_signatory
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail, enqueue_email
from portal.core.rules import Refused, require
from portal.core.typography import masked

from ..definition.editing import Change, Raw, put
from ..definition.schema import CallDocument
from ..models import Call
from ..queries import sender_of
from ..queries_guests import guests_of, invited_codes
from ..rules import can_edit, can_write_to_guests
from .writing import edit_call

GRANT = "call-guest"
COMMUNE = "C’est le SIREN d’une commune : ajoutez-la par son code INSEE, « Écrire aux mairies » lui écrira."
Kind = Organisation.Kind


@transaction.atomic
def add_guest(*, call: Call, siren: str, name: str, kind: str, contact: str, by: User, at: datetime) -> Organisation:
    """Put an organisation on the list of a call in preparation. Raises `Refused`, `BadEdit`.

    Its address is the one the portal knows, if any: nobody moves the mailbox of an organisation that exists.
    """
    require(can_edit(by, call, at))
    known = Organisation.objects.select_for_update().filter(siren=siren).first()
    if known and known.kind == Kind.COMMUNE:
        raise Refused(COMMUNE)
    if siren in invited_codes(call):
        raise Refused("Cet organisme est déjà sur la liste.")
    organisation = known or Organisation.objects.create(siren=siren, name=name, kind=kind, official_email=contact)
    check_address(organisation, contact)
    if not organisation.official_email:
        organisation.official_email = contact
        organisation.save(update_fields=["official_email"])
    edit_call(call=call, change=listed(siren))
    return organisation


def check_address(organisation: Organisation, contact: str) -> None:
    """The mailbox of an organisation that the portal knows is not changed from here."""
    official = organisation.official_email
    if official and official.lower() != contact.lower():
        raise Refused(
            f"Le portail connaît « {organisation.name} » à une autre adresse ({masked(official)}) : "
            "écrivez celle-là, ou demandez à l’administration de la plateforme de la changer."
        )


def listed(siren: str) -> Change:
    """The change that adds a SIREN to the invitation list."""

    def change(document: CallDocument) -> Raw:
        return put("", {("access", "invited"): [*document.access.invited, siren]})(document)

    return change


@transaction.atomic
def write_to_guests(*, call: Call, by: User, at: datetime) -> int:
    """Write to each organisation of the list, once; returns how many mails are new.

    Who is in charge already receives the news; else the address receives a link, and who opens it signs.
    """
    require(can_write_to_guests(by, call, at))
    written = 0
    for organisation in guests_of(call).select_for_update(of=("self",)):
        people = list(people_in_charge(organisation).order_by("email"))
        if people:
            written += sum(enqueue_email(news(call, organisation, person.email), at=at) for person in people)
        elif organisation.official_email and not invited_already(call, organisation):
            invite(
                email=organisation.official_email,
                organisation=organisation,
                right=Membership.Right.SIGNATORY,
                by=by,
                at=at,
                grant=GRANT,
                grant_key=call.slug,
            )
            written += 1
    return written


def invited_already(call: Call, organisation: Organisation) -> bool:
    """A link has been sent: it has served, or it is still good for as long as one sends no other."""
    return Invitation.objects.filter(grant=GRANT, grant_key=call.slug, organisation=organisation).exists()


@transaction.atomic
def write_again(*, call: Call, organisation: Organisation, by: User, at: datetime) -> None:
    """A new link to an organisation whose first one was lost or has expired. Raises `Refused`."""
    require(can_write_to_guests(by, call, at))
    if people_in_charge(organisation).exists():
        raise Refused("Une personne de cet organisme a déjà son accès au portail.")
    invite(
        email=organisation.official_email,
        organisation=organisation,
        right=Membership.Right.SIGNATORY,
        by=by,
        at=at,
        grant=GRANT,
        grant_key=call.slug,
    )


def news(call: Call, organisation: Organisation, address: str) -> Mail:
    """To who is in charge of the organisation: the call is open to it."""
    return compose(
        "calls/guest",
        kind="call.guest",
        object_key=f"call:{call.slug}",
        recipient=address,
        sender=sender_of(call),
        context={"call": call, "organisation": organisation, "window": call.windows.order_by("closes_at").last()},
        action=Action("Lire l’appel et préparer notre candidature", f"/appels/{call.slug}/"),
    )


def accept_guest(invitation: Invitation, user: User, at: datetime) -> str:
    """What accepting gives: the person signs for the organisation, the mailbox being its own; then the call."""
    assert invitation.organisation is not None
    name_signatory(organisation=invitation.organisation, person=user, by=invitation.invited_by, at=at)
    return f"/appels/{invitation.grant_key}/"


def guest_offer(invitation: Invitation) -> str:
    call = Call.objects.get(slug=invitation.grant_key)
    return f"candidater à l’appel « {call} » pour « {invitation.organisation} »"
