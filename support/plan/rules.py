"""Who may write in a support plan."""

from datetime import datetime

from calls.queries import roles_of
from portal.accounts.models import User
from portal.core.rules import YES, Answer, no

from .models import SupportPlan

WRITERS = frozenset({"manager", "adviser"})


def can_follow(user: User, plan: SupportPlan, at: datetime) -> Answer:
    """Logbook, deliverables, funding and indicators: the advisers and managers of the call."""
    if WRITERS & roles_of(user, plan.application.call, at):
        return YES
    return no("Seule l’équipe qui accompagne la commune peut écrire ici.")
