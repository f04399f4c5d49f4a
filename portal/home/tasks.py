"""The scheduled work of the portal: reminders, evidence of the service."""

from celery import shared_task

from portal.core.clock import portal_now

from . import availability, reminders


@shared_task(name="portal.home.tasks.plan_reminders")
def plan_reminders() -> None:
    """Stop, plan and send reminders; two schedulers at once do no harm (locked rows, unique mails)."""
    reminders.tick(portal_now())


@shared_task(name="portal.home.tasks.purge_probes")
def purge_probes() -> None:
    """Forget the visits of the portal to itself that prove nothing any more."""
    availability.purge_probes(portal_now())
