"""The public library: what communes and organisers tell the others."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core import feeds
from portal.core.middleware import public
from portal.core.spaces import absolute
from portal.core.ui import Link
from portal.territories.filters import territory_choices

from .. import presentation
from ..filters import PublicationFilter
from ..models import Publication
from ..queries import public_library

PAGE = 12
LAST = 50  # entries of the feed


@public
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The published texts as the address filters them."""
    filters = PublicationFilter(request.GET, queryset=public_library())
    page = Paginator(filters.qs, PAGE).get_page(request.GET.get("page"))
    context = {"filter": filters, "page": page, "choices": territory_choices(filters, request.GET)}
    return render(request, "support/library.html", context)


@public
@require_safe
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """One published text, as it was published."""
    row = get_object_or_404(public_library().select_related("owner__profile", "plan__application__call"), slug=slug)
    request.institution = getattr(row.owner, "profile", None)
    context = {
        "publication": row,
        "content": presentation.shown(row.current.content),
        "contact_titles": presentation.CONTACT_TITLES,
        "call": row.plan.application.call if row.plan else None,
        "breadcrumb": [
            Link(label="Publications", url=reverse("publications")),
            Link(label=row.current.content["title"]),
        ],
    }
    return render(request, "support/publication.html", context)


@public
@require_safe
def publications_feed(request: HttpRequest) -> HttpResponse:
    """The last published texts, as Atom."""
    feed_url, url = absolute(reverse("publications_feed")), absolute(reverse("publications"))
    body = feeds.written(
        "Publications",
        author=settings.PORTAL_NAME,
        key=feed_url,
        url=url,
        feed_url=feed_url,
        entries=[entry_of(row) for row in public_library()[:LAST]],
    )
    return HttpResponse(body, content_type=feeds.ATOM, headers=feeds.FOR_ALL)


def entry_of(row: Publication) -> feeds.Entry:
    content = row.current.content
    url = absolute(reverse("publication", args=[row.slug]))
    return feeds.Entry(row.uuid.urn, content["title"], content["lead"], url, row.published_at, row.current.made_at)
