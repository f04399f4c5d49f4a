"""Which spaces a person has: commune, staff of a call, jury, adviser. One query, at most once per request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery

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
    """What a person is here: kinds and roles, however many organisations and calls they work for.

    `organisation` is the name of their first one; `call` the key of the first call where they have a role or a seat.
    """

    kinds: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    juror: bool = False
    organisation: str = ""
    call: int | None = None

    @property
    def commune(self) -> bool:
        return "commune" in self.kinds

    @property
    def partner(self) -> bool:
        """Of a body that may be asked something: neither a commune nor the organiser of a call."""
        return not self.roles and bool(self.kinds - {"commune"})

    @property
    def staff(self) -> bool:
        return bool(self.roles - {CallRole.Role.ADVISER})

    @property
    def adviser(self) -> bool:
        return CallRole.Role.ADVISER in self.roles


def spaces_of(user: User) -> Spaces:
    """The spaces of a person, read once per request and kept on the user object: on every page, so nothing more."""
    if not user.is_authenticated:
        return Spaces()
    if not hasattr(user, "_spaces"):
        user._spaces = read_spaces(user)  # type: ignore[attr-defined]
    return user._spaces  # type: ignore[attr-defined]


def read_spaces(user: User) -> Spaces:
    members = Membership.objects.filter(user=OuterRef("pk")).exclude(state="ended")
    roles = CallRole.objects.filter(active_roles(NOW), user=OuterRef("pk"))
    seats = SeatHolder.objects.filter(in_office(NOW), user=OuterRef("pk"))
    row = (
        User.objects.filter(pk=user.pk)
        .annotate(
            kinds=kinds_of(members, "organisation__kind"),
            roles_held=kinds_of(roles, "role"),
            organisation=first_of(members, "organisation__name"),
            staffed=first_of(roles, "call_id"),
            judged=first_of(seats, "seat__call_id"),
        )
        .values("kinds", "roles_held", "organisation", "staffed", "judged")
        .first()
    )
    if row is None:
        return Spaces()
    return Spaces(
        kinds=frozenset(row["kinds"]),
        roles=frozenset(row["roles_held"]),
        juror=row["judged"] is not None,
        organisation=row["organisation"] or "",
        call=row["staffed"] or row["judged"],
    )


def kinds_of(rows: QuerySet[Any], field: str) -> ArraySubquery:
    return ArraySubquery(rows.order_by().values(field).distinct())


def first_of(rows: QuerySet[Any], field: str) -> Subquery:
    return Subquery(rows.order_by("pk").values(field)[:1])
