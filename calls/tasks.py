"""The daily work of the calls."""

from celery import shared_task

from portal.core.clock import portal_now

from .services import by_hand


@shared_task(name="calls.tasks.purge_staged")
def purge_staged() -> None:
    """Forget the documents handed in and never applied."""
    by_hand.purge_staged(portal_now())
