"""Accounts that nobody uses: when each one closes, which notices left (handbook domain §6: twenty-four months)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from portal.core.calendar import add_months, day_of, offset_from, wall_clock
from portal.core.models import Reminder

from .models import User

RULE = "account_idle"
IDLE_MONTHS = 24
NOTICES, MORNING = (30, 14), time(8, 30)  # days before the term
# Before the term, from when its notices are planned; between two terms, when the notices of the first did not leave.
NOTICED_FROM, POSTPONED = timedelta(days=35), timedelta(days=45)


@dataclass(frozen=True)
class Idle:
    """One account and the first day on which it may close. `told`: both notices of that day left."""

    user: User
    seen_on: date
    closes_on: date
    told: bool

    @property
    def object_key(self) -> str:
        return key_of(self.user)

    @property
    def instants(self) -> list[datetime]:
        return notice_instants(self.closes_on)

    def may_close(self, at: datetime) -> bool:
        return self.told and day_of(at) >= self.closes_on


def key_of(user: User) -> str:
    return f"account:{user.uuid.hex}"


def notice_instants(closes_on: date) -> list[datetime]:
    """A month, then a fortnight before, in the morning."""
    return [offset_from(wall_clock(closes_on, time(0)), days=-days, at=MORNING) for days in NOTICES]


def idle_accounts(at: datetime) -> list[Idle]:
    """Those whose term is near or past, the longest unused first. Who runs the platform keeps their account."""
    long_ago = wall_clock(add_months(day_of(at + NOTICED_FROM), -IDLE_MONTHS) + timedelta(days=1), time(0))
    users = list(unused_since(long_ago))
    sent = notices_sent(users)
    found = (idle_of(user, sent.get(key_of(user), set()), day_of(at)) for user in users)
    return [idle for idle in found if day_of(at) >= idle.closes_on - NOTICED_FROM]


def unused_since(instant: datetime) -> QuerySet[User]:
    """Open accounts neither made nor entered since."""
    seen = Greatest(F("last_login"), F("created_at"))  # PostgreSQL leaves an absent one out
    users = User.objects.filter(is_active=True, is_platform_admin=False).annotate(seen_at=seen)
    return users.filter(seen_at__lt=instant).order_by("seen_at", "pk")


def notices_sent(users: Iterable[User]) -> dict[str, set[datetime]]:
    """The instants at which a notice left, by account."""
    keys = [key_of(user) for user in users]
    rows = Reminder.objects.filter(rule=RULE, object_key__in=keys, state=Reminder.State.SENT)
    sent: dict[str, set[datetime]] = {}
    for key, due_at in rows.values_list("object_key", "due_at"):
        sent.setdefault(key, set()).add(due_at)
    return sent


def idle_of(user: User, sent: set[datetime], today: date) -> Idle:
    """Its term; put off as long as a notice of it was missed."""
    seen_on = day_of(user.seen_at)  # type: ignore[attr-defined]  # see unused_since
    closes_on = add_months(seen_on, IDLE_MONTHS)
    while any(instant not in sent and day_of(instant) < today for instant in notice_instants(closes_on)):
        closes_on += POSTPONED
    return Idle(user, seen_on, closes_on, sent.issuperset(notice_instants(closes_on)))
