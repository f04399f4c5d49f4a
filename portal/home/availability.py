"""Evidence that the portal worked around the limit of a call: probes, silences, attempts to deposit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Q

from applications import states
from applications.models import Application, DepositAttempt
from calls.models import Call, Window
from portal.core.models import ServiceProbe

SILENCE = timedelta(seconds=90)  # three probes in a row: beyond, nothing proves that the portal answered
KEPT, AROUND = timedelta(days=35), timedelta(days=2)


@dataclass(frozen=True)
class Silence:
    """A time for which nothing proves that the portal answered; `reason` is what the first failed probe met."""

    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True)
class Evidence:
    """All that is known of the service between two instants, about one call."""

    call: Call
    limit: datetime
    start: datetime
    end: datetime
    probes: Sequence[ServiceProbe]
    attempts: Sequence[DepositAttempt]
    drafts: int

    @property
    def silences(self) -> list[Silence]:
        return silences_of(self.probes, self.start, self.end)

    @property
    def accepted(self) -> int:
        return sum(attempt.accepted for attempt in self.attempts)

    @property
    def refusals(self) -> list[tuple[str, int]]:
        """Each reason told, the most frequent first."""
        return Counter(attempt.reason for attempt in self.attempts if not attempt.accepted).most_common()

    def seconds(self, percent: int) -> float | None:
        """The percentile (nearest rank) of the time of an answer."""
        known = sorted(probe.seconds for probe in self.probes if probe.answered)
        return known[max(0, -(-len(known) * percent // 100) - 1)] if known else None


def silences_of(probes: Iterable[ServiceProbe], start: datetime, end: datetime) -> list[Silence]:
    """The stretches of more than `SILENCE` between two answers, the bounds counting as answers."""
    probes = list(probes)
    answered = [start, *(probe.at for probe in probes if probe.answered), end]
    failed = [probe for probe in probes if not probe.answered]
    found = []
    for before, after in pairwise(answered):
        if after - before > SILENCE:
            met = next((probe.detail for probe in failed if before <= probe.at <= after), "")
            found.append(Silence(before, after, met))
    return found


def evidence_of(window: Window, *, before: timedelta, after: timedelta, now: datetime) -> Evidence:
    """What happened around the limit of a window, up to now at most."""
    start, end = window.closes_at - before, min(window.closes_at + after, now)
    files = Application.objects.filter(window=window)
    attempts = DepositAttempt.objects.filter(application__in=files, at__range=(start, end))
    return Evidence(
        call=window.call,
        limit=window.closes_at,
        start=start,
        end=end,
        probes=list(ServiceProbe.objects.filter(at__range=(start, end)).order_by("at", "pk")),
        attempts=list(attempts.select_related("application", "by").order_by("at", "pk")),
        drafts=files.filter(state=states.DRAFT).count(),
    )


def purge_probes(now: datetime) -> int:
    """Forget the probes of more than 35 days, those around the limit of a call apart; return how many."""
    near = Q(pk__in=[])
    for limit in Window.objects.values_list("closes_at", flat=True).distinct():
        near |= Q(at__range=(limit - AROUND, limit + AROUND))
    done, _ = ServiceProbe.objects.filter(at__lt=now - KEPT).exclude(near).delete()
    return done
