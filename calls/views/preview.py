"""A call as the applicant and the juror will see it: for its team, before it is published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..definition.dump import dump
from ..editor import preview
from .staff import staffed_call


@require_safe
def call_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """One section of the form, its controls shut; the pieces and undertakings after the last."""
    call = staffed_call(request, slug)
    document = dump(call)
    section = preview.section_at(document, request.GET.get("section", ""))
    context = {
        "call": call,
        "section": section,
        "questions": preview.shown_in(section, document),
        "links": preview.section_links(document, slug, section.code),
        "last": section is document.sections[-1],
        "pieces": preview.piece_rows(document),
        "undertakings": document.undertakings,
    }
    return render(request, "calls/editor/preview.html", context)


@require_safe
def call_preview_jury(request: HttpRequest, slug: str) -> HttpResponse:
    """What the juror reads of a section, the grid beside it."""
    call = staffed_call(request, slug)
    document = dump(call)
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
