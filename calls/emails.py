"""What the holders of a file are told of the life of a call: one mail per person and fact."""

from collections.abc import Iterable
from typing import Any

from portal.core.mailing import Action, compose
from portal.core.outbox import Mail

from .holders import Holder
from .models import Call
from .queries import sender_of


def object_key(call: Call) -> str:
    return f"call:{call.slug}"


def holder_mails(call: Call, holders: Iterable[Holder], *, about: str, period: str, **context: Any) -> Iterable[Mail]:
    """The mail `emails/calls/<about>.txt` to each holder; `period` names the fact (a transition, a revision)."""
    sender = sender_of(call)
    for holder in holders:
        yield compose(
            f"calls/{about}",
            kind=f"call.{about}",
            object_key=object_key(call),
            recipient=holder.email,
            sender=sender,
            context={"call": call, "holder": holder, **context},
            action=Action("Ouvrir la candidature", holder.path),
            period=period,
        )


def town_hall_mail(call: Call, address: str, *, about: str, period: str, **context: Any) -> Mail:
    """The same news to a town hall that was invited and has not begun."""
    return compose(
        f"calls/{about}",
        kind=f"call.{about}",
        object_key=object_key(call),
        recipient=address,
        sender=sender_of(call),
        context={"call": call, "holder": None, **context},
        action=Action("Lire l’appel et préparer notre candidature", f"/appels/{call.slug}/"),
        period=period,
    )
