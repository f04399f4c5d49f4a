"""Who sees which agreements."""

from datetime import datetime

from django.db.models import Q, QuerySet

from applications.models import ApplicationMember, DecisionLine
from applications.queries_staff import laureates
from calls.models import Call, CallRole
from calls.queries import active_roles
from portal.accounts.models import Membership, Organisation, User

from . import states
from .models import Agreement, Party


def agreements_visible_to(user: User, at: datetime) -> QuerySet[Agreement]:
    """Those of the calls where the person works, and those of their organisations once sent."""
    staffed = CallRole.objects.filter(active_roles(at), user=user).values("call_id")
    mine = Membership.objects.filter(user=user, state=Membership.State.CONFIRMED).values("organisation_id")
    theirs = Q(parties__organisation__in=mine) & ~Q(state="drafting")
    visible = Agreement.objects.filter(Q(call__in=staffed) | theirs).distinct()
    return visible.select_related("call__owner__profile", "document__file")


def awaiting_agreement(call: Call) -> QuerySet[DecisionLine]:
    """Notified laureates that no agreement names yet."""
    return laureates(call, notified=True).filter(agreements__isnull=True)


def next_number(call: Call) -> str:
    """« CONV-TPS-2027-01 ». The caller holds the lock of the call."""
    return f"CONV-{call.code_prefix}-{call.edition}-{call.agreements.count() + 1:02d}"


def members_of_lines(lines: list[DecisionLine]) -> QuerySet[ApplicationMember]:
    """The organisations that the agreement binds, leads first."""
    applications = [line.application_id for line in lines]
    members = ApplicationMember.objects.filter(application__in=applications, left_at=None, role__in=["lead", "member"])
    return members.select_related("organisation__commune", "application").order_by("role", "pk")


def has_signed(organisation: Organisation, slug: str) -> bool:
    """Whether an organisation is bound by an agreement of this call: in force, or already signed by it."""
    parties = Party.objects.filter(
        organisation=organisation, side=Party.Side.BENEFICIARY, agreement__call__slug=slug
    ).exclude(agreement__state=states.TERMINATED)
    return parties.filter(Q(agreement__state=states.IN_FORCE) | Q(signed_on__isnull=False)).exists()
