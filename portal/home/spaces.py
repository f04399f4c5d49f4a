"""Which spaces a person has: commune, staff of a call, jury, adviser. One query each, at most once per request."""

from dataclasses import dataclass

from calls.models import CallRole
from juries.models import SeatHolder
from portal.accounts.models import Membership, User


@dataclass(frozen=True)
class Spaces:
    """What a person is here; `title` and `subtitle` say it in the header."""

    memberships: tuple[Membership, ...] = ()
    roles: tuple[CallRole, ...] = ()
    seats: tuple[SeatHolder, ...] = ()

    @property
    def commune(self) -> bool:
        return any(m.organisation.kind == "commune" for m in self.memberships)

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
    """The spaces of a person, read once per request and kept on the user object."""
    if not user.is_authenticated:
        return Spaces()
    if not hasattr(user, "_spaces"):
        user._spaces = Spaces(
            tuple(user.memberships.exclude(state="ended").select_related("organisation__profile")),
            tuple(user.call_roles.filter(ends_at=None).select_related("call__owner__profile")),
            tuple(user.jury_seats.filter(ends_at=None).select_related("seat__call__owner__profile")),
        )
    return user._spaces
