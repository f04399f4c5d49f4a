"""A call as the applicant and the juror will see it: for its team, before it is published."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.clock import portal_now
from portal.core.downloads import document_response
from portal.core.models import FrozenDocument
from portal.core.rules import require

from .. import rules, rules_life
from ..definition.dump import dump
from ..definition.schema import CallDocument
from ..documents import last_blank_form, request_blank_form
from ..editor import preview
from ..models import Call
from ..queries import open_correction_of
from ..services.correction import caught_up
from .staff import staffed_call


def document_seen(request: HttpRequest, call: Call) -> CallDocument:
    """The call as it is; for those who correct it, the correction that is open, as it will be."""
    correction = open_correction_of(call)
    if correction and rules_life.can_correct(request.user, call, portal_now()):
        return caught_up(correction, dump(call))
    return dump(call)


@require_safe
def call_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """One section of the form, its controls shut; the pieces and undertakings after the last."""
    call = staffed_call(request, slug)
    document = document_seen(request, call)
    section = preview.section_at(document, request.GET.get("section", ""))
    context = {
        "call": call,
        "section": section,
        "questions": preview.shown_in(section, document),
        "links": preview.section_links(document, slug, section.code),
        "last": section is document.sections[-1],
        "pieces": preview.piece_rows(document),
        "undertakings": document.undertakings,
        "may_print": rules.can_ask_publication(request.user, call, portal_now()),
    }
    return render(request, "calls/editor/preview.html", context)


@require_safe
def call_preview_jury(request: HttpRequest, slug: str) -> HttpResponse:
    """What the juror reads of a section, the grid beside it."""
    call = staffed_call(request, slug)
    document = document_seen(request, call)
    section = preview.section_at(document, request.GET.get("section", ""))
    context = {
        "call": call,
        "grid": document.grid,
        "section": section,
        "sections": document.sections,
        "questions": preview.read_by_jury(section, document),
        "criteria": preview.grid_rows(document, slug),
    }
    return render(request, "calls/editor/preview_jury.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call_blank_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole form on paper, before the publication: where the PDF stands; POST asks for one."""
    call, now = staffed_call(request, slug), portal_now()
    require(rules.can_ask_publication(request.user, call, now))
    if request.method == "POST":
        made = request_blank_form(call, now)
        if made.state == FrozenDocument.State.READY:
            return redirect("call_blank_form_download", slug)
        messages.success(request, "Le PDF se prépare : quelques secondes suffisent.")
        return redirect("call_blank_form", slug)
    return render(request, "calls/editor/blank_form.html", {"call": call, "document": last_blank_form(call)})


@require_safe
def call_blank_form_download(request: HttpRequest, slug: str) -> HttpResponse:
    """The frozen bytes of the last one made."""
    call = staffed_call(request, slug)
    require(rules.can_ask_publication(request.user, call, portal_now()))
    return document_response(last_blank_form(call))
