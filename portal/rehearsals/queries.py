"""Questions about rehearsals; the person comes first."""

from datetime import datetime

from django.db.models import QuerySet

from calls.queries import calls_staffed_by
from portal.accounts.models import Organisation, User
from portal.core.models import OutboundEmail

from . import tables
from .models import Entry, Rehearsal


def rehearsals_of(user: User, at: datetime) -> QuerySet[Rehearsal]:
    """The rehearsals of the calls that this person manages."""
    if not user.is_authenticated:
        return Rehearsal.objects.none()
    managed = calls_staffed_by(user, at, "manager").values("pk")
    return Rehearsal.objects.filter(call_id__in=managed).select_related("call__owner__profile")


def last_entry(user: User, rehearsal: Rehearsal) -> Entry | None:
    """As whom this person is in, if they went in."""
    return Entry.objects.filter(rehearsal=rehearsal, user=user).first()


def is_outdated(rehearsal: Rehearsal) -> bool:
    """The portal was updated since the copy: the two no longer resemble each other."""
    return rehearsal.structure != tables.structure()


def town_halls(search: str) -> QuerySet[Organisation]:
    """Inside the space: the town halls that have people, by name, found by a word."""
    halls = Organisation.objects.filter(commune__isnull=False, memberships__isnull=False).distinct()
    if search:
        halls = halls.filter(commune__name__icontains=search)
    return halls.prefetch_related("memberships__user").order_by("name")


def shown_mails() -> QuerySet[OutboundEmail]:
    """Inside the space: the mails that would have left, the latest first."""
    return OutboundEmail.objects.order_by("-created_at", "-pk")
