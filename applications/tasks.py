"""The jobs of the applications, and the daily work of the files: drafts whose time has come."""

from celery import shared_task

from portal.core.clock import portal_now

from .services import entry_batches, exporting, retention, talk

# Imported: their jobs are declared to the outbox of the worker that loads this module.
HANDLERS = (
    talk.write_update,
    exporting.make_part,
    exporting.close_export,
    entry_batches.enter_line,
    retention.run_erasure,
)


@shared_task(name="applications.tasks.erase_drafts")
def erase_drafts() -> None:
    """Have the content of the drafts due erased: never deposited, or deleted by their commune."""
    retention.ask_drafts(portal_now())
