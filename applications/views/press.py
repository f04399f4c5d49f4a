"""What the press asks of a decision once it is public: figures computed, list, map, contact."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import DecisionLine
from applications.queries.laureates import communes_of, history_of, laureates
from applications.states import DEPOSITED
from applications.views.laureates import laureates_map
from applications.views.staff_letters import applicant_of
from calls.models import Call
from calls.queries import published_calls
from portal.core import ui
from portal.core.middleware import public
from portal.core.typography import choose, format_number
from portal.territories.models import Commune, PopulationFigure

LISTED = 200
MUNICIPAL = PopulationFigure.Kind.MUNICIPAL


@public
@require_safe
def call_press(request: HttpRequest, slug: str) -> HttpResponse:
    """The press kit of a call; before its publication, only that it is not public."""
    call = get_object_or_404(published_calls(), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    lines = list(laureates(call, public=True)[:LISTED])
    communes = communes_of(call)
    context = {
        "call": call,
        "rows": [{"name": applicant_of(line), "line": line} for line in lines],
        "figures": figures_of(call, lines, communes) if lines else [],
        "groups": by_group(communes),
        "decision": lines[0].decision if lines else None,
        "map": laureates_map(call) if lines else None,
        "changes": [{"name": applicant_of(line), "line": line} for line in history_of(call, public=True)[:LISTED]],
    }
    return render(request, "applications/press.html", context)


def figures_of(call: Call, lines: list[DecisionLine], communes: QuerySet[Commune]) -> list[ui.Figure]:
    """How many files out of how many, communes, inhabitants, money: from the register, never typed."""
    deposited = call.applications.filter(state__in=DEPOSITED).count()
    count, people = len(lines), inhabitants(communes)
    amount = sum((line.amount for line in lines if line.amount is not None), start=0)
    figures = [
        ui.Figure(
            value=str(count), line=f"{choose(count, 'candidature retenue', 'candidatures retenues')} sur {deposited}"
        ),
        ui.Figure(
            value=str(communes.count()), line=choose(communes.count(), "commune concernée", "communes concernées")
        ),
    ]
    figures += [ui.Figure(value=format_number(people), line="habitants (population municipale)")] if people else []
    figures += [ui.Figure(value=format_number(amount, decimals=0), line="euros accordés")] if amount else []
    return figures


def inhabitants(communes: QuerySet[Commune]) -> int:
    """The latest municipal population of the communes, summed by the database."""
    latest = PopulationFigure.objects.filter(commune=OuterRef("pk"), kind=MUNICIPAL).order_by("-year")
    return communes.annotate(people=Subquery(latest.values("value")[:1])).aggregate(total=Sum("people"))["total"] or 0


def by_group(communes: QuerySet[Commune]) -> list[dict[str, Any]]:
    """How many communes in each intercommunality."""
    rows = communes.order_by().values("intercommunality__name").annotate(n=Count("pk")).order_by("-n")
    return list(rows.exclude(intercommunality=None)[:LISTED])
