"""The public list of the laureates of a call, once all were told, and their map."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import DecisionLine
from applications.queries.laureates import in_rankings, laureates, selected_by_department, selected_communes
from applications.rankings import places_of
from applications.views.staff_letters import applicant_of
from calls.models import Call
from calls.queries import communes_of_perimeter, milestone_day, published_calls
from calls.queries_perimeter import commune_map, department_map, shows_communes
from portal.core import ui
from portal.core.middleware import public
from portal.core.typography import format_date, format_quantity
from portal.territories.maps.painting import DEPARTMENT, painted

PAGE = 60


@public
@require_safe
def call_laureates(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was selected, once all were told."""
    call = get_object_or_404(published_calls(), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    places = places_of(call)
    page = Paginator(in_rankings(laureates(call, public=True), list(places)), PAGE).get_page(request.GET.get("page"))
    decision_on = milestone_day(call, "decision")
    context = {
        "call": call,
        "text": f"La décision est attendue le {format_date(decision_on)}." if decision_on else "",
        "page": page,
        "groups": by_ranking(page, {code: place.label for code, place in places.items()}),
        "map": laureates_map(call) if page.paginator.count else None,
    }
    return render(request, "applications/laureates.html", context)


def by_ranking(lines: Iterable[DecisionLine], labels: dict[str, str]) -> list[dict[str, Any]]:
    """The laureates of one page under the name of their ranking; a sole ranking has none."""
    return [
        {"label": labels.get(code, ""), "rows": [{"line": line, "name": applicant_of(line)} for line in rows]}
        for code, rows in groupby(lines, key=lambda line: line.ranking)
    ]


def laureates_map(call: Call) -> ui.MapDrawing | None:
    """The communes selected among those invited; by département when they are too many to be seen."""
    spread = dict(communes_of_perimeter(call).order_by().values_list("department_id").annotate(n=Count("pk")))
    total = sum(spread.values())
    if shows_communes(total):
        chosen = selected_communes(call)
        summary = f"{format_quantity(len(chosen), 'commune retenue', 'communes retenues')} sur {total}."
        return painted(commune_map(call), dict.fromkeys(chosen, "laureate"), summary=summary, names=False)
    counts = selected_by_department(call)
    words = {code: format_quantity(n, "commune retenue", "communes retenues") for code, n in counts.items()}
    summary = f"{format_quantity(sum(counts.values()), 'commune retenue', 'communes retenues')} sur {total}."
    figures = {code: str(n) for code, n in counts.items()}
    return painted(
        department_map(list(spread)),
        dict.fromkeys(counts, "counted"),
        summary=summary,
        words=words,
        figures=figures,
        unit=DEPARTMENT,
    )
