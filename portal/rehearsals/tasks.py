"""The scheduled work of the rehearsals: their jobs, and their end."""

from celery import shared_task

from portal.core import outbox
from portal.core.clock import portal_now
from portal.core.spaces import SpaceGone, inside

from . import queries, services
from .models import Rehearsal

JOBS_A_TURN = 100


@shared_task(name="portal.rehearsals.tasks.play")
def play() -> None:
    """Do what each rehearsal awaits: fictitious files, documents. Mails stay where they are: they are only shown."""
    for rehearsal in Rehearsal.objects.select_related("call").order_by("started_at"):
        if not queries.is_outdated(rehearsal):
            work(rehearsal)


def work(rehearsal: Rehearsal, most: int = JOBS_A_TURN) -> None:
    """One job at a time, outside between two: whoever erases waits for one job only."""
    for _ in range(most):
        try:
            with inside(rehearsal.space):
                outbox.release_stale(portal_now())
                done = outbox.run_jobs(limit=1)
        except SpaceGone:
            return
        if not done:
            return


@shared_task(name="portal.rehearsals.tasks.sweep")
def sweep() -> None:
    """Erase the rehearsals that are thirty days old."""
    services.sweep(portal_now())
