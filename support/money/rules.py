"""Who reads and who moves the money of a call, and why not."""

from datetime import datetime

from django.db.models import QuerySet

from applications.rules_staff import READING
from calls.models import Call
from calls.queries import calls_staffed_by
from portal.accounts.models import User


def calls_with_money(user: User, at: datetime) -> QuerySet[Call]:
    """The calls whose envelope a person reads: those where they read the decisions, over the whole call."""
    return calls_staffed_by(user, at, *READING, whole=True)
