"""In whose name a reminder leaves."""

from django.conf import settings

from calls.models import Call
from calls.queries import sender_of
from portal.core.mailing import Sender


def sender_for(call_key: str) -> Sender:
    """The call's sender from its key ("call:<slug>"), or the portal's."""
    call = Call.objects.select_related("owner__profile").filter(slug=call_key.removeprefix("call:")).first()
    return sender_of(call) if call else Sender(settings.PORTAL_NAME, "")
