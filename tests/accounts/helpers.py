"""What the tests of accounts share: the mails written and the links in them."""

import re
from datetime import timedelta
from typing import Any

from portal.core.clock import portal_now
from portal.core.models import OutboundEmail

WEEK = timedelta(days=7)


def mails(kind: str) -> list[OutboundEmail]:
    return list(OutboundEmail.objects.filter(kind=kind).order_by("created_at", "recipient"))


def path_in(mail: OutboundEmail) -> str:
    """The path of the one link of a mail."""
    found = re.findall(r"https://ami\.exemple\.fr(/\S+)", mail.body)
    assert len(found) == 1, mail.body
    return found[0]


def in_a_while(**delay: float) -> Any:
    return portal_now() + timedelta(**delay)


def text_of(response: Any) -> str:
    """The page with ordinary spaces only."""
    return spaced(response.content.decode())


def body_of(mail: OutboundEmail) -> str:
    return spaced(mail.body)


def spaced(text: str) -> str:
    return " ".join(text.split())
