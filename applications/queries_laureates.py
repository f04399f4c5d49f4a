"""The selected files of a call, computed from its decisions: the latest line about each file is the one in force."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When

from calls.models import Call

from . import states
from .models import DecisionLine


def laureates(call: Call, *, notified: bool = False) -> QuerySet[DecisionLine]:
    """The selected files of a call, computed from the lines in force, by rank; with `notified`, only those told so."""
    selected = selected_lines([call.pk], notified=notified)
    return selected.select_related("application__lead__commune", "decision").order_by(
        F("rank").asc(nulls_last=True), "application__number"
    )


def selected_lines(calls: Any, *, notified: bool = False) -> QuerySet[DecisionLine]:
    """The lines in force that select a file, of some calls (keys, or a query of them); not of one taken up again."""
    decided = DecisionLine.objects.filter(decision__call__in=calls)
    if notified:
        decided = decided.filter(decision__notified_at__isnull=False)
    in_force = decided.order_by("application_id", "-decision__recorded_at", "-pk").distinct("application_id")
    return DecisionLine.objects.filter(
        pk__in=in_force.values("pk"), outcome=DecisionLine.Outcome.SELECTED, application__state=states.DECIDED
    )


def in_rankings(lines: QuerySet[DecisionLine], codes: Sequence[str]) -> QuerySet[DecisionLine]:
    """The lines ranking by ranking, in the order of `codes`, then by rank."""
    place = Case(
        *(When(ranking=code, then=Value(n)) for n, code in enumerate(codes)),
        default=Value(len(codes)),
        output_field=IntegerField(),
    )
    return lines.annotate(place=place).order_by("place", F("rank").asc(nulls_last=True), "application__number")


def selected_communes(call: Call) -> list[str]:
    """The INSEE codes of the leads selected, once told: one row, however many."""
    lines = selected_lines([call.pk], notified=True).filter(application__lead__commune__isnull=False)
    return lines.aggregate(codes=ArrayAgg("application__lead__commune_id", distinct=True, default=Value([])))["codes"]


def selected_by_department(call: Call) -> dict[str, int]:
    """How many files were selected in each département: one row for each."""
    rows = selected_lines([call.pk], notified=True).filter(application__lead__commune__isnull=False).order_by()
    return dict(rows.values_list("application__lead__commune__department_id").annotate(n=Count("pk")))
