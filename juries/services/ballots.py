"""The ballot of one file. Voters take a shared lock of the item, closing takes it alone: the count is the box.

The instants come from the database's clock, read inside the transaction.
"""

from typing import Any

from django.db import IntegrityError, connection, transaction

from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..ballot import Verdict, count, steps_in, verdict
from ..models import AgendaItem, Attendance, JurySession, SeatHolder, Vote
from ..queries import (
    chairs,
    counted_votes,
    file_result,
    grid_rules,
    is_knocked_out,
    item_quorum,
    steps_of,
    vote_facts,
)
from ..quorum import Quorum
from ..rules import can_chair, can_vote, session_is_open
from ..scoring import knockout_sentence

Result = AgendaItem.Result
CHOICES = frozenset(Vote.Choice.values)


@transaction.atomic
def open_ballot(*, item: AgendaItem, by: User) -> None:
    """Open the vote on a file: session open, quorum here, no other ballot open, not out by its notes."""
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    at = portal_now()
    require(can_chair(chairs=chairs(by, session, at, item.application)))
    require(session_is_open(session.state))
    if is_knocked_out(item):
        raise Refused("Ce dossier a une note éliminatoire\u00a0: il n’est pas soumis au vote.")
    if session.items.filter(state=states.VOTING).exists():
        raise Refused("Un autre scrutin est ouvert. Closez-le d’abord.")
    quorum = item_quorum(item)
    if not quorum.reached:
        raise Refused(f"Le quorum n’est pas atteint pour ce dossier\u00a0: {quorum.sentence}")
    stamps = {"opened_at": at, **_quorum_stamps(quorum)}
    fire(item, states.OPEN_BALLOT, by=by, at=at, stamps=stamps)


@transaction.atomic
def cast_vote(*, item: AgendaItem, holder: SeatHolder, choice: str) -> Vote:
    """Put the seat's one ballot in the box. Raises `Refused`: closed meanwhile, recused, not here, already voted."""
    at = portal_now()
    if choice not in CHOICES:
        raise Refused("Choisissez pour, contre ou abstention.")
    item.state = shared_state(item)
    attendance = Attendance.objects.filter(session=item.session_id, seat=holder.seat_id).first()
    require(can_vote(vote_facts(attendance, item, holder)))
    try:
        with transaction.atomic():
            return Vote.objects.create(item=item, seat=holder.seat, voter=holder.user, choice=choice, cast_at=at)
    except IntegrityError as error:
        raise Refused("Votre bulletin est déjà dans l’urne. Il ne se reprend pas.") from error


def shared_state(item: AgendaItem) -> str:
    """The state of the item, held still until commit; other voters may hold it too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM juries_agendaitem WHERE id = %s FOR SHARE", [item.pk])
        return cursor.fetchone()[0]


@transaction.atomic
def close_ballot(*, item: AgendaItem, by: User) -> AgendaItem:
    """Close and count. Voters under way are waited for; later ones are refused. Nothing opens it again."""
    AgendaItem.objects.select_for_update().get(pk=item.pk)
    at = portal_now()
    require(can_chair(chairs=chairs(by, item.session, at, item.application)))
    fire(item, states.CLOSE_BALLOT, by=by, at=at, stamps={"closed_at": at, **outcome_of(item)})
    return item


def outcome_of(item: AgendaItem) -> dict[str, Any]:
    """What the box says, as the columns of the item. A ballot whose seat was recused meanwhile does not count."""
    quorum = item_quorum(item)
    if not quorum.reached:
        reason = f"Quorum perdu en cours de scrutin, {quorum.sentence} Dossier renvoyé à une prochaine séance."
        return {**_quorum_stamps(quorum), "result": Result.NO_VOTE, "reason": reason}
    votes = counted_votes(item)
    call = item.session.call
    president = next((vote.choice for vote in votes if vote.seat.president), None)
    box = count(vote.choice for vote in votes)
    steps = steps_in(steps_of(call), item.round)
    found = verdict(box, majority=call.jury_rules.majority, steps=steps, president=president)
    return {
        **_quorum_stamps(quorum),
        "votes_for": box.in_favour,
        "votes_against": box.against,
        "abstentions": box.abstained,
        "casting_vote_used": found.casting_vote_used,
        "tie_step": "casting_vote" if found.casting_vote_used else "",
        "result": result_of(found),
    }


def result_of(found: Verdict) -> str:
    """An even vote that a step must still settle is neither favourable nor unfavourable."""
    if found.step:
        return Result.TIED
    return Result.FAVOURABLE if found.favourable else Result.UNFAVOURABLE


def _quorum_stamps(quorum: Quorum) -> dict[str, int]:
    return {
        "present_count": quorum.present,
        "recused_count": quorum.recused,
        "quorum_required": quorum.needed,
    }


@transaction.atomic
def settle_without_vote(*, item: AgendaItem, by: User, reason: str = "") -> None:
    """A file out by its notes, or that the quorum cannot examine today, is settled without a ballot."""
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    at = portal_now()
    require(can_chair(chairs=chairs(by, session, at, item.application)))
    require(session_is_open(session.state))
    quorum = item_quorum(item)
    if not is_knocked_out(item) and quorum.reached:
        raise Refused("Ce dossier peut être voté\u00a0: ouvrez le scrutin.")
    said = reason.strip() or default_reason(item, quorum)
    stamps = {"closed_at": at, "result": Result.NO_VOTE, "reason": said, **_quorum_stamps(quorum)}
    fire(item, states.SETTLE_WITHOUT_VOTE, by=by, at=at, reason=said, stamps=stamps)


def default_reason(item: AgendaItem, quorum: Quorum) -> str:
    if is_knocked_out(item):
        return knockout_sentence(grid_rules(item.application), file_result(item.application))
    return f"Quorum non réuni pour ce dossier, {quorum.sentence} Il est renvoyé à une prochaine séance."


@transaction.atomic
def record_reason(*, item: AgendaItem, reason: str) -> None:
    """The reason that the minutes and the letter will print; open until the session closes."""
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    require(session_is_open(session.state))
    if not reason.strip():
        raise Refused("Écrivez le motif\u00a0: le procès-verbal et la lettre le reprennent tel quel.")
    AgendaItem.objects.filter(pk=item.pk).update(reason=reason.strip())
    item.reason = reason.strip()
