"""Development only: enter as a person of the demonstration, in one click."""

from dataclasses import dataclass

from django.db.models import QuerySet

from .models import User
from .queries import memberships_of

DOMAIN = "@demo.exemple.fr"


@dataclass(frozen=True)
class Card:
    """One card of the page: who, where, and the address that enters."""

    title: str
    line: str
    email: str


def cards() -> list[Card]:
    """The active people of the demonstration; the order is that in which the demonstration made them."""
    return [card_of(user) for user in demo_users().order_by("pk")]


def demo_users() -> QuerySet[User]:
    """Only addresses of the demonstration: a real account can never be entered this way."""
    return User.objects.filter(is_active=True, email__endswith=DOMAIN)


def card_of(user: User) -> Card:
    organisation = memberships_of(user).first()
    line = str(organisation.organisation) if organisation else user.full_name
    return Card(title=f"Entrer comme {user.role_title or user.full_name or user.email}", line=line, email=user.email)
