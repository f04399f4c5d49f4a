"""Questions about calls. The person comes first: what they may see, what they are there."""

from datetime import datetime

from django.db.models import Q, QuerySet
from portal.accounts.models import User
from portal.core.mailing import Sender
from portal.territories.models import Commune

from . import states
from .models import Call, CallRole, Window


def published_calls() -> QuerySet[Call]:
    """The calls that everyone may read."""
    return (
        Call.objects.exclude(state=states.DRAFT)
        .filter(is_rehearsal=False)
        .select_related("owner__profile", "programme")
        .prefetch_related("windows")
    )


def active_roles(at: datetime) -> Q:
    """Roles in force at an instant."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def roles_of(user: User, call: Call, at: datetime) -> frozenset[str]:
    """The staff roles of a person in a call; empty for everyone else."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(CallRole.objects.filter(active_roles(at), user=user, call=call).values_list("role", flat=True))


def calls_staffed_by(user: User, at: datetime, *roles: str) -> QuerySet[Call]:
    """The calls where a person holds a staff role now (one of `roles` when given), drafts included."""
    held = CallRole.objects.filter(active_roles(at), user=user)
    if roles:
        held = held.filter(role__in=roles)
    return Call.objects.filter(pk__in=held.values("call_id")).select_related("owner__profile", "programme")


def readable_calls(user: User, at: datetime) -> QuerySet[Call]:
    """Published calls, and those in preparation of the person's own."""
    if not user.is_authenticated:
        return published_calls()
    mine = calls_staffed_by(user, at).values("pk")
    return Call.objects.filter(~Q(state=states.DRAFT, is_rehearsal=False) | Q(pk__in=mine)).select_related("owner__profile")


def staff_of(call: Call, at: datetime, *roles: str) -> QuerySet[User]:
    """The people who hold one of these roles in a call."""
    held = CallRole.objects.filter(active_roles(at), call=call, role__in=roles)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("pk")


def is_open(window: Window, at: datetime) -> bool:
    """Whether one may deposit: the last second of the limit is included."""
    return window.opens_at <= at <= window.closes_at


def call_window(call: Call, at: datetime) -> Window | None:
    """The window that counts now: the open one, else the next, else the last."""
    windows = sorted(call.windows.all(), key=lambda window: window.opens_at)
    current = [window for window in windows if window.closes_at >= at]
    return current[0] if current else (windows[-1] if windows else None)


def communes_of_perimeter(call: Call) -> QuerySet[Commune]:
    """The inhabited communes invited by the call, by name."""
    field = {
        Call.PerimeterKind.INTERCOMMUNALITY: "intercommunality_id__in",
        Call.PerimeterKind.DEPARTMENT: "department_id__in",
        Call.PerimeterKind.REGION: "department__region_id__in",
        Call.PerimeterKind.COMMUNES: "insee__in",
    }[Call.PerimeterKind(call.perimeter_kind)]
    return Commune.objects.filter(**{field: call.perimeter_codes}, inhabited=True).order_by("search_name", "insee")


def sender_of(call: Call) -> Sender:
    """In whose name the call's mails leave; answers go to its contact."""
    profile = getattr(call.owner, "profile", None)
    name = profile.short_name if profile else call.owner.name
    signature = f"{call.contact_service}, {name}"
    if call.contact_phone:
        signature += f"\n{call.contact_phone}" + (f", {call.contact_hours}" if call.contact_hours else "")
    return Sender(name=name, reply_to=call.contact_email, signature=f"{signature}\n{call.contact_email}")
