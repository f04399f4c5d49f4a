"""How allauth's mails leave: as rows of the outbox, in the institution's name, complete in plain text."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from portal.core.clock import portal_now
from portal.core.outbox import Mail, enqueue_email
from portal.core.tokens import new_secret
from portal.core.typography import typeset

from .emails import sender_for
from .limits import remember
from .services.account import note_entry


class PortalAccountAdapter(DefaultAccountAdapter):
    """No open sign-up: one arrives by an invitation or by claiming one's commune."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The session knows when its person came in before; the person, where they are in."""
        before = user.last_login
        super().login(request, user)
        request.session["entered_before"] = before.isoformat() if before else ""
        agent = request.headers.get("User-Agent", "")
        note_entry(user=user, session_key=request.session.session_key, agent=agent, at=portal_now())

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **told: Any) -> HttpResponse:
        """This browser is known from now on to have come in with this address."""
        response = super().post_login(request, user, **told)
        remember(request, response, user.email)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Texts: `templates/<prefix>_subject.txt` and `_message.txt`; a worker is woken once the row is written."""
        known = {**context, "email": email, "portal_url": settings.PORTAL_URL}
        subject = typeset(" ".join(render_to_string(f"{template_prefix}_subject.txt", known).split()))
        text = render_to_string(f"{template_prefix}_message.txt", known)
        paragraphs = [typeset(" ".join(block.split())) for block in text.strip().split("\n\n") if block.strip()]
        sender = sender_for(None)
        parts = {"paragraphs": paragraphs, "action": None, "sender": sender, "subject": subject}
        mail = Mail(
            kind=template_prefix.rpartition("/")[2][:60],
            object_key=f"account:{new_secret()[:16]}",
            recipient=email,
            subject=subject[:200],
            body="\n\n".join([*paragraphs, sender.signature or sender.name]) + "\n",
            html=render_to_string("emails/layout.html", parts),
            from_name=sender.name,
            reply_to=sender.reply_to,
        )
        enqueue_email(mail, at=portal_now())
