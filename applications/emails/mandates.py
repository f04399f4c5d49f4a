"""The mails of a mandate: given, revoked; to both sides."""

from portal.accounts.emails import sender_for
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail

from ..models import Mandate


def mandate_path(mandate: Mandate) -> str:
    return f"/mandats/{mandate.uuid}/"


def mandate_given_mail(mandate: Mandate, recipient: str) -> Mail:
    return compose(
        "applications/mandate_given",
        kind="applications.mandate_given",
        object_key=f"mandate:{mandate.uuid}",
        recipient=recipient,
        sender=sender_for(None),
        context={"mandate": mandate},
        action=Action("Voir le mandat", mandate_path(mandate)),
    )


def mandate_revoked_mail(mandate: Mandate, reason: str, recipient: str) -> Mail:
    return compose(
        "applications/mandate_revoked",
        kind="applications.mandate_revoked",
        object_key=f"mandate:{mandate.uuid}",
        recipient=recipient,
        sender=sender_for(None),
        context={"mandate": mandate, "reason": reason},
        action=Action("Voir le mandat", mandate_path(mandate)),
    )
