"""Documents of the jury."""

from .minutes import minutes_draft, minutes_snapshot, request_minutes

__all__ = ["minutes_draft", "minutes_snapshot", "request_minutes"]
