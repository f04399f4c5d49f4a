"""Fictitious people, named by their function only."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress

from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import organisation_of
from portal.territories.models import Commune


@dataclass(frozen=True)
class TownHall:
    """A commune's organisation and its two people."""

    organisation: Organisation
    secretary: User
    mayor: User


def make_person(email: str, title: str) -> User:
    """A user with a verified address, made once."""
    found = User.objects.filter(email=email).first()
    if found:
        return found
    user = User.objects.create_user(email, role_title=title)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_member(user: User, organisation: Organisation, right: str, at: datetime, *, how: str) -> User:
    """A confirmed membership, made once; `how` says on what it rests."""
    Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        defaults={
            "right": right,
            "state": Membership.State.CONFIRMED,
            "created_at": at,
            "confirmed_at": at,
            "confirmation": how,
        },
    )
    return user


def make_town_hall(commune: Commune, secretary: User, mayor: User, at: datetime, *, how: str) -> TownHall:
    """The town hall of a commune, with who writes and who signs."""
    organisation = organisation_of(commune)
    make_member(secretary, organisation, Membership.Right.EDITOR, at, how=how)
    make_member(mayor, organisation, Membership.Right.SIGNATORY, at, how=how)
    return TownHall(organisation, secretary, mayor)
