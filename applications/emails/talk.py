"""The mail that says that a message waits in the file."""

from calls.queries import sender_of
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail

from ..models import Message
from .files import object_key, of_applicant


def message_mail(message: Message, recipient: str, *, files: int) -> Mail:
    """To the other side, with the text; files are read on the portal."""
    application = message.application
    to_service = message.side == Message.Side.APPLICANT
    space = "gestion/candidatures" if to_service else "candidatures"
    path = f"/{space}/{application.uuid}/messages/"
    return compose(
        "applications/message",
        kind="applications.message",
        object_key=object_key(application),
        recipient=recipient,
        sender=sender_of(application.call),
        context={
            "application": application,
            "message": message,
            "of_applicant": of_applicant(application),
            "to_service": to_service,
            "files": files,
        },
        action=Action("Lire et répondre", path),
        period=str(message.pk),
    )
