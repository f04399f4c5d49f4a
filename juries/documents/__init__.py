"""Documents of the jury."""

from .minutes import minutes_snapshot, request_minutes

__all__ = ["minutes_snapshot", "request_minutes"]
