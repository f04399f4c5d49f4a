"""Until when one file may be written and deposited, and whether it may be reopened."""

from datetime import datetime

from calls import states as call_states
from calls.rules import can_manage, suspended, suspension_sentence, window_accepts
from portal.accounts.models import User
from portal.core.rules import YES, Answer, first_refusal, no

from .. import states
from ..models import Application
from ..queries.life import limit_of

OPEN_STATES = (states.DRAFT, states.SUBMITTED)


def file_accepts(application: Application, at: datetime) -> Answer:
    """As for everybody; or, after the limit, as long as this very file is reopened."""
    usual = window_accepts(application.call, application.window, at)
    if usual or application.call.state not in call_states.LIVE or suspended(application.call, at):
        return usual
    return YES if application.window.closes_at < at <= limit_of(application) else usual


def can_reopen(user: User, application: Application, at: datetime) -> Answer:
    """Ask to reopen one file: a manager of its call."""
    return first_refusal(can_manage(user, application.call, at), is_reopenable(application, at))


def is_reopenable(application: Application, at: datetime) -> Answer:
    """A draft, or a deposited file not examined yet, whose limit has passed."""
    if application.state not in OPEN_STATES:
        return no("Cette candidature est déjà examinée, ou retirée : elle ne se rouvre plus.")
    if suspended(application.call, at):
        return no(suspension_sentence(application.call))
    if application.call.state not in call_states.LIVE:
        return no("L’appel n’est plus en cours.")
    return (
        YES if at > limit_of(application) else no("Cette candidature peut encore être déposée : rien n’est à rouvrir.")
    )
