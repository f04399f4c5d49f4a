"""Questions about rehearsals; the person comes first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from applications.models import Application
from calls.queries import calls_staffed_by
from portal.accounts.models import Organisation, User
from portal.core.clock import portal_now
from portal.core.models import Job, OutboundEmail

from . import cast, player, tables
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


@dataclass(frozen=True)
class Place:
    """Someone whose place one may take."""

    pk: int
    title: str
    function: str


@dataclass(frozen=True)
class Board:
    """Where a rehearsal stands, read inside it."""

    now: datetime
    done: int
    total: int
    failure: str
    states: tuple[tuple[str, int], ...]
    mails: int
    moments: tuple[tuple[str, datetime], ...]
    places: tuple[Place, ...]

    @property
    def ready(self) -> bool:
        return self.done >= self.total

    @property
    def progress(self) -> str:
        return f"{self.done} étapes faites sur {self.total}"


def board_of(rehearsal: Rehearsal) -> Board:
    """Inside the space: progress, files by state, mails, next moments, places at the organiser's."""
    call = player.copy_of(rehearsal)
    now, jobs = portal_now(), Job.objects.filter(kind=player.JOB)
    counts = Application.objects.filter(call=call).order_by().values_list("state").annotate(n=Count("pk"))
    labels = dict(Application._meta.get_field("state").flatchoices)
    failed = jobs.exclude(last_error="").exclude(state="done").first()
    return Board(
        now=now,
        done=jobs.filter(state="done").count(),
        total=len(player.steps_of(rehearsal, call.seat_templates.count())),
        failure=failed.last_error if failed else "",
        states=tuple((labels[state], n) for state, n in counts),
        mails=OutboundEmail.objects.count(),
        moments=tuple((label, at) for label, at in player.moments_of(call) if at > now),
        places=tuple(Place(user.pk, title, str(user)) for user, title in cast.titles(call)),
    )


def town_halls(search: str) -> QuerySet[Organisation]:
    """Inside the space: the town halls that have people, by name, found by a word."""
    halls = Organisation.objects.filter(commune__isnull=False, memberships__isnull=False).distinct()
    if search:
        halls = halls.filter(commune__name__icontains=search)
    return halls.prefetch_related("memberships__user").order_by("name")


def shown_mails() -> QuerySet[OutboundEmail]:
    """Inside the space: the mails that would have left, the latest first."""
    return OutboundEmail.objects.order_by("-created_at", "-pk")
