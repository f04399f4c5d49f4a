"""What one may do with a call that lives, and why not: visa, suspension, extension, correction, end."""

from datetime import datetime

from portal.accounts.models import User
from portal.core.rules import YES, Answer, first_refusal, no

from . import states
from .models import Call
from .queries import stage_of
from .rules import can_manage

BEFORE_JURY = frozenset({"call", "application", "examination"})


def can_validate(user: User, call: Call, at: datetime) -> Answer:
    """Record the act of the owner that approves the call, before its publication."""
    return first_refusal(can_manage(user, call, at), in_state(call, states.DRAFT, no("Cet appel n’est plus à viser.")))


def can_suspend(user: User, call: Call, at: datetime) -> Answer:
    return first_refusal(
        can_manage(user, call, at), in_state(call, states.PUBLISHED, no("Cet appel n’est pas publié."))
    )


def can_resume(user: User, call: Call, at: datetime) -> Answer:
    return first_refusal(
        can_manage(user, call, at), in_state(call, states.SUSPENDED, no("Cet appel n’est pas suspendu."))
    )


def can_cancel(user: User, call: Call, at: datetime) -> Answer:
    return first_refusal(can_manage(user, call, at), is_live(call))


def can_archive(user: User, call: Call, at: datetime) -> Answer:
    """Once nobody can deposit any more."""
    closed = all(window.closes_at < at for window in call.windows.all())
    ended = call.state == states.CANCELLED or (call.state == states.PUBLISHED and closed)
    return first_refusal(
        can_manage(user, call, at), YES if ended else no("Un appel s’archive une fois clos, ou classé sans suite.")
    )


def can_extend(user: User, call: Call, at: datetime) -> Answer:
    """Put a limit back: of a published call whose files are not at the jury yet."""
    return first_refusal(can_manage(user, call, at), is_live(call), before_jury(call, at))


def can_correct(user: User, call: Call, at: datetime) -> Answer:
    return first_refusal(can_manage(user, call, at), is_live(call))


def is_live(call: Call) -> Answer:
    return YES if call.state in states.LIVE else no("Cela se fait d’un appel publié.")


def before_jury(call: Call, at: datetime) -> Answer:
    late = no("Le jury a commencé : la limite ne se prolonge plus.")
    return YES if stage_of(call, at) in BEFORE_JURY else late


def in_state(call: Call, state: str, otherwise: Answer) -> Answer:
    return YES if call.state == state else otherwise
