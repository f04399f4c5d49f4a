"""The financing plans of the actions: their lines as the rules read them, the schemes that hold on a day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from applications.funding.frames import SOURCE
from applications.funding.limits import Scheme
from applications.funding.own_share import Owner
from applications.funding.plans import Expense, FundingPlan, Resource
from applications.funding.verdicts import Costed
from calls.definition.money import Grant
from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.calendar import day_of
from portal.core.tokens import hashed
from support.plan.models import PlanAction
from support.plan.queries import of_communes, plans_visible_to

from .models import FinancePlan, FunderLink, FundingScheme
from .queries_envelope import money_of
from .references import NATIONAL

FILE = "action__plan__application"
MOST_SCHEMES = 200


def with_lines(plans: QuerySet[FinancePlan]) -> QuerySet[FinancePlan]:
    return plans.select_related(f"{FILE}__call__owner__profile", f"{FILE}__lead__commune").prefetch_related(
        "expenses", Prefetch("resources")
    )


def finance_plans_visible_to(user: User, at: datetime) -> QuerySet[FinancePlan]:
    """Those of the actions of the plans that a person reads."""
    return with_lines(FinancePlan.objects.filter(action__plan__in=plans_visible_to(user, at).order_by().values("pk")))


def latest_plan(action: PlanAction) -> FinancePlan | None:
    """The version being written, else the last one closed."""
    return with_lines(action.finance_plans.order_by("-n")).first()


def plan_for_funder(action: PlanAction) -> FinancePlan | None:
    """What a funder reads: the last version closed, else the one being written."""
    versions = with_lines(action.finance_plans.order_by("-n"))
    return versions.filter(closed_at__isnull=False).first() or versions.first()


def link_of_secret(secret: str, today: date) -> FunderLink | None:
    """The link that a funder received, while it holds."""
    rows = FunderLink.objects.filter(secret_sha256=hashed(secret), stopped_at=None, until__gte=today)
    return rows.select_related(f"{FILE}__call__owner__profile", f"{FILE}__lead").first()


def costed_of(plan: FinancePlan) -> Costed:
    """The lines of a version as the rules read them."""
    expenses = tuple(
        Expense(row.label, row.nature, row.excl_vat, row.vat_rate, row.eligible, row.item, frozenset(row.excluded))
        for row in plan.expenses.all()
    )
    resources = tuple(Resource(row.funder, row.kind, row.amount, row.scheme, row.state) for row in plan.resources.all())
    commune = plan.action.plan.application.lead.commune
    owner = Owner(plan.local_owner, commune.department_id if commune else "", plan.waiver)  # type: ignore[arg-type]
    return Costed(FundingPlan(expenses, resources, plan.tax), owner)  # type: ignore[arg-type]


# --- the schemes ---------------------------------------------------------------------------------------------------


def own_schemes(owner: Organisation, on: date) -> QuerySet[FundingScheme]:
    """The schemes that an institution has written and that hold on a day, by code; the latest rules of each."""
    held = owner.funding_schemes.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    return held.order_by("code", "-valid_from").distinct("code")


def national_schemes(owner: Organisation, on: date) -> list[FundingScheme]:
    """The national references (rows without a key) that hold on a day and that the institution does not replace."""
    known = [row for row in map(national, NATIONAL) if holds_on(row, on)]
    replaced = own_schemes(owner, on).filter(code__in=[row.code for row in known]).values_list("code", flat=True)
    gone = set(replaced)
    return [row for row in known if row.code not in gone]


def schemes_of(owner: Organisation, on: date) -> list[FundingScheme]:
    """All the schemes that may pay an action on a day, for a list of choices."""
    return [*own_schemes(owner, on)[:MOST_SCHEMES], *national_schemes(owner, on)]


def national(known: Mapping[str, Any]) -> FundingScheme:
    """A reference as a row that is not kept."""
    return FundingScheme(**known)


def holds_on(row: FundingScheme, on: date) -> bool:
    return row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)


def rule_of(row: FundingScheme) -> Scheme:
    """A scheme of the table as the rules read it."""
    terms = Grant.model_construct(
        code=row.code, label=row.name, kind="works", rate=row.rate, base=row.base, ceiling=row.ceiling,
        ceiling_on=row.ceiling_on, floor=row.floor, text=None, condition=None,
    )  # fmt: skip
    return Scheme(terms, row.source, row.public_ceiling)


def rules_for(call: Call, on: date) -> dict[str, Scheme]:
    """{code: rules} of what may pay an action: the grants of its call, then the schemes that hold on that day."""
    money = money_of(call)
    own = {grant.code: Scheme(grant, SOURCE, money.public_ceiling) for grant in money.grants}
    return {row.code: rule_of(row) for row in schemes_of(call.owner, on)} | own


def rules_used(plan: FinancePlan, at: datetime) -> list[Scheme]:
    """The rules of the schemes that the plan names, as they held when it was closed, else as they hold now."""
    known = rules_for(plan.action.plan.application.call, day_of(plan.closed_at or at))
    named = [row.scheme for row in plan.resources.all() if row.scheme]
    return [known[code] for code in dict.fromkeys(named) if code in known]


# --- what is awaited -----------------------------------------------------------------------------------------------


def unbalanced_after_a_refusal(user: User) -> list[FinancePlan]:
    """The versions being written, of a person's communes or of those that they accompany, where a funder has fallen."""
    rows = FinancePlan.objects.filter(closed_at=None, resources__state="refused")
    mine = Q(action__plan__adviser=user) | Q(action__plan__in=of_communes(user).order_by().values("pk"))
    return [plan for plan in with_lines(rows.filter(mine).distinct().order_by("pk"))[:40] if costed_of(plan).plan.gap]


def names_of(rules: Iterable[Scheme]) -> list[tuple[str, str]]:
    """(code, label) of the schemes, for a list of choices."""
    return [(rule.code, rule.terms.label) for rule in rules]
