"""The jobs of the applications, declared to the outbox of the worker that loads this module."""

from .services import exporting, talk

HANDLERS = (talk.write_update, exporting.make_part, exporting.close_export)
