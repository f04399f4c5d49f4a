"""Small helpers of the screens' tests."""

import html
import re

from django.test import Client

from portal.accounts.models import User
from portal.accounts.stepup import KEY
from portal.core.clock import portal_now


def enter(client: Client, user: User) -> Client:
    """Log in, a fresh code given a moment ago."""
    client.force_login(user)
    session = client.session
    session[KEY] = portal_now().isoformat()
    session.save()
    return client


def text_of(response) -> str:
    """What one reads on a page, on one line."""
    content = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", response.content.decode(), flags=re.S)
    content = re.sub(r"</(td|th|p|li|div|h\d|dt|dd|legend|label)>|<br>", " ", content)
    return re.sub(r"[ \n\t]+", " ", html.unescape(re.sub(r"<[^>]*>", "", content)))


def said(response) -> str:
    """The last message shown."""
    return [str(message) for message in response.context["messages"]][-1]
