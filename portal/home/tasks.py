"""The scheduled work of the portal: reminders."""

from celery import shared_task

from portal.core.clock import portal_now

from . import reminders


@shared_task(name="portal.home.tasks.plan_reminders")
def plan_reminders() -> None:
    """Stop, plan and send reminders; two schedulers at once do no harm (locked rows, unique mails)."""
    reminders.tick(portal_now())
