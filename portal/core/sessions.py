"""Sessions kept in the database, which knows how long each one still lives without one more query."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

# An hour without a click closes a session (SESSION_COOKIE_AGE); its end is moved when it was last moved so long ago.
MOVED_EVERY = timedelta(minutes=5)


class SessionStore(DatabaseStore):
    """`ends_at`: when it ends if nothing more is done, as read with it; None for one that was just begun."""

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        row = super()._get_session_from_db()
        self.ends_at = row.expire_date if row else None
        return row

    def keep_alive(self) -> None:
        """The person is at work: the end moves on, written with the answer, at most once in five minutes."""
        whole = timedelta(seconds=self.get_session_cookie_age())
        if self.ends_at and self.ends_at - timezone.now() < whole - MOVED_EVERY:
            self.modified = True
