"""How allauth's mails leave: as rows of the outbox, in the institution's name, complete in plain text."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from portal.core.clock import portal_now
from portal.core.outbox import Mail, enqueue_email
from portal.core.tokens import new_secret


class PortalAccountAdapter(DefaultAccountAdapter):
    """No open sign-up: one arrives by an invitation or by claiming one's commune."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, {**context, "portal_url": settings.PORTAL_URL})
        mail = Mail(
            kind=template_prefix.rpartition("/")[2][:60],
            object_key=f"account:{new_secret()[:16]}",
            recipient=email,
            subject=message.subject,
            body=message.body,
        )
        enqueue_email(mail, at=portal_now())
