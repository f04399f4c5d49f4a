"""The team of a call: a role is asked by a manager, confirmed by a second person, accepted by its holder."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from portal.accounts.models import Invitation, User
from portal.accounts.services.invitations import invite
from portal.core import approvals
from portal.core.models import Approval
from portal.core.rules import Refused

from ..models import Call, CallRole
from ..queries import active_roles, sender_of

ROLE_ACT = "calls.give_role"
GRANT = "call-role"
# People who score or vote cannot also run the call: added by `juries`.
INCOMPATIBLE: list[Any] = []


def ask_role(
    *, call: Call, email: str, role: str, role_title: str, approver: User, asked_by: User, at: datetime
) -> Approval:
    """Ask a second person to let someone into the team. Raises `Refused`."""
    address = email.strip().lower()
    if address == asked_by.email:
        raise Refused("On ne se donne pas un rôle à soi-même : demandez à un collègue.")
    label = CallRole.Role(role).label
    return approvals.ask(
        act=ROLE_ACT,
        object_key=f"call:{call.slug}:{address}",
        title=f"Confier à {address} le rôle « {label} » dans l’appel « {call} »",
        arguments={"slug": call.slug, "email": address, "role": role, "role_title": role_title},
        asked_by=asked_by,
        approver=approver,
        reason="",
        at=at,
        sender=sender_of(call),
    )


def run_role(approval: Approval, at: datetime) -> None:
    """Confirmed: the person is invited; accepting gives the role."""
    arguments = approval.arguments
    call = Call.objects.get(slug=arguments["slug"])
    invite(
        email=arguments["email"],
        organisation=call.owner,
        right="",
        by=approval.asked_by,
        at=at,
        grant=GRANT,
        grant_key=f"{call.slug}:{arguments['role']}",
        role_title=arguments["role_title"],
    )


def accept_role(invitation: Invitation, user: User, at: datetime) -> str:
    """What accepting gives: the role, from now on. Raises `Refused`."""
    slug, _, role = invitation.grant_key.rpartition(":")
    call = Call.objects.get(slug=slug)
    refusals = [reason for check in INCOMPATIBLE if (reason := check(user, call, at))]
    if refusals:
        raise Refused(refusals[0])
    CallRole.objects.update_or_create(
        user=user,
        call=call,
        role=role,
        defaults={"starts_at": at, "ends_at": None, "given_by": invitation.invited_by},
    )
    return reverse("staff_call", args=[slug]) if role != CallRole.Role.ADVISER else reverse("support_home")


def role_offer(invitation: Invitation) -> str:
    slug, _, role = invitation.grant_key.rpartition(":")
    call = Call.objects.get(slug=slug)
    return f"rejoindre l’équipe de l’appel « {call} », rôle « {CallRole.Role(role).label} »"


@transaction.atomic
def end_role(*, role: CallRole, by: User, at: datetime) -> None:
    """Someone leaves the team, at once; a call keeps at least one manager. Raises `Refused`."""
    managers = CallRole.objects.select_for_update().filter(active_roles(at), call=role.call, role=CallRole.Role.MANAGER)
    if role.role == CallRole.Role.MANAGER and list(managers) == [role]:
        raise Refused("C’est la seule personne qui gère l’appel : confiez d’abord ce rôle à une autre.")
    CallRole.objects.filter(pk=role.pk, ends_at=None).update(ends_at=at)
