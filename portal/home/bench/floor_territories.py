"""The floor of the perimeter page: see `docs/decisions/031-phrases-a-la-demande.md`. Frozen as `floor.py` is."""

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from calls.models import Call
from portal.core.middleware import public
from portal.territories.models import Commune, PopulationFigure

from .floor import ROWS, show


@public
@require_safe
def perimeter(request: HttpRequest, slug: str) -> HttpResponse:
    """The communes of the call by name, sixty a page: who is small enough to apply, and how many in all."""
    call = get_object_or_404(Call, slug=slug)
    invited = Commune.objects.filter(department_id__in=call.perimeter_codes, inhabited=True)
    figures = PopulationFigure.objects.filter(commune=OuterRef("insee"), kind="municipale", year=2023).values("value")
    rows = invited.annotate(people=Subquery(figures[:1])).order_by("search_name", "insee")
    counts = rows.aggregate(total=Count("pk"), eligible=Count("pk", filter=Q(people__lt=5000)))
    page = Paginator(rows.values("insee", "name", "people"), ROWS).get_page(request.GET.get("page"))
    return show(request, "perimeter", {"call": call, "page": page, "counts": counts})
