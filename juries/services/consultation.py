"""A vote without a meeting: every ballot opens and closes at the instants written beforehand.

The instants decide, whether a worker runs or not: a ballot put in the box after the limit is refused, and the count
waits for whoever makes it, the worker or the chair.
"""

from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.models import Job
from portal.core.outbox import enqueue_job, job_handler
from portal.core.rules import Refused, require
from portal.core.typography import format_instant
from portal.core.workflow import fire

from .. import states
from ..models import AgendaItem, JurySession
from ..queries import chairs, is_knocked_out, items_of
from ..rules import can_chair, session_is_open, votes_at_all
from .ballots import outcome_of

CLOSE_JOB = "juries.close_ballot"


@transaction.atomic
def schedule_ballots(*, session: JurySession, by: User, opens_at: datetime, closes_at: datetime, at: datetime) -> int:
    """Open every waiting ballot of a written consultation between two instants. Returns how many. Raises `Refused`."""
    current = JurySession.objects.select_for_update().get(pk=session.pk)
    require(can_chair(chairs=chairs(by, session, at)))
    require(session_is_open(current.state))
    require(votes_at_all(session.call.jury_rules.ballot))
    if not current.by_writing:
        raise Refused("Cette séance se tient\u00a0: la présidence ouvre et clôt chaque scrutin.")
    if closes_at <= max(opens_at, at):
        raise Refused("Les scrutins se closent après leur ouverture, et dans l’avenir.")
    waiting = [item for item in items_of(session).filter(state=states.WAITING) if not is_knocked_out(item)]
    if not waiting:
        raise Refused("Aucun dossier n’attend de scrutin.")
    for item in waiting:
        stamps = {"opened_at": max(opens_at, at), "closes_at": closes_at}
        fire(item, states.OPEN_BALLOT, by=by, at=at, stamps=stamps)
        enqueue_job(CLOSE_JOB, f"ballot:{item.uuid}", at=closes_at, payload={"item": item.pk})
    return len(waiting)


@job_handler(CLOSE_JOB)
def run_close_job(job: Job) -> None:
    """Close a ballot whose limit is past; one that the chair closed meanwhile stays as it is."""
    close_scheduled(item=AgendaItem.objects.get(pk=job.payload["item"]), by=None)


@transaction.atomic
def close_scheduled(*, item: AgendaItem, by: User | None) -> bool:
    """Count a ballot once its limit is past; whether this call closed it. Raises `Refused` before the limit."""
    locked = AgendaItem.objects.select_for_update(of=("self",)).select_related("session__call").get(pk=item.pk)
    at = portal_now()
    if locked.state != states.VOTING or locked.closes_at is None:
        return False
    if at < locked.closes_at:
        raise Refused(f"Ce scrutin se clôt de lui-même le {format_instant(locked.closes_at)}.")
    fire(locked, states.CLOSE_BALLOT, by=by, at=at, stamps={"closed_at": locked.closes_at, **outcome_of(locked)})
    return True
