"""The public facts of the calls as JSON and Atom, for whoever re-uses them."""

from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from portal.core.clock import portal_now
from portal.core.feeds import ATOM, FOR_ALL
from portal.core.middleware import public

from .. import presentation
from ..filters import CallFilter
from ..models import Call
from ..presentation import feeds, open_data
from ..queries import published_calls
from ..queries_public import with_changes, with_phase

PAGE = 20


def json_of(data: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, headers=FOR_ALL, json_dumps_params={"ensure_ascii": False})


def public_call(slug: str) -> Call:
    """A call that everyone may read, whoever asks."""
    return get_object_or_404(published_calls(), slug=slug)


@public
@require_safe
def calls_json(request: HttpRequest) -> JsonResponse:
    """The list with the filters of the page; a value that means nothing is told, not ignored."""
    now = portal_now()
    filters = CallFilter(request.GET, queryset=with_phase(published_calls(), now))
    if problem := presentation.filter_problem(filters):
        return json_of({"error": problem}, status=400)
    paginator = Paginator(filters.rows(), PAGE)
    try:
        page = paginator.page(request.GET.get("page", 1))
    except InvalidPage:
        return json_of({"error": f"« page » va de 1 à {paginator.num_pages}."}, status=400)
    return json_of(
        {
            "count": paginator.count,
            "pages": paginator.num_pages,
            "next": open_data.page_address(request.GET, page.number + 1) if page.has_next() else None,
            "previous": open_data.page_address(request.GET, page.number - 1) if page.has_previous() else None,
            "results": [open_data.call_summary(row) for row in presentation.rows_of(page, now)],
        }
    )


@public
@require_safe
def call_json(request: HttpRequest, slug: str) -> JsonResponse:
    """The public facts of one call."""
    (row,) = presentation.rows_of([public_call(slug)], portal_now())
    return json_of(open_data.call_facts(row))


@public
@require_safe
def calls_feed(request: HttpRequest) -> HttpResponse:
    """The last published calls, as Atom."""
    calls, now = with_changes(published_calls())[: feeds.MOST], portal_now()
    body = feeds.calls_feed([presentation.row_of(call, now) for call in calls])
    return HttpResponse(body, content_type=ATOM, headers=FOR_ALL)


@public
@require_safe
def call_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed in a call, as Atom."""
    return HttpResponse(feeds.call_feed(public_call(slug)), content_type=ATOM, headers=FOR_ALL)
