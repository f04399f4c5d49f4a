"""The ballot of one file. Voters take a shared lock of the item, closing takes it alone: the count is the box.

The instants come from the database's clock, read inside the transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction

from calls.queries import roles_of
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.rules import Refused, no, require
from portal.core.typography import NBSP, format_instant
from portal.core.workflow import fire

from .. import states
from ..ballot import Verdict, count, steps_in, verdict
from ..models import AgendaItem, Attendance, JurySession, Proxy, SeatHolder, Vote
from ..queries import (
    chair_choice,
    chairs,
    counted_votes,
    file_result,
    grid_rules,
    hands_awaited,
    is_here,
    is_knocked_out,
    item_quorum,
    proxy_effects,
    represented,
    seal_of,
    steps_of,
    vote_facts,
)
from ..quorum import Quorum
from ..rules import ballot_is_open, can_chair, can_enter_hands, can_vote, in_its_window, session_is_open, votes_at_all
from ..scoring import knockout_sentence

Result = AgendaItem.Result
NO_HAND = "ce siège a déjà voté, ou ne prend pas part à ce vote."
CHOICES = frozenset(Vote.Choice.values)


@transaction.atomic
def open_ballot(*, item: AgendaItem, by: User) -> None:
    """Open the vote on a file: session open, quorum here, no other ballot open, not out by its notes."""
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    at = portal_now()
    require(can_chair(chairs=chairs(by, session, at, item.application)))
    require(session_is_open(session.state))
    require(votes_at_all(session.call.jury_rules.ballot))
    if session.items.filter(state=states.VOTING).exists():
        raise Refused("Un autre scrutin est ouvert. Closez-le d’abord.")
    quorum = item_quorum(item)
    require_votable(item, quorum)
    stamps = {"opened_at": at, **quorum_stamps(quorum)}
    fire(item, states.OPEN_BALLOT, by=by, at=at, stamps=stamps)


def require_votable(item: AgendaItem, quorum: Quorum) -> None:
    """Neither out by its notes nor short of members."""
    if is_knocked_out(item):
        raise Refused("Ce dossier a une note éliminatoire\u00a0: il n’est pas soumis au vote.")
    if not quorum.reached:
        raise Refused(f"Le quorum n’est pas atteint pour ce dossier\u00a0: {quorum.sentence}")


@transaction.atomic
def cast_vote(*, item: AgendaItem, holder: SeatHolder, choice: str, entered_by: User | None = None) -> Vote:
    """Put the seat's one ballot in the box. Raises `Refused`: closed meanwhile, recused, not here, already voted."""
    at = portal_now()
    if choice not in CHOICES:
        raise Refused("Choisissez pour, contre ou abstention.")
    item.state = shared_state(item)
    attendance = Attendance.objects.filter(session=item.session_id, seat=holder.seat_id).first()
    require(can_vote(vote_facts(attendance, item, holder, at)))
    try:
        with transaction.atomic():
            return Vote.objects.create(
                item=item, seat=holder.seat, voter=holder.user, choice=choice, cast_at=at, entered_by=entered_by
            )
    except IntegrityError as error:
        raise Refused("Votre bulletin est déjà dans l’urne. Il ne se reprend pas.") from error


@transaction.atomic
def cast_proxy(*, item: AgendaItem, proxy: Proxy, voter: User, choice: str, entered_by: User | None = None) -> Vote:
    """The bearer votes for the giver's seat. Raises `Refused`: without effect on this file, closed, already voted."""
    at = portal_now()
    if choice not in CHOICES:
        raise Refused("Choisissez pour, contre ou abstention.")
    item.state = shared_state(item)
    require(ballot_is_open(item.state))
    require(in_its_window(item.opened_at, item.closes_at, at))
    found = [answer for other, answer in proxy_effects(item) if other.pk == proxy.pk]
    require(found[0] if found else no("Ce pouvoir a été retiré."))
    try:
        with transaction.atomic():
            return Vote.objects.create(
                item=item, seat=proxy.giver, voter=voter, choice=choice, cast_at=at, entered_by=entered_by, proxy=proxy
            )
    except IntegrityError as error:
        raise Refused("Le bulletin de ce siège est déjà dans l’urne. Il ne se reprend pas.") from error


