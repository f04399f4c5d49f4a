"""The daily work of the accounts: those that nobody uses, entries of more than a year."""

from celery import shared_task

from portal.core.clock import portal_now

from .services import account, closing


@shared_task(name="portal.accounts.tasks.close_idle")
def close_idle() -> None:
    """Close the accounts whose two notices left, and forget old entries."""
    at = portal_now()
    closing.close_idle(at)
    account.forget_entries(at)
