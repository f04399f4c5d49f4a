"""The account of an address."""

from allauth.account.models import EmailAddress
from django.db import transaction

from ..models import User


@transaction.atomic
def person_at(email: str, *, full_name: str = "", role_title: str = "", verified: bool = False) -> User:
    """The account of this address, made if there is none; what is already known of a person is never overwritten.

    `verified`: the person has just proved that the mailbox is theirs.
    """
    address = email.strip().lower()
    user, _ = User.objects.get_or_create(email=address, defaults={"password": "!"})
    complete(user, full_name=full_name, role_title=role_title)
    entry, _ = EmailAddress.objects.get_or_create(
        user=user, email=address, defaults={"verified": verified, "primary": True}
    )
    if verified and not entry.verified:
        EmailAddress.objects.filter(pk=entry.pk).update(verified=True)
    return user


def complete(user: User, *, full_name: str = "", role_title: str = "") -> None:
    """Fill the name and function that are still empty."""
    asked = {"full_name": full_name.strip(), "role_title": role_title.strip()}
    values = {name: value for name, value in asked.items() if value and not getattr(user, name)}
    if values:
        User.objects.filter(pk=user.pk).update(**values)
        for name, value in values.items():
            setattr(user, name, value)


def has_proved(user: User, email: str) -> bool:
    """Whether this person has proved that the mailbox is theirs."""
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()