@transaction.atomic
def enter_hands(*, item: AgendaItem, choices: Mapping[int, str], by: User) -> int:
    """Write down votes given by show of hands, seat by seat ({seat: choice}); all of them, or none. Returns how many.

    Those who vote from their own device are left as they are. Raises `Refused`, naming the seat.
    """
    session, at = item.session, portal_now()
    require(can_enter_hands(roles_of(by, session.call, at), chairs=chairs(by, session, at, item.application)))
    require(ballot_is_open(item.state))
    rows = {row.seat_id: row for row in hands_awaited(item)}
    borne = represented(item)
    for seat, choice in choices.items():
        if seat not in rows:
            raise Refused(f"«\u202f{session.call.seats.get(pk=seat).label}\u202f»{NBSP}: {NO_HAND}")
        enter_one(item, rows[seat], borne, choice, by)
    return len(choices)


def enter_one(item: AgendaItem, row: Attendance, borne: Mapping[int, Proxy], choice: str, by: User) -> None:
    if row.holder is not None and is_here(row):
        cast_vote(item=item, holder=row.holder, choice=choice, entered_by=by)
        return
    proxy = borne[row.seat_id]
    bearer = Attendance.objects.select_related("holder__user").get(session=item.session_id, seat=proxy.bearer_id)
    assert bearer.holder is not None, "a proxy has effect while its bearer sits"
    cast_proxy(item=item, proxy=proxy, voter=bearer.holder.user, choice=choice, entered_by=by)


def shared_state(item: AgendaItem) -> str:
    """The state of the item, held still until commit; other voters may hold it too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM juries_agendaitem WHERE id = %s FOR SHARE", [item.pk])
        return cursor.fetchone()[0]


@transaction.atomic
def close_ballot(*, item: AgendaItem, by: User) -> AgendaItem:
    """Close and count. Voters under way are waited for; later ones are refused. Nothing opens it again."""
    locked = AgendaItem.objects.select_for_update().get(pk=item.pk)
    at = portal_now()
    if locked.closes_at is not None and at < locked.closes_at:
        raise Refused(f"Ce scrutin se clôt de lui-même le {format_instant(locked.closes_at)}.")
    require(can_chair(chairs=chairs(by, item.session, at, item.application)))
    fire(item, states.CLOSE_BALLOT, by=by, at=at, stamps={"closed_at": locked.closes_at or at, **outcome_of(item)})
    return item


def outcome_of(item: AgendaItem) -> dict[str, Any]:
    """What the box says, as the columns of the item. A ballot whose seat was recused meanwhile does not count."""
    quorum = item_quorum(item)
    if not quorum.reached:
        lost = "Participation insuffisante" if item.closes_at else "Quorum perdu en cours de scrutin"
        reason = f"{lost}, {quorum.sentence} Dossier renvoyé à une prochaine séance."
        return {**quorum_stamps(quorum), "result": Result.NO_VOTE, "reason": reason}
    votes = counted_votes(item)
    call = item.session.call
    president = chair_choice(votes)
    box = count(vote.choice for vote in votes)
    steps = steps_in(steps_of(call), item.round)
    found = verdict(box, majority=call.jury_rules.majority, steps=steps, president=president)
    return {
        **quorum_stamps(quorum),
        "seal": seal_of(item),
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


def quorum_stamps(quorum: Quorum) -> dict[str, int]:
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
    stamps = {"closed_at": at, "result": Result.NO_VOTE, "reason": said, **quorum_stamps(quorum)}
    fire(item, states.SETTLE_WITHOUT_VOTE, by=by, at=at, reason=said, stamps=stamps)


def default_reason(item: AgendaItem, quorum: Quorum) -> str:
    if is_knocked_out(item):
        return knockout_sentence(grid_rules(item.application), file_result(item.application))
    return f"Quorum non réuni pour ce dossier, {quorum.sentence} Il est renvoyé à une prochaine séance."


@transaction.atomic
def record_reason(*, item: AgendaItem, reason: str, codes: Sequence[str] = ()) -> None:
    """The reason that the minutes and the letter will print; open until the session closes.

    `codes`: reasons of the call, whose sentences come before the text.
    """
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    require(session_is_open(session.state))
    known = {row.code: row.label for row in session.call.reason_codes.filter(code__in=codes)}
    told = " ".join([*known.values(), reason.strip()]).strip()
    if not told:
        raise Refused("Écrivez le motif\u00a0: le procès-verbal et la lettre le reprennent tel quel.")
    AgendaItem.objects.filter(pk=item.pk).update(reason=told, reason_codes=list(known))
    item.reason, item.reason_codes = told, list(known)
