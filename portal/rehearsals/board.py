"""What the board of a rehearsal shows, read inside it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from applications.models import Application
from portal.core.clock import portal_now
from portal.core.models import Job, OutboundEmail

from . import cast, player
from .models import Rehearsal


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
    call, play = player.call_rehearsed(), player.Play(rehearsal.stage, rehearsal.files)
    now, jobs = portal_now(), Job.objects.filter(kind=player.JOB)
    counts = Application.objects.filter(call=call).order_by().values_list("state").annotate(n=Count("pk"))
    labels = dict(Application._meta.get_field("state").flatchoices)
    failed = jobs.exclude(last_error="").exclude(state="done").first()
    return Board(
        now=now,
        done=jobs.filter(state="done").count(),
        total=len(play.steps(call.seat_templates.count())),
        failure=failed.last_error if failed else "",
        states=tuple((labels[state], n) for state, n in counts),
        mails=OutboundEmail.objects.count(),
        moments=tuple((label, at) for label, at in player.moments_of(call) if at > now),
        places=tuple(Place(user.pk, title, str(user)) for user, title in cast.titles(call)),
    )
