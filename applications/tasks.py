"""The jobs of the applications, declared to the outbox of the worker that loads this module."""

from .services import talk

HANDLERS = (talk.write_update,)
