"""Who may write in a support plan."""

from datetime import datetime

from calls.queries import roles_over
from portal.accounts.models import User
from portal.core.rules import YES, Answer, no

from .models import SupportPlan

WRITERS = frozenset({"manager", "adviser"})


def roles_on(user: User, plan: SupportPlan, at: datetime) -> frozenset[str]:
    """The roles of a person that cover the commune of the plan: whoever holds one reads the internal entries."""
    return roles_over(user, plan.application.call, at, plan.application.lead.commune_id)


def can_follow(user: User, plan: SupportPlan, at: datetime) -> Answer:
    """Logbook, deliverables, funding and indicators: the advisers and managers of the call."""
    if WRITERS & roles_on(user, plan, at):
        return YES
    return no("Seule l’équipe qui accompagne la commune peut écrire ici.")
