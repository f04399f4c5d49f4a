"""Who asks for an opinion, who gives it, what an outside service may read of a file; each refusal says why."""

from collections.abc import Collection
from datetime import datetime

from portal.accounts.models import User
from portal.core.rules import YES, Answer, first_refusal, no

from .. import states
from ..models import Application, OpinionRequest
from .staff import can_examine, words

ASKABLE = frozenset({states.SUBMITTED, states.ADMISSIBLE})


def can_ask_opinion(roles: Collection[str], application: Application) -> Answer:
    """By the examination, on a deposited file, until its decision."""
    return first_refusal(
        can_examine(roles),
        YES
        if application.state in ASKABLE
        else no(f"On ne demande plus d’avis : la candidature est « {words(application)} »."),
    )


def can_change_opinion(roles: Collection[str], opinion: OpinionRequest) -> Answer:
    """Remind, put off or take back what was asked: by the examination."""
    waiting = opinion.state == states.OPINION_ASKED
    return first_refusal(can_examine(roles), YES if waiting else no("Cet avis n’est plus attendu."))


def can_revoke(roles: Collection[str], opinion: OpinionRequest) -> Answer:
    """Take it back, given or not: the person no longer reads the file."""
    live = opinion.state in states.REVOKE.sources
    return first_refusal(can_examine(roles), YES if live else no("Cette demande d’avis est déjà retirée."))


def can_give_opinion(user: User, opinion: OpinionRequest) -> Answer:
    """The person asked, until it is given; a passed day makes it late, never void."""
    return first_refusal(
        YES if opinion.giver_id == user.pk else no("Cet avis est demandé à une autre personne."),
        YES if opinion.state == states.OPINION_ASKED else no("Cet avis est déjà rendu, ou n’est plus demandé."),
        YES
        if opinion.application.state in ASKABLE
        else no("La candidature n’attend plus d’avis : elle est retirée, non recevable ou décidée."),
    )


def is_overdue(opinion: OpinionRequest, at: datetime) -> bool:
    """Its day has passed without an answer: computed, never stored."""
    return opinion.state == states.OPINION_ASKED and at > opinion.due_at
