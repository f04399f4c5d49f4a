"""Who may write in a support plan."""

from datetime import datetime

from calls.queries import roles_over
from portal.accounts.models import Membership, User
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


def can_contribute(user: User, plan: SupportPlan, at: datetime) -> Answer:
    """Actions, milestones, documents, messages, requests: the team, and whoever writes for the communes of the plan."""
    if can_follow(user, plan, at) or writes_for_the_communes(user, plan):
        return YES
    return no("Seules l’équipe qui accompagne la commune et les personnes qui écrivent pour elle peuvent agir ici.")


def writes_for_the_communes(user: User, plan: SupportPlan) -> bool:
    """Whether a person has a right to write, sign or manage in an organisation of the file."""
    rights = (Membership.Right.EDITOR, Membership.Right.SIGNATORY, Membership.Right.MANAGER)
    members = plan.application.members.filter(confirmed_at__isnull=False, left_at__isnull=True)
    return Membership.objects.filter(
        user=user,
        state=Membership.State.CONFIRMED,
        right__in=rights,
        organisation__in=members.values("organisation_id"),
    ).exists()
