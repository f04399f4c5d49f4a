"""The views of the table that a person keeps."""

from calls.models import Call
from portal.accounts.models import User

from ..models import SavedView

MOST = 20


def views_of(user: User, call: Call) -> list[SavedView]:
    """By name; one query."""
    return list(SavedView.objects.filter(call=call, user=user)[:MOST])
