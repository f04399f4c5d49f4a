"""The meeting: planned, convened, opened, attended, closed on a frozen proposal."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Max

from applications.states import ADMISSIBLE
from calls.models import Call, JuryRules
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..documents import request_minutes
from ..emails import send_convocation
from ..models import AgendaItem, JurySession, Minutes, ProposalLine
from ..queries import (
    RankedItem,
    chairs,
    closes,
    files_of,
    is_deferred,
    items_of,
    last_ballots,
    minutes_document,
    ranking_of,
    session_quorum,
    sits_in_chair,
    tied_files,
    ties_to_settle,
)
from ..rules import can_chair, session_is_open
from .attendance import empty_attendance, seat_everyone
from .interests import record_all_ties
from .scores import refresh_rankings


@transaction.atomic
def create_session(
    *,
    call: Call,
    held_on: date,
    place: str,
    secretary_title: str,
    at: datetime,
    begins: time | None = None,
    by_writing: bool = False,
) -> JurySession:
    """Plan a session; its agenda holds every admissible file that no other session examined. Raises `Refused`."""
    rules = JuryRules.objects.filter(call=call).first()
    if rules is None or not call.seats.exists():
        raise Refused("Composez d’abord le jury\u00a0: une séance réunit ses membres.")
    if rules.ballot == "secret":
        raise Refused("Le portail tient les scrutins nominaux\u202f; cet appel prévoit un scrutin secret.")
    if held_on < day_of(at):
        raise Refused("Cette date est passée. Choisissez un jour à venir.")
    if call.jury_sessions.filter(state__in=states.COMING).exists():
        raise Refused("Une séance de ce jury est déjà prévue. Tenez-la avant d’en prévoir une autre.")
    session = JurySession.objects.create(
        call=call,
        held_on=held_on,
        begins=begins,
        place=place,
        secretary_title=secretary_title,
        by_writing=by_writing,
    )
    empty_attendance(session)
    complete_agenda(session)
    return session


def complete_agenda(session: JurySession) -> None:
    """Add the admissible files that are on no agenda, by number, and those that were put off elsewhere."""
    refresh_rankings(call=session.call)
    items = AgendaItem.objects.filter(session__call=session.call_id).select_related("application__jury_score")
    taken = last_ballots(items.order_by("session_id", "round"))
    kept = [item.application_id for item in taken if item.session_id == session.pk or not is_deferred(item)]
    files = files_of(session.call).filter(state=ADMISSIBLE).exclude(pk__in=kept)
    first = (session.items.aggregate(last=Max("position"))["last"] or 0) + 1
    rows = [AgendaItem(session=session, application=file, position=first + i) for i, file in enumerate(files)]
    AgendaItem.objects.bulk_create(rows)


@transaction.atomic
def convene(*, session: JurySession, at: datetime) -> int:
    """Mail the members the date, the place and the agenda; those already told are not told twice. Returns how many."""
    current = lock_session(session)
    if current.state != states.PLANNED:
        raise Refused("La séance a eu lieu\u00a0: elle ne se convoque plus.")
    complete_agenda(session)
    record_all_ties(call=session.call, at=at)
    sent = send_convocation(session, at=at)
    if current.convened_at is None:
        JurySession.objects.filter(pk=session.pk).update(convened_at=at)
        session.convened_at = at
    return sent


@transaction.atomic
def open_session(*, session: JurySession, by: User, at: datetime) -> None:
    """Open the meeting once the quorum is here; from now on nobody changes their notes."""
    current = lock_session(session)
    require(can_chair(chairs=chairs(by, session, at)))
    complete_agenda(session)
    if not session.items.exists():
        raise Refused("Aucune candidature recevable n’est à l’ordre du jour.")
    record_all_ties(call=session.call, at=at)
    if current.by_writing:
        seat_everyone(session, at)
    quorum = session_quorum(session)
    if not quorum.reached:
        raise Refused(f"Le quorum n’est pas atteint\u00a0: {quorum.sentence} Notez d’abord les présences.")
    if not sits_in_chair(by, session):
        raise Refused("Vous n’êtes pas noté présent\u00a0: notez votre présence, ou laissez ouvrir qui préside.")
    fire(session, states.OPEN_SESSION, by=by, at=at, stamps={"opened_at": at})


@transaction.atomic
def close_session(
    *, session: JurySession, by: User, at: datetime, settled: Sequence[str] = (), reason: str = ""
) -> None:
    """Freeze the proposal, ask for the minutes. `settled`: uuids of the tied files, in the order given by the jury."""
    current = lock_session(session)
    require(session_is_open(current.state))
    require(closes(by, session, tied_files(session), presides=chairs(by, session, at)))
    require_all_settled(session)
    ranked = ranking_of(session, settled)
    if ties_to_settle(ranked):
        raise Refused("Des candidatures sont à égalité\u00a0: donnez leur ordre, et le motif, avant de clore.")
    if settled and not reason.strip():
        raise Refused("Dites en une phrase ce qui départage les candidatures à égalité.")
    ProposalLine.objects.bulk_create(
        ProposalLine(
            session=session,
            application=row.item.application,
            rank=row.line.rank if row.line.outcome != "not_selected" else None,
            score=row.score,
            knocked_out=row.knocked_out,
            ranking=row.line.ranking,
            outcome=row.line.outcome,
            reason=reason_of(row),
            computed_rank=row.line.computed,
            departure=row.line.departure,
        )
        for row in ranked
    )
    fire(session, states.CLOSE_SESSION, by=by, at=at, reason=reason, stamps={"closed_at": at})
    request_minutes(session, at=at)


@transaction.atomic
def suspend_session(*, session: JurySession, by: User, at: datetime) -> None:
    """Nothing is voted until the meeting resumes; people may come and go. Raises `Refused`."""
    current = lock_session(session)
    require(can_chair(chairs=chairs(by, session, at)))
    require(session_is_open(current.state))
    if session.items.filter(state=states.VOTING).exists():
        raise Refused("Un scrutin est ouvert\u00a0: closez-le avant de suspendre la séance.")
    fire(session, states.SUSPEND_SESSION, by=by, at=at)


@transaction.atomic
def resume_session(*, session: JurySession, by: User, at: datetime) -> None:
    """The meeting goes on; the quorum is checked again at each file."""
    lock_session(session)
    require(can_chair(chairs=chairs(by, session, at)))
    fire(session, states.RESUME_SESSION, by=by, at=at)


def reason_of(row: RankedItem) -> str:
    """What the jury wrote, then what the ranking adds: threshold, rank beyond the places."""
    if row.line.outcome != "not_selected" or row.knocked_out:
        return row.item.reason
    return f"{row.item.reason.rstrip('.')}. {row.line.why}"


def require_all_settled(session: JurySession) -> None:
    """Every file has its ballot closed, and a reason that the letters will print."""
    items = last_ballots(items_of(session))
    waiting = [item.application.number for item in items if item.state != states.CLOSED]
    if waiting:
        raise Refused(f"Il reste à examiner\u00a0: {', '.join(map(str, waiting))}.")
    even = [item.application.number for item in items if item.result == AgendaItem.Result.TIED]
    if even:
        raise Refused(f"Un partage égal des voix reste à régler\u00a0: {', '.join(map(str, even))}.")
    mute = [item.application.number for item in items if not item.reason.strip()]
    if mute:
        raise Refused(f"Écrivez le motif porté au procès-verbal\u00a0: {', '.join(map(str, mute))}.")


@transaction.atomic
def sign_minutes(*, session: JurySession, by: User, at: datetime) -> Minutes:
    """The president signs the minutes as they were rendered: nothing changes them after that."""
    lock_session(session)
    require(can_chair(chairs=chairs(by, session, at)))
    document = minutes_document(session)
    if document is None or document.state != document.State.READY:
        raise Refused("Le procès-verbal est en préparation. Il se signe une fois prêt, dans quelques instants.")
    fire(session, states.SIGN_MINUTES, by=by, at=at)
    return Minutes.objects.create(
        session=session, number=document.number, document=document, signed_at=at, signed_by=by
    )


def lock_session(session: JurySession) -> JurySession:
    """The session as it is now, its acts one after another until commit."""
    current = JurySession.objects.select_for_update().get(pk=session.pk)
    session.state = current.state
    return current
