"""What may be done with an agreement, and why not."""

from datetime import datetime

from calls.models import Call, CallRole
from calls.queries import roles_of
from portal.accounts.models import User
from portal.core.rules import YES, Answer, no

from .models import Agreement


def can_manage_agreements(user: User, call: Call, at: datetime) -> Answer:
    """Drawing up, sending and recording signatures: the call's managers."""
    if CallRole.Role.MANAGER in roles_of(user, call, at):
        return YES
    return no("Seule la personne qui gère cet appel peut faire cela.")


def can_send(agreement: Agreement) -> Answer:
    """Every party that signs must hold an act; without it, the document is only a draft."""
    missing = [
        party.organisation.name
        for party in agreement.parties.select_related("organisation")
        if party.side != "witness" and not party.act_number
    ]
    if missing:
        return no(f"Il manque l’acte qui autorise à signer : {', '.join(missing)}.")
    return YES
