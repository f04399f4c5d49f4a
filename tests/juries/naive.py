"""The ballot as one would first write it, kept to see the race tests fail: no lock, the state read, then the write."""

from collections.abc import Callable

from juries import states
from juries.ballot import count
from juries.models import AgendaItem, SeatHolder, Vote
from portal.core.clock import portal_now
from portal.core.rules import Refused


def naive_cast(*, item: AgendaItem, holder: SeatHolder, choice: str, between: Callable[[], None]) -> Vote:
    if AgendaItem.objects.get(pk=item.pk).state != states.VOTING:
        raise Refused("Le scrutin est clos.")
    between()
    return Vote.objects.create(item=item, seat=holder.seat, voter=holder.user, choice=choice, cast_at=portal_now())


def naive_close(*, item: AgendaItem, between: Callable[[], None]) -> None:
    if AgendaItem.objects.get(pk=item.pk).state != states.VOTING:
        raise Refused("Le scrutin est clos.")
    box = count(item.votes.values_list("choice", flat=True))
    between()
    AgendaItem.objects.filter(pk=item.pk).update(
        state=states.CLOSED,
        closed_at=portal_now(),
        votes_for=box.in_favour,
        votes_against=box.against,
        abstentions=box.abstained,
        result=AgendaItem.Result.FAVOURABLE if box.in_favour > box.against else AgendaItem.Result.UNFAVOURABLE,
    )


def naive_vote_once(*, item: AgendaItem, holder: SeatHolder, between: Callable[[], None]) -> bool:
    """« Has this seat voted? », asked before writing: what a screen without a constraint would do."""
    free = not item.votes.filter(seat=holder.seat).exists()
    between()
    return free
