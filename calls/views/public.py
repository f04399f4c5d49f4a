"""Public pages: list, page of a call, questions, documents, calendar."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.clock import portal_now
from portal.core.downloads import document_response, text_response
from portal.core.middleware import public
from portal.core.models import FrozenDocument
from portal.territories.filters import territory_choices

from .. import presentation
from ..documents import questions_number, rules_number
from ..exports import icalendar
from ..filters import CallFilter
from ..queries import published_calls
from ..queries_public import with_phase
from .eligibility import check_of
from .shared import breadcrumb_of, call_for


@public
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """All published calls as the address filters them: open ones by nearest limit, to come, then the others."""
    now = portal_now()
    filters = CallFilter(request.GET, queryset=with_phase(published_calls(), now))
    page = Paginator(filters.rows(), 10).get_page(request.GET.get("page"))
    context = {
        "filter": filters,
        "page": page,
        "rows": presentation.rows_of(page, now),
        "choices": territory_choices(filters, request.GET),
        "now": now,
    }
    return render(request, "calls/list.html", context)


@public
@require_safe
def call_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The public page; `?commune=` answers « ma commune est-elle éligible ? »."""
    call = call_for(request, slug)
    page = presentation.page_of(call, portal_now())
    context = {**check_of(request, call, page["row"]), **page, "breadcrumb": breadcrumb_of(call)}
    return render(request, "calls/page.html", context)


@public
@require_safe
def call_questions(request: HttpRequest, slug: str) -> HttpResponse:
    """All questions and pieces, readable before any account."""
    call = call_for(request, slug)
    context = {
        "call": call,
        "sections": call.sections.prefetch_related("questions"),
        "breadcrumb": breadcrumb_of(call, "Toutes les questions"),
        "now": portal_now(),
    }
    return render(request, "calls/questions.html", context)


@public
@require_safe
def call_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The calendar as an iCalendar file."""
    call = call_for(request, slug)
    url = settings.PORTAL_URL + reverse("call_page", args=[slug])
    body = icalendar(call, url)
    return text_response(body, name=f"{call.slug}.ics", content_type="text/calendar")


@public
@require_safe
def call_rules(request: HttpRequest, slug: str) -> HttpResponse:
    return pdf_of(rules_number(call_for(request, slug)))


@public
@require_safe
def call_questions_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    return pdf_of(questions_number(call_for(request, slug)))


def pdf_of(number: str) -> HttpResponse:
    """The last ready version of a public document."""
    document = (
        FrozenDocument.objects.filter(number=number, state="ready").select_related("file").order_by("-version").first()
    )
    return document_response(document)
