"""An even vote that the ballot alone does not settle: second ballot, joint decision, deferral, as the call says."""

from django.db import transaction

from calls.queries import roles_of
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..ballot import TIE_LABELS, steps_in, steps_on_offer
from ..models import AgendaItem, JurySession
from ..queries import chairs, next_step, steps_of
from ..rules import can_chair, can_settle_tie, session_is_open
from .ballots import open_ballot

Result = AgendaItem.Result


def offered_steps(item: AgendaItem) -> tuple[str, ...]:
    """What may settle this file now; empty when nothing waits."""
    first = next_step(item)
    return steps_on_offer(steps_in(steps_of(item.session.call), item.round), first) if first else ()


@transaction.atomic
def open_second_ballot(*, item: AgendaItem, by: User) -> AgendaItem:
    """A new ballot of the same file, opened at once; the first stays closed with its figures. Raises `Refused`."""
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    require(can_chair(chairs=chairs(by, session, portal_now(), item.application)))
    require(session_is_open(session.state))
    require_offered(item, "second_ballot")
    again = AgendaItem.objects.create(
        session=session, application=item.application, position=item.position, round=item.round + 1
    )
    open_ballot(item=again, by=by)
    return again


@transaction.atomic
def settle_tie(*, item: AgendaItem, by: User, step: str, favourable: bool, reason: str) -> None:
    """Write down a joint decision, or a deferral, and its reason. Raises `Refused`."""
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    at = portal_now()
    require(can_settle_tie(roles_of(by, session.call, at), chairs=chairs(by, session, at, item.application)))
    require(session_is_open(session.state))
    item.refresh_from_db(fields=["state", "result", "round"])
    require_offered(item, step)
    if step == "second_ballot":
        raise Refused("Un second scrutin s’ouvre, il ne se constate pas.")
    result = Result.FAVOURABLE if favourable else Result.UNFAVOURABLE
    stamps = {"tie_step": step, "result": result if step == "joint_decision" else Result.DEFERRED, "reason": reason}
    fire(item, states.SETTLE_TIE, by=by, at=at, reason=reason, stamps=stamps)


def require_offered(item: AgendaItem, step: str) -> None:
    offered = offered_steps(item)
    if step not in offered:
        words = ", ".join(TIE_LABELS[other] for other in offered) or "rien à régler"
        raise Refused(f"Le règlement de l’appel ne le prévoit pas pour ce dossier\u00a0: {words}.")
