"""Who may do what with a request for expertise, and with the directory."""

from datetime import datetime

from portal.accounts.models import Organisation, User
from portal.core.rules import YES, Answer, no
from support.plan.rules import can_follow, writes_for_the_communes

from . import states
from .models import ExpertiseRequest
from .queries import can_convene
from .queries_expertise import given_to


def can_keep_directory(user: User, owner: Organisation, at: datetime) -> Answer:
    """Managers and advisers of the organiser's calls."""
    return YES if can_convene(user, owner, at) else no("L’annuaire est tenu par l’équipe qui accompagne les communes.")


def can_assign(user: User, request: ExpertiseRequest, at: datetime) -> Answer:
    return can_follow(user, request.plan, at)


def can_reply(user: User, request: ExpertiseRequest) -> Answer:
    """The people of the body to which the request is given."""
    if request.state in states.WITH_BODY and given_to(user).filter(pk=request.pk).exists():
        return YES
    return no("Seul l’organisme à qui la demande est confiée y répond, tant qu’elle attend sa réponse.")


def can_rate(user: User, request: ExpertiseRequest) -> Answer:
    """The people who write for the communes, once the answer is handed."""
    if request.state != states.ANSWERED:
        return no("La réponse n’est pas rendue, ou la demande est déjà close.")
    return YES if writes_for_the_communes(user, request.plan) else no("La commune dit si la réponse lui convient.")
