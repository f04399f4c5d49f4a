"""Seats made from the call, people invited to them, and the end of their time."""

from datetime import datetime
from secrets import token_hex

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from calls.models import Call
from calls.queries import communes_of_perimeter, roles_of
from portal.accounts.models import Invitation, Organisation, User
from portal.accounts.services import invite
from portal.core.rules import Refused, require
from portal.territories.models import Department

from ..lots import order
from ..models import Seat, SeatDraw, SeatHolder
from ..queries import in_office
from ..rules import can_draw, can_have_substitute, can_sit, sits_elsewhere
from .interests import record_ties

GRANT = "jury-seat"
SUBSTITUTE = "suppleance"


FIELDS = ("position", "label", "college", "voting", "president", "co_chair", "observer", "drawn")


@transaction.atomic
def compose_jury(*, call: Call) -> list[Seat]:
    """Make the seats that the call describes, one for each département where they vary with the file; done again, it
    only adds those that are missing."""
    presides = False
    for template in call.seat_templates.all():
        defaults = {name: getattr(template, name) for name in FIELDS} | {"personal": template.voice == "person"}
        if presides and template.president:  # one presides, who shares it stands in first
            defaults |= {"president": False, "co_chair": True}
        presides = presides or template.president
        if not template.by_department:
            Seat.objects.get_or_create(call=call, code=template.code, defaults=defaults)
            continue
        for department in departments_of(call):
            named = defaults | {"label": f"{template.label}, {department.name}"[:150], "department": department}
            Seat.objects.get_or_create(call=call, code=f"{template.code}_{department.code}", defaults=named)
    return list(call.seats.all())


def departments_of(call: Call) -> QuerySet[Department]:
    """Those of the perimeter, by code."""
    codes = communes_of_perimeter(call).order_by().values("department")
    return Department.objects.filter(code__in=codes).order_by("code")


@transaction.atomic
def draw_commune(*, seat: Seat, by: User, at: datetime, reason: str = "") -> SeatDraw:
    """Draw the commune that a seat represents, among those of the perimeter that no other seat drew. Raises `Refused`.

    Drawing again needs a reason, and leaves out what was drawn before.
    """
    require(can_draw(drawn=seat.drawn, held=SeatHolder.objects.filter(seat=seat, ends_at=None).exists()))
    list(Seat.objects.select_for_update().filter(call=seat.call_id, drawn=True).order_by("pk"))
    earlier = seat.draws.count()
    if earlier and not reason.strip():
        raise Refused("Tirer de nouveau demande un motif\u00a0: le premier tirage reste au dossier.")
    taken = SeatDraw.objects.filter(seat__call=seat.call_id).values("commune")
    pool = list(communes_of_perimeter(seat.call).exclude(pk__in=taken).values_list("pk", flat=True))
    if not pool:
        raise Refused("Toutes les communes du périmètre sont déjà tirées.")
    seed = token_hex(16)
    return SeatDraw.objects.create(
        seat=seat, n=earlier + 1, pool=sorted(pool), seed=seed, commune_id=order(pool, seed)[0],
        reason=reason.strip() if earlier else "", drawn_at=at, by=by,
    )  # fmt: skip


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
    if substitute:
        require(can_have_substitute(personal=seat.personal))
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
    if substitute:
        require(can_have_substitute(personal=seat.personal))
    Seat.objects.select_for_update().get(pk=seat.pk)
    require_free(seat, substitute=substitute)
    if SeatHolder.objects.filter(seat__call=seat.call_id, user=user, ends_at=None).exists():
        raise Refused("Cette personne occupe déjà un siège de ce jury.")
    holder = SeatHolder.objects.create(
        seat=seat, user=user, organisation=organisation, substitute=substitute, starts_at=at
    )
    record_ties(holder=holder, at=at)
    return holder


def works_or_sits(user: User, call: Call, at: datetime) -> str:
    """Why a person cannot be given a role on a call, in French; "" when they can (`calls.services.team`)."""
    held = SeatHolder.objects.filter(in_office(at), seat__call=call, user=user).exists()
    return sits_elsewhere(holds_a_seat=held).reason


def require_free(seat: Seat, *, substitute: bool) -> None:
    if SeatHolder.objects.filter(seat=seat, substitute=substitute, ends_at=None).exists():
        what = "Ce siège a déjà une personne suppléante" if substitute else "Ce siège est déjà occupé"
        raise Refused(f"{what}\u00a0: mettez d’abord fin à son mandat.")


def end_holding(*, holder: SeatHolder, at: datetime) -> None:
    """End someone's time on a seat; what they did stays theirs."""
    if not SeatHolder.objects.filter(pk=holder.pk, ends_at=None).update(ends_at=at):
        raise Refused("Ce mandat a déjà pris fin.")
