"""Who is here, and for whom: presence is the key of every right, proxies included."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from calls.models import Call
from portal.core.rules import Answer

from ..models import Attendance, JurySession, Proxy
from ..proxies import Effect, has_effect


def is_here(attendance: Attendance) -> bool:
    return attendance.state == Attendance.State.PRESENT and attendance.left_at is None


def proxies_of(session: JurySession) -> QuerySet[Proxy]:
    """Those given and not withdrawn."""
    return session.proxies.filter(withdrawn_at=None).select_related("giver", "bearer")


def ceiling_of(call: Call) -> int:
    """How many proxies a member may bear; none in most calls."""
    return (call.extras.get("jury") or {}).get("proxies", 0)


def proxies_count(call: Call) -> bool:
    """Whether proxies count in the quorum."""
    return (call.extras.get("jury") or {}).get("proxies_in_quorum", False)


def effects(
    proxies: Iterable[Proxy],
    rows: Iterable[Attendance],
    recused: Mapping[int, str] | frozenset[int] = frozenset(),
    apart: frozenset[int] = frozenset(),
) -> list[tuple[Proxy, Answer]]:
    """Each proxy, and whether it has effect: for one file, or for the meeting when nobody is recused."""
    here = {row.seat_id for row in rows if is_here(row)}
    return [
        (
            proxy,
            has_effect(
                Effect(
                    giver=proxy.giver.label,
                    bearer=proxy.bearer.label,
                    giver_here=proxy.giver_id in here,
                    bearer_here=proxy.bearer_id in here,
                    giver_recused=proxy.giver_id in recused,
                    bearer_recused=proxy.bearer_id in recused,
                    concerned=proxy.giver_id not in apart and proxy.bearer_id not in apart,
                )
            ),
        )
        for proxy in proxies
    ]
