"""Seats made from the call, people invited to them, and the end of their time."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from calls.models import Call
from calls.queries import roles_of
from portal.accounts.models import Invitation, Organisation, User
from portal.accounts.services import invite
from portal.core.rules import Refused, require

from ..models import Seat, SeatHolder
from ..rules import can_sit
from .interests import record_ties

GRANT = "jury-seat"
SUBSTITUTE = "suppleance"


@transaction.atomic
def compose_jury(*, call: Call) -> list[Seat]:
    """Make the seats that the call describes; done again, it only adds those that are missing."""
    fields = ("position", "label", "college", "voting", "president")
    for template in call.seat_templates.all():
        defaults = {name: getattr(template, name) for name in fields}
        Seat.objects.get_or_create(call=call, code=template.code, defaults=defaults)
    return list(call.seats.all())


@transaction.atomic
def invite_holder(
    *,
    seat: Seat,
    email: str,
    by: User,
    at: datetime,
    organisation: Organisation | None = None,
    full_name: str = "",
    role_title: str = "",
    substitute: bool = False,
) -> Invitation:
    """Invite someone to a seat; `organisation` is the body that they represent. Raises `Refused`."""
    require_free(seat, substitute=substitute)
    known = User.objects.filter(email=email.strip().lower()).first()
    if known is not None:
        require(can_sit(roles_of(known, seat.call, at), is_platform_admin=known.is_platform_admin))
    return invite(
        email=email,
        organisation=organisation,
        right="",
        by=by,
        at=at,
        grant=GRANT,
        grant_key=f"{seat.pk}:{SUBSTITUTE}" if substitute else str(seat.pk),
        role_title=role_title or seat.label,
        full_name=full_name,
    )


def accept_seat(invitation: Invitation, user: User, at: datetime) -> str:
    """What accepting an invitation to a seat gives; the person lands on their declaration of interests."""
    seat, substitute = invited_seat(invitation)
    take_seat(seat=seat, user=user, organisation=invitation.organisation, substitute=substitute, at=at)
    return reverse("jury_declare", args=[seat.call.slug])


def seat_offer(invitation: Invitation) -> str:
    """« siéger au jury de l’appel « … » (Agence régionale de santé) »."""
    seat, substitute = invited_seat(invitation)
    held = f"{seat.label}, suppléance" if substitute else seat.label
    return f"siéger au jury de l’appel «\u202f{seat.call.title}\u202f» ({held})"


def invited_seat(invitation: Invitation) -> tuple[Seat, bool]:
    pk, _, kind = invitation.grant_key.partition(":")
    return Seat.objects.select_related("call").get(pk=pk), kind == SUBSTITUTE


@transaction.atomic
def take_seat(
    *, seat: Seat, user: User, at: datetime, organisation: Organisation | None = None, substitute: bool = False
) -> SeatHolder:
    """Sit someone. Their ties with applicants recuse the seat at once. Raises `Refused`."""
    require(can_sit(roles_of(user, seat.call, at), is_platform_admin=user.is_platform_admin))
    Seat.objects.select_for_update().get(pk=seat.pk)
    require_free(seat, substitute=substitute)
    if SeatHolder.objects.filter(seat__call=seat.call_id, user=user, ends_at=None).exists():
        raise Refused("Cette personne occupe déjà un siège de ce jury.")
    holder = SeatHolder.objects.create(
        seat=seat, user=user, organisation=organisation, substitute=substitute, starts_at=at
    )
    record_ties(holder=holder, at=at)
    return holder


def require_free(seat: Seat, *, substitute: bool) -> None:
    if SeatHolder.objects.filter(seat=seat, substitute=substitute, ends_at=None).exists():
        what = "Ce siège a déjà une personne suppléante" if substitute else "Ce siège est déjà occupé"
        raise Refused(f"{what}\u00a0: mettez d’abord fin à son mandat.")


def end_holding(*, holder: SeatHolder, at: datetime) -> None:
    """End someone's time on a seat; what they did stays theirs."""
    if not SeatHolder.objects.filter(pk=holder.pk, ends_at=None).update(ends_at=at):
        raise Refused("Ce mandat a déjà pris fin.")
