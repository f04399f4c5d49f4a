"""Who is competent, who reads which requests."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from calls.models import Call
from portal.accounts.models import Membership, User
from portal.core.tokens import hashed
from portal.territories.models import Commune
from support.plan.models import SupportPlan
from support.plan.queries import plans_visible_to

from . import states
from .models import EngineeringBody, ExpertiseRequest


def bodies_of(call: Call) -> QuerySet[EngineeringBody]:
    """The directory of the organiser of a call."""
    return EngineeringBody.objects.filter(owner=call.owner, active=True)


def competent(call: Call, theme: str, commune: Commune | None) -> list[EngineeringBody]:
    """The bodies that answer for a theme in a commune, the most local ones first."""
    codes = places_of(commune)
    found = [
        body
        for body in bodies_of(call)
        if theme.casefold() in {one.casefold() for one in body.themes} and (not body.places or codes & set(body.places))
    ]
    return sorted(found, key=lambda body: (not body.places, body.name))


def places_of(commune: Commune | None) -> set[str]:
    """The codes under which a commune may be named in the directory."""
    if commune is None:
        return set()
    return {commune.insee, commune.department_id, *filter(None, [commune.intercommunality_id])}


def themes_of(call: Call) -> list[str]:
    """What one may ask about: the themes of the call's support, and those of the directory, by name."""
    said = [theme["label"] for theme in (call.extras.get("support") or {}).get("themes") or ()]
    known = [theme for body in bodies_of(call) for theme in body.themes]
    return sorted({*said, *known}, key=str.casefold)


def mine(user: User) -> QuerySet[EngineeringBody]:
    """The entries of the directories that are the person's organisations."""
    orgs = Membership.objects.filter(user=user, state=Membership.State.CONFIRMED).values("organisation_id")
    return EngineeringBody.objects.filter(organisation__in=orgs)


def given_to(user: User) -> QuerySet[ExpertiseRequest]:
    """The requests that the person's organisations have received and not handed back."""
    kept = (states.ASSIGNED, states.ACCEPTED, states.ANSWERED, states.CLOSED)
    return ExpertiseRequest.objects.filter(body__in=mine(user).values("pk"), state__in=kept)


def requests_visible_to(user: User, at: datetime) -> QuerySet[ExpertiseRequest]:
    """Those of the plans that the person reads, and those given to their organisations."""
    plans = plans_visible_to(user, at).order_by().values("pk")
    shown = Q(plan__in=plans) | Q(pk__in=given_to(user).values("pk"))
    return with_plan(ExpertiseRequest.objects.filter(shown))


def with_plan(requests: QuerySet[ExpertiseRequest]) -> QuerySet[ExpertiseRequest]:
    return requests.select_related(
        "plan__application__call__owner__profile", "plan__application__lead__commune", "plan__adviser", "body", "file",
        "action", "asked_by",
    )  # fmt: skip


def request_of_secret(secret: str) -> ExpertiseRequest | None:
    """The request of a link sent to a body; none once another body has it."""
    return with_plan(ExpertiseRequest.objects.filter(link_sha256=hashed(secret))).first()


def projects_around(user: User) -> QuerySet[SupportPlan]:
    """The supports under way in the territory of the person's engineering bodies, the latest first."""
    near = Q(pk__in=[])
    for body in mine(user).filter(active=True):
        near |= Q(application__call__owner=body.owner_id) & within(body.places)
    plans = SupportPlan.objects.filter(near).exclude(state="ended").select_related("application__lead__commune")
    return plans.order_by("-opened_at", "-pk")


def within(places: Iterable[str]) -> Q:
    """The plans whose commune is in these places; all of them when there is none."""
    places, path = list(places), "application__lead__commune__"
    if not places:
        return Q()
    return (
        Q(**{f"{path}insee__in": places})
        | Q(**{f"{path}department__in": places})
        | Q(**{f"{path}intercommunality__in": places})
    )
