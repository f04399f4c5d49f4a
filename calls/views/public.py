"""Public pages: list, page of a call, questions, documents, calendar."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core import ui
from portal.core.clock import portal_now
from portal.core.downloads import document_response, text_response
from portal.core.middleware import public
from portal.core.models import FrozenDocument
from portal.core.typography import typeset
from portal.territories.queries import search_communes

from .. import presentation
from ..documents import questions_number, rules_number
from ..exports import icalendar
from ..filters import CallFilter
from ..models import Call
from ..queries import downloads_of, published_calls, readable_calls
from ..rules import window_accepts


def call_for(request: HttpRequest, slug: str) -> Call:
    """The call of the address, if this person may read it; its owner's look dresses the page."""
    call = get_object_or_404(readable_calls(request.user, portal_now()), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    return call


def breadcrumb_of(call: Call, *below: str) -> list[ui.Link]:
    """Les appels / the call / the page under it."""
    page = ui.Link(label=typeset(str(call)), url=reverse("call_page", args=[call.slug]))
    return [ui.Link(label="Les appels", url=reverse("call_list")), page, *(ui.Link(label=label) for label in below)]


@public
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """All published calls, open first."""
    now = portal_now()
    calls = published_calls().annotate(opening=Min("windows__opens_at")).order_by("-opening", "pk")
    filters = CallFilter(request.GET, queryset=calls)
    page = Paginator(filters.qs, 10).get_page(request.GET.get("page"))
    context = {"filter": filters, "page": page, "rows": presentation.rows_of(page, now), "now": now}
    return render(request, "calls/list.html", context)


@public
@require_safe
def call_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The public page; `?commune=` answers « ma commune est-elle éligible ? »."""
    call, now = call_for(request, slug), portal_now()
    (row,) = presentation.rows_of([call], now)
    context = {
        **eligibility_of(request, call),
        "call": call,
        "row": row,
        "breadcrumb": breadcrumb_of(call),
        "chain": presentation.public_chain(call, now),
        "milestones": presentation.calendar_of(call, now),
        "contact": presentation.contact_of(call),
        "documents": presentation.documents_of(call),
        "downloads": downloads_of(call),
        "criteria": presentation.criteria_of(call),
        "grid_sentence": presentation.grid_sentence(getattr(call, "grid", None)),
        "accepts": window_accepts(call, row.window, now),
        "now": now,
    }
    return render(request, "calls/page.html", context)


def eligibility_of(request: HttpRequest, call: Call) -> dict[str, Any]:
    """The answer for the commune asked: by its name, by its code once a homonym is chosen."""
    wanted, chosen = request.GET.get("commune", "").strip(), request.GET.get("insee", "").strip()
    found = search_communes(chosen or wanted, limit=6) if chosen or wanted else []
    return {
        "wanted": wanted or (found[0].name if found else chosen),
        "answer": presentation.eligibility_answer(call, found[0]) if len(found) == 1 else None,
        "homonyms": found if len(found) > 1 else [],
    }


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
    body = icalendar(call, presentation.calendar_of(call, portal_now()), url)
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
