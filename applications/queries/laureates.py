"""The selected files of a call, computed from its decisions: the latest line about each file is the one in force."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from calls.models import Call
from portal.core.clock import PortalNow
from portal.territories.models import Commune

from .. import states
from ..models import ApplicationMember, DecisionLine
from .files import LIVE_ROLES


def laureates(call: Call, *, notified: bool = False, public: bool = False) -> QuerySet[DecisionLine]:
    """The selected files of a call, computed from the lines in force, by rank; with `notified`, only those told so;
    with `public`, only those that may be public now."""
    selected = selected_lines([call.pk], notified=notified, public=public)
    return selected.select_related("application__lead__commune", "decision").order_by(
        F("rank").asc(nulls_last=True), "application__number"
    )


def selected_lines(calls: Any, *, notified: bool = False, public: bool = False) -> QuerySet[DecisionLine]:
    """The lines in force that select a file, of some calls (keys, or a query of them); not of one taken up again."""
    decided = DecisionLine.objects.filter(decision__call__in=calls)
    if public:
        decided = decided.filter(published())
    elif notified:
        decided = decided.filter(decision__notified_at__isnull=False)
    in_force = decided.order_by("application_id", "-decision__recorded_at", "-pk").distinct("application_id")
    return DecisionLine.objects.filter(
        pk__in=in_force.values("pk"), outcome=DecisionLine.Outcome.SELECTED, application__state=states.DECIDED
    )


def lines_in_force(call: Call) -> QuerySet[DecisionLine]:
    """What the last decision told says of each file."""
    told = DecisionLine.objects.filter(decision__call=call, decision__notified_at__isnull=False)
    last = told.order_by("application_id", "-decision__recorded_at", "-pk").distinct("application_id")
    rows = DecisionLine.objects.filter(pk__in=last.values("pk"))
    return rows.select_related("decision__call", "application__lead__commune", "notice__document").order_by(
        "rank", "application__number"
    )


def reserve_of(call: Call, ranking: str) -> list[DecisionLine]:
    """The reserve list of a ranking, in the order of ranks: who would be called first comes first."""
    return list(lines_in_force(call).filter(outcome=DecisionLine.Outcome.RESERVE, ranking=ranking))


def members_of_laureates(call: Call) -> QuerySet[ApplicationMember]:
    """The co-applicants of the files selected or waiting: those who could leave their group."""
    kept = lines_in_force(call).filter(outcome__in=[DecisionLine.Outcome.SELECTED, DecisionLine.Outcome.RESERVE])
    members = ApplicationMember.objects.filter(
        application__in=kept.values("application_id"), role=ApplicationMember.Role.MEMBER, left_at=None,
        confirmed_at__isnull=False,
    )  # fmt: skip
    return members.select_related("organisation", "application__lead").order_by("application_id", "pk")


def history_of(call: Call, *, public: bool = False) -> QuerySet[DecisionLine]:
    """Every change of the list since the first decision, latest first: departures and promotions."""
    lines = DecisionLine.objects.filter(decision__call=call)
    if public:
        lines = lines.filter(published())
    earlier = DecisionLine.objects.filter(
        application=OuterRef("application"), decision__recorded_at__lt=OuterRef("decision__recorded_at")
    )
    rows = lines.filter(Exists(earlier)).select_related(
        "decision__call", "application__lead__commune", "notice__document"
    )
    return rows.order_by("-decision__act_on", "-pk")


def published() -> Q:
    """Decisions told to all, whose embargo is over: before, the public page still says what it said."""
    over = Q(decision__embargo_until=None) | Q(decision__embargo_until__lte=PortalNow())
    return over & Q(decision__notified_at__isnull=False)


def in_rankings(lines: QuerySet[DecisionLine], codes: Sequence[str]) -> QuerySet[DecisionLine]:
    """The lines ranking by ranking, in the order of `codes`, then by rank."""
    place = Case(
        *(When(ranking=code, then=Value(n)) for n, code in enumerate(codes)),
        default=Value(len(codes)),
        output_field=IntegerField(),
    )
    return lines.annotate(place=place).order_by("place", F("rank").asc(nulls_last=True), "application__number")


def selected_communes(call: Call) -> list[str]:
    """The INSEE codes of the leads selected, once public: one row, however many."""
    lines = selected_lines([call.pk], public=True).filter(application__lead__commune__isnull=False)
    return lines.aggregate(codes=ArrayAgg("application__lead__commune_id", distinct=True, default=Value([])))["codes"]


def communes_of(call: Call) -> QuerySet[Commune]:
    """The communes of the files selected and made public: leads and co-applicants."""
    files = selected_lines([call.pk], public=True).values("application_id")
    members = ApplicationMember.objects.filter(
        application__in=files, role__in=LIVE_ROLES, confirmed_at__isnull=False, left_at=None
    )
    return Commune.objects.filter(pk__in=members.values("organisation__commune_id"))


def selected_by_department(call: Call) -> dict[str, int]:
    """How many files were selected in each département: one row for each."""
    rows = selected_lines([call.pk], public=True).filter(application__lead__commune__isnull=False).order_by()
    return dict(rows.values_list("application__lead__commune__department_id").annotate(n=Count("pk")))
