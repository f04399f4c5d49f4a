"""What the deposited operations of a call cost and ask, file by file; where its projects lie."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, QuerySet, Subquery, Sum

from calls.models import Call, Question
from portal.accounts.models import User
from portal.territories.models import Commune

from ..models import Application, Deposit, Operation, PlanExpense, PlanResource, SiteCommune
from .files import staffed_applications

MOST_FILES = 50


@dataclass(frozen=True)
class Costs:
    """Of one file, in euros: its operations together, their investment without tax, the aid asked, who else pays."""

    cost: Decimal
    asked: Decimal
    investment: Decimal
    funders: str


def asks_operations(call: Call) -> bool:
    return Question.objects.filter(call=call, kind=Question.Kind.OPERATIONS).exists()


def costs_in(call: Call) -> dict[int, Costs]:
    """{file: its costs}, of the version that counts; three queries for the whole call."""
    counted = _counted(call)
    sums = counted.values_list("deposit__application").annotate(Sum("cost"), Sum("asked")).order_by()
    expenses = PlanExpense.objects.filter(operation__in=counted, nature="investment")
    investment = dict(expenses.values_list("operation__deposit__application").annotate(Sum("excl_vat")).order_by())
    resources = PlanResource.objects.filter(operation__in=counted).exclude(kind__in=["call", "own"])
    named = StringAgg("funder", delimiter=" ; ", distinct=True, order_by="funder")
    funders = dict(resources.values_list("operation__deposit__application").annotate(named=named).order_by())
    return {
        file: Costs(cost, asked, investment.get(file, Decimal(0)), funders.get(file, "")) for file, cost, asked in sums
    }


def _counted(call: Call) -> QuerySet[Operation]:
    """The operations of the latest deposit of each file."""
    return Operation.objects.filter(deposit__application__call=call, deposit=latest_deposits())


def latest_deposits() -> Subquery:
    """The deposit that counts, of the file of a row that hangs on a deposit."""
    mine = Deposit.objects.filter(application=OuterRef("deposit__application"))
    return Subquery(mine.order_by("-n").values("pk")[:1])


def files_sited_in(user: User, call: Call, commune: Commune) -> QuerySet[Application]:
    """The deposited files that a person may read whose project lies in a commune, whoever applies; fifty at most."""
    here = SiteCommune.objects.filter(commune=commune, deposit__application__call=call, deposit=latest_deposits())
    files = staffed_applications(user).filter(call=call, pk__in=here.values("deposit__application"))
    return files.order_by("number")[:MOST_FILES]
