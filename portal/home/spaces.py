"""Which spaces a person has: commune, staff of a call, jury, adviser. One query each, at most once per request."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from applications.queries.files import PortalNow
from calls.models import CallRole
from calls.queries import active_roles
from juries.models import SeatHolder
from juries.queries import in_office
from portal.accounts.models import Membership, User

# The database's clock inside the query itself: no round trip more.
NOW = cast(datetime, PortalNow())


@dataclass(frozen=True)
class Spaces:
    """What a person is here. `roles`: one of each kind; `seats`: one; whoever works on many calls reads no more."""

    memberships: tuple[Membership, ...] = ()
    roles: tuple[CallRole, ...] = ()
    seats: tuple[SeatHolder, ...] = ()

    @property
    def commune(self) -> bool:
        return any(m.organisation.kind == "commune" for m in self.memberships)

    @property
    def partner(self) -> bool:
        """Of a body that may be asked something: neither a commune nor the organiser of a call."""
        return not self.roles and any(m.organisation.kind != "commune" for m in self.memberships)

    @property
    def staff(self) -> bool:
        return any(r.role != CallRole.Role.ADVISER for r in self.roles)

    @property
    def adviser(self) -> bool:
        return any(r.role == CallRole.Role.ADVISER for r in self.roles)

    @property
    def juror(self) -> bool:
        return bool(self.seats)


def spaces_of(user: User) -> Spaces:
    """The spaces of a person, read once per request and kept on the user object: on every page, so nothing more."""
    if not user.is_authenticated:
        return Spaces()
    if not hasattr(user, "_spaces"):
        user._spaces = Spaces(  # type: ignore[attr-defined]
            tuple(user.memberships.exclude(state="ended").select_related("organisation")),
            tuple(user.call_roles.filter(active_roles(NOW)).order_by("role", "pk").distinct("role")),
            tuple(user.jury_seats.filter(in_office(NOW)).select_related("seat").order_by("pk")[:1]),
        )
    return user._spaces  # type: ignore[attr-defined]
