"""Write a mail: one text template (subject on its first line), one action, the institution's name, an HTML twin."""

import re
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from .models import FrozenDocument, OutboundEmail
from .outbox import Mail
from .spaces import absolute
from .typography import typeset


@dataclass(frozen=True)
class Sender:
    """In whose name a mail leaves: « Le Havre Seine Métropole », answers to the call's contact."""

    name: str
    reply_to: str
    signature: str = ""


@dataclass(frozen=True)
class Action:
    """The one thing that the mail asks for; `path` is a path of the portal."""

    label: str
    path: str

    @property
    def url(self) -> str:
        return absolute(self.path)


def compose(
    template: str,
    *,
    kind: str,
    object_key: str,
    recipient: str,
    sender: Sender,
    context: dict[str, Any],
    action: Action | None = None,
    guarantee: str = OutboundEmail.Guarantee.AT_LEAST_ONCE,
    period: str = "",
    attachment: FrozenDocument | None = None,
) -> Mail:
    """The mail of `templates/emails/<template>.txt`: first line subject, then paragraphs separated by empty lines."""
    text = render_to_string(f"emails/{template}.txt", {**context, "action": action, "sender": sender})
    subject, _, rest = typeset(text.strip()).partition("\n")
    # Plain spaces and line ends only: `split()` alone would also undo the no-break spaces.
    paragraphs = [
        " ".join(re.split(r"[ \t\r\n]+", block.strip())) for block in re.split(r"\n\s*\n", rest) if block.strip()
    ]
    parts = {"paragraphs": paragraphs, "action": action, "sender": sender, "subject": subject.strip()}
    return Mail(
        kind=kind,
        object_key=object_key,
        recipient=recipient,
        subject=strip_tags(subject.strip())[:200],
        body=plain_text(paragraphs, action, sender),
        html=render_to_string("emails/layout.html", parts),
        from_name=sender.name,
        reply_to=sender.reply_to,
        period=period,
        guarantee=guarantee,
        attachment=attachment,
    )


def plain_text(paragraphs: list[str], action: Action | None, sender: Sender) -> str:
    """The complete plain text: nothing is said in HTML only."""
    blocks = [*paragraphs]
    if action:
        blocks.append(f"{action.label} :\n{action.url}")
    blocks.append(sender.signature or sender.name)
    return "\n\n".join(blocks) + "\n"
