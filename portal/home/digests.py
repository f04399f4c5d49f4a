"""Digests: the reminders of a person in one mail, at the rhythm that they chose, on working days and at Paris hours.

A digest leaves at 8:30 and says what falls due until the next one, never later than the reminder would have left. What
is planned after it has left keeps its own hour.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache

from portal.accounts.models import User
from portal.core.calendar import day_of, is_working_day, wall_clock
from portal.core.mailing import Action, Sender, compose
from portal.core.models import DigestChoice, OutboundEmail, Reminder, ReminderRuleState
from portal.core.outbox import Mail, enqueue_emails
from portal.core.typography import format_quantity

from .senders import sender_for

HOUR = time(8, 30)
KIND = "digest"
Rhythm = DigestChoice.Rhythm
DIGESTS = (Rhythm.DAILY, Rhythm.WEEKLY)


def is_digest_day(rhythm: str, day: date) -> bool:
    """Every working day, or the first one of its week."""
    if not is_working_day(day):
        return False
    monday = day - timedelta(days=day.weekday())
    before = (monday + timedelta(days=n) for n in range(day.weekday()))
    return rhythm == Rhythm.DAILY or not any(is_working_day(other) for other in before)


def next_digest_day(rhythm: str, day: date) -> date:
    """The first digest day after this one."""
    following = day + timedelta(days=1)
    while not is_digest_day(rhythm, following):
        following += timedelta(days=1)
    return following


def horizon(rhythm: str, day: date) -> datetime:
    """Until when the digest of a day tells what falls due (excluded)."""
    return wall_clock(next_digest_day(rhythm, day), time(0))


def readers(rhythm: str) -> set[str]:
    """The addresses of those who chose a rhythm; those who have left receive nothing."""
    chosen = DigestChoice.objects.filter(rhythm=rhythm, user__is_active=True)
    return set(chosen.values_list("user__email", flat=True))


def holding(at: datetime) -> set[str]:
    """The addresses whose digest of the day is still to leave: their reminders wait for it."""
    today = day_of(at)
    if at >= wall_clock(today, HOUR):
        return set()
    return {address for rhythm in DIGESTS if is_digest_day(rhythm, today) for address in readers(rhythm)}


def send_digests(at: datetime) -> int:
    """Write the digests of the day, each once: returns how many. The planner holds its lock."""
    today = day_of(at)
    if at < wall_clock(today, HOUR):
        return 0
    due = [rhythm for rhythm in DIGESTS if is_digest_day(rhythm, today)]
    return sum(send_rhythm(rhythm, today, at) for rhythm in due)


def send_rhythm(rhythm: str, today: date, at: datetime) -> int:
    """The digests of one rhythm; whoever has had today's keeps the hour of what was planned since."""
    told = OutboundEmail.objects.filter(kind=KIND, period=today.isoformat()).values_list("recipient", flat=True)
    people = readers(rhythm) - set(told)
    rows = planned(people, horizon(rhythm, today)).select_for_update().order_by("due_at", "pk")
    paused = set(ReminderRuleState.objects.values_list("rule", "call_key"))
    leaving = [row for row in rows if (row.rule, row.call_key) not in paused]
    senders = cache(sender_for)
    enqueue_emails(
        [
            digest(address, found, senders(shared_call(found)), today, rhythm)
            for address, found in by_recipient(leaving).items()
        ],
        at=at,
    )
    keys = [row.pk for row in leaving]
    Reminder.objects.filter(pk__in=keys).update(state=Reminder.State.SENT, settled_at=at)
    return len(by_recipient(leaving))


def planned(people: Iterable[str], until: datetime):
    """The reminders of some people that fall due before an instant."""
    return Reminder.objects.filter(state=Reminder.State.PLANNED, recipient__in=people, due_at__lt=until)


def by_recipient(rows: Iterable[Reminder]) -> dict[str, list[Reminder]]:
    found: dict[str, list[Reminder]] = defaultdict(list)
    for row in rows:
        found[row.recipient].append(row)
    return dict(found)


def shared_call(rows: Sequence[Reminder]) -> str:
    """The call of all these reminders; none when they are of several: the portal then speaks in its own name."""
    calls = {row.call_key for row in rows}
    return calls.pop() if len(calls) == 1 else ""


def digest(address: str, rows: Sequence[Reminder], sender: Sender, today: date, rhythm: str) -> Mail:
    """One mail for all these reminders; at most once, as each of them."""
    return compose(
        "home/digest",
        kind=KIND,
        object_key=f"digest:{address}",
        recipient=address,
        sender=sender,
        context={"rows": rows, "count": format_quantity(len(rows), "rappel"), "weekly": rhythm == Rhythm.WEEKLY},
        action=Action("Ouvrir mes actions", "/mes-actions/"),
        guarantee=OutboundEmail.Guarantee.AT_MOST_ONCE,
        period=today.isoformat(),
    )


def rhythm_of(user: User) -> str:
    """What a person chose; each reminder at its hour when they chose nothing."""
    chosen = DigestChoice.objects.filter(user=user).first()
    return chosen.rhythm if chosen else Rhythm.EACH


def choose(*, user: User, rhythm: str, at: datetime) -> None:
    DigestChoice.objects.update_or_create(user=user, defaults={"rhythm": rhythm, "chosen_at": at})


def when_told(reminder: Reminder, rhythm: str, at: datetime) -> datetime:
    """When a planned reminder will leave: in the digest that tells it, or at its own hour if that one has left."""
    if rhythm == Rhythm.EACH:
        return reminder.due_at
    day = day_of(reminder.due_at)
    while not is_digest_day(rhythm, day):
        day -= timedelta(days=1)
    digest_at = wall_clock(day, HOUR)
    return digest_at if digest_at > at else reminder.due_at


def departures(rows: Sequence[Reminder], at: datetime) -> list[tuple[datetime, bool, Reminder]]:
    """When each reminder leaves, and whether it is told in a digest, at the rhythm of its recipient: one query."""
    people = {row.recipient for row in rows}
    chosen = dict(DigestChoice.objects.filter(user__email__in=people).values_list("user__email", "rhythm"))
    found = []
    for row in rows:
        when = when_told(row, chosen.get(row.recipient, Rhythm.EACH), at)
        planned_still = row.state == Reminder.State.PLANNED
        found.append((when if planned_still else row.due_at, planned_still and when != row.due_at, row))
    return found
