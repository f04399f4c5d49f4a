"""Who sees which agreements."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from applications.models import Application, ApplicationMember, CouncilResolution, DecisionLine
from applications.queries.laureates import laureates, selected_lines
from calls.models import Call
from calls.queries import calls_staffed_by, within_scope
from portal.accounts.models import Membership, Organisation, User

from . import states
from .models import Agreement, Party

COMMUNE = "parties__organisation__commune_id"


def agreements_visible_to(user: User, at: datetime) -> QuerySet[Agreement]:
    """Those of the calls where the person works, within their scope, and those of their organisations once sent."""
    staffed = within_scope(user, at, call="call_id", commune=COMMUNE)
    mine = Membership.objects.filter(user=user, state=Membership.State.CONFIRMED).values("organisation_id")
    theirs = Q(parties__organisation__in=mine) & ~Q(state="drafting")
    visible = Agreement.objects.filter(staffed | theirs).distinct()
    return visible.select_related("call__owner__profile", "document__file", "parent")


def agreements_of(call: Call, scope: frozenset[str] | None) -> QuerySet[Agreement]:
    """The agreements of a call; with a scope (INSEE codes), those that bind one of its communes."""
    if scope is None:
        return call.agreements.all()
    return call.agreements.filter(**{f"{COMMUNE}__in": scope}).distinct()


def awaiting_agreement(call: Call, scope: frozenset[str] | None = None) -> QuerySet[DecisionLine]:
    """Notified laureates that no agreement names yet."""
    lines = laureates(call, notified=True).exclude(pk__in=bound_lines())
    return lines if scope is None else lines.filter(application__lead__commune__in=scope)


def bound_lines() -> QuerySet[Any]:
    """The lines that a living agreement of their call names: one that lapsed or was given up leaves its place."""
    living = Agreement.objects.filter(kind=Agreement.Kind.SUPPORT, state__in=[*states.LIVING, states.TERMINATED])
    return Agreement.beneficiaries.through.objects.filter(agreement__in=living).values("decisionline_id")


def bound_in_force(call: Call) -> QuerySet[DecisionLine]:
    """The laureates that an agreement in force binds to the call."""
    return laureates(call, notified=True).filter(
        pk__in=Agreement.beneficiaries.through.objects.filter(
            agreement__call=call, agreement__kind=Agreement.Kind.SUPPORT, agreement__state=states.IN_FORCE
        ).values("decisionline_id")
    )


def granting_agreements(call: Call) -> QuerySet[Agreement]:
    """The agreements in force, or that were, that give money: what is published of them is public at once."""
    given = Q(amount__gt=0) | Q(
        sequels__kind=Agreement.Kind.AMENDMENT, sequels__state=states.IN_FORCE, sequels__amount__gt=0
    )
    rows = call.agreements.filter(given, kind=Agreement.Kind.SUPPORT, effective_on__isnull=False).distinct()
    rows = rows.select_related("call__owner").prefetch_related("parties__organisation", "beneficiaries__decision")
    return rows.order_by("effective_on", "pk")


def signing_parties(agreement: Agreement) -> QuerySet[Party]:
    """Those whose signature counts: a witness stands by."""
    return agreement.parties.exclude(side=Party.Side.WITNESS)


def is_vised(agreement: Agreement, fingerprint: str) -> bool:
    """Whether the last visa was given, and to this very text."""
    last = agreement.visas.order_by("-at", "-pk").first()
    return bool(last and last.given and last.fingerprint == fingerprint)


def resolution_of(application: Application, organisation_id: int) -> CouncilResolution | None:
    """The council's act that the commune gave with its file, if any."""
    return application.resolutions.filter(organisation_id=organisation_id).order_by("adopted_on", "pk").last()


def calls_awaiting_agreements(user: User, at: datetime) -> QuerySet[Call]:
    """The calls with an outline of agreement where a manager has laureates to bind; `awaiting` counts them."""
    mine = within_scope(user, at, "manager", call="decision__call_id", commune="application__lead__commune_id")
    managed = calls_staffed_by(user, at, "manager").filter(extras__agreement__title__isnull=False)
    lines = selected_lines(managed.values("pk"), notified=True).filter(mine).exclude(pk__in=bound_lines())
    awaiting = Count("decisions__lines", filter=Q(decisions__lines__in=lines.values("pk")))
    return managed.annotate(awaiting=awaiting).filter(awaiting__gt=0).order_by("pk")


def next_number(call: Call) -> str:
    """« CONV-TPS-2027-01 ». The caller holds the lock of the call."""
    return f"CONV-{call.code_prefix}-{call.edition}-{call.agreements.count() + 1:02d}"


def members_of_lines(lines: list[DecisionLine]) -> QuerySet[ApplicationMember]:
    """The organisations that the agreement binds, leads first."""
    applications = [line.application_id for line in lines]
    members = ApplicationMember.objects.filter(
        application__in=applications, confirmed_at__isnull=False, left_at=None, role__in=["lead", "member"]
    )
    return members.select_related("organisation__commune", "application").order_by("role", "pk")


def why_bound(application: Application) -> str:
    """Why the decision on a file can no longer be put back to examination: an agreement was drawn up from it."""
    found = Agreement.objects.filter(beneficiaries__application=application).exclude(state=states.TERMINATED).first()
    return f"La convention {found.number} repose sur cette décision : mettez-y fin d’abord." if found else ""


def has_signed(organisation: Organisation, slug: str) -> bool:
    """Whether an organisation is bound by an agreement of this call: in force, or already signed by it."""
    parties = Party.objects.filter(
        organisation=organisation, side=Party.Side.BENEFICIARY, agreement__call__slug=slug
    ).exclude(agreement__state__in=[states.TERMINATED, states.LAPSED, states.ABANDONED])
    return parties.filter(Q(agreement__state=states.IN_FORCE) | Q(signed_on__isnull=False)).exists()
