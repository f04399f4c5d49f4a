"""Close an account that nobody uses: nobody enters with it any more, and it names nobody."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction

from portal.core.erasures import note

from ..models import AddressChange, LinkSession, Membership, OpenSession, StepUp, User
from ..queries import LIVE_STATES
from ..queries_idle import idle_accounts
from .memberships import end

KIND = "accounts.person"
REASON = "compte fermé : vingt-quatre mois sans connexion"
NOBODY = "Compte fermé"
MOST_A_DAY = 200


def close_idle(at: datetime) -> int:
    """The daily round; returns how many were closed."""
    due = [idle for idle in idle_accounts(at) if idle.may_close(at)][:MOST_A_DAY]
    for idle in due:
        close_account(user=idle.user, at=at)
    return len(due)


@transaction.atomic
def close_account(*, user: User, at: datetime) -> None:
    """Memberships end, sessions too; the row stays for the acts that it signed, under a function and no name."""
    current = User.objects.select_for_update().get(pk=user.pk)
    if current.closed_at is not None:
        return
    for membership in Membership.objects.select_for_update().filter(user=current, state__in=LIVE_STATES):
        end(membership, by=None, at=at, reason=REASON)
    forget_entries_of(current)
    User.objects.filter(pk=current.pk).update(
        is_active=False, closed_at=at, full_name="", role_title=current.role_title or NOBODY,
        email=f"{current.uuid.hex}@compte-ferme.invalid",
    )  # fmt: skip
    note(KIND, current.uuid, {}, at)


def forget_entries_of(user: User) -> None:
    """Whatever opens the account, and where it was open."""
    keys = list(user.entries.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    for model in (OpenSession, LinkSession, StepUp, AddressChange, EmailAddress, Authenticator):
        model.objects.filter(user=user).delete()


def close_again(key: UUID, facts: dict[str, Any], at: datetime) -> bool:
    """A restored backup brought the person back."""
    user = User.objects.filter(uuid=key, closed_at=None).first()
    if user is None:
        return False
    close_account(user=user, at=at)
    return True
