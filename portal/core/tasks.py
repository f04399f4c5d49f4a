"""Celery tasks of the core: they hold no truth, only claim rows."""

from celery import shared_task

from . import documents, journal, outbox, probing, scanning
from .clock import portal_now
from .models import Heartbeat

HANDLERS = (documents.render_document, scanning.scan_file)  # imported: their jobs are declared to the outbox


@shared_task(name="portal.core.tasks.deliver")
def deliver() -> None:
    """Render what is awaited, then send what is due."""
    outbox.release_stale(portal_now())
    outbox.run_jobs()
    outbox.deliver_emails()


@shared_task(name="portal.core.tasks.beat_heartbeat")
def beat_heartbeat() -> None:
    """The sign of life that /sante/ reads: scheduler, broker and worker all live."""
    Heartbeat.objects.update_or_create(name="beat", defaults={"at": portal_now()})


@shared_task(name="portal.core.tasks.purge_journal")
def purge_journal() -> None:
    """Forget the readings of more than a year."""
    journal.purge(portal_now())


@shared_task(name="portal.core.tasks.probe")
def probe() -> None:
    """One visit of the portal to itself, kept as evidence."""
    probing.probe()
