"""Questions about who examines what: the officers of a call, their workload, what nobody examines yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Count, Q, QuerySet

from calls.models import Call, CallRole
from calls.queries import active_roles
from portal.accounts.models import User

from .. import states
from ..models import Application
from ..rules.staff import EXAMINING
from .files import PortalNow

PENDING = (states.SUBMITTED, states.ADMISSIBLE)


@dataclass(frozen=True)
class Load:
    """One officer: files to examine, files admitted that await the decision, all those in hand."""

    officer: User
    scope: frozenset[str]
    to_examine: int = 0
    admitted: int = 0

    @property
    def total(self) -> int:
        return self.to_examine + self.admitted


def officers_of(call: Call) -> list[User]:
    """Everyone who may examine the files of a call now, by name; one query, its clock included."""
    now = cast(datetime, PortalNow())
    held = CallRole.objects.filter(active_roles(now), call=call, role__in=EXAMINING)
    people = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    return list(people.order_by("full_name", "email"))


def workload(call: Call, at: datetime) -> list[Load]:
    """Everyone who may examine the files of a call, by name, with what they have in hand; two queries."""
    roles = CallRole.objects.filter(active_roles(at), call=call, role__in=EXAMINING, user__is_active=True)
    scopes: dict[User, list[frozenset[str]]] = {}
    for role in roles.select_related("user").order_by("user__full_name", "user__email", "pk"):
        scopes.setdefault(role.user, []).append(frozenset(role.scope))
    counts = {
        row["officer"]: (row["to_examine"], row["admitted"])
        for row in Application.objects.filter(call=call, state__in=PENDING, officer__isnull=False)
        .order_by()
        .values("officer")
        .annotate(
            to_examine=Count("pk", filter=Q(state=states.SUBMITTED)),
            admitted=Count("pk", filter=Q(state=states.ADMISSIBLE)),
        )
    }
    return [
        Load(
            user,
            frozenset() if not all(held) else frozenset().union(*held),
            *counts.get(user.pk, (0, 0)),
        )
        for user, held in scopes.items()
    ]


def unassigned(call: Call) -> QuerySet[Application]:
    """The files that wait and that nobody examines, by number."""
    files = call.applications.filter(state__in=PENDING, officer=None, stage=states.FILE)
    return files.select_related("lead__commune").order_by("number")
