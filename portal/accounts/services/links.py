"""Personal links: a mail that opens the portal as its recipient, once, within 7 days (the mayor on a phone)."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.core.rules import Refused
from portal.core.tokens import hashed, new_secret

from ..models import LinkSession, User
from .people import person_at

VALIDITY = timedelta(days=7)
NO_LONGER_VALID = "Ce lien a déjà servi ou a expiré. Connectez-vous avec votre adresse : un code vous sera envoyé."


def personal_link(user: User, path: str, *, at: datetime) -> str:
    """The path `/liens/<secret>/` to put in a mail to `user` only; it lands on `path` after a click on a button."""
    secret = new_secret()
    LinkSession.objects.create(
        user=user, next_path=path, token_sha256=hashed(secret), created_at=at, expires_at=at + VALIDITY
    )
    return f"/liens/{secret}/"


def link_of_secret(secret: str) -> LinkSession | None:
    return LinkSession.objects.select_related("user").filter(token_sha256=hashed(secret)).first()


def is_usable(link: LinkSession, at: datetime) -> bool:
    return link.used_at is None and link.expires_at > at and link.user.is_active


@transaction.atomic
def use_link(*, link: LinkSession, at: datetime) -> LinkSession:
    """Spend the link. Raises `Refused` when it has served or expired."""
    row = LinkSession.objects.select_for_update(of=("self",)).select_related("user").get(pk=link.pk)
    if not is_usable(row, at):
        raise Refused(NO_LONGER_VALID)
    row.used_at = at
    row.save(update_fields=["used_at"])
    # The secret went to this mailbox only: opening it proves that the mailbox is theirs.
    person_at(row.user.email, verified=True)
    return row
