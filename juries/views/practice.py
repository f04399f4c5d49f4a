"""A practice file: the grid of the call beside its questions. Nothing is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from applications.rankings import has_grid, has_points
from calls.models import Call
from portal.core.clock import portal_now
from portal.core.rules import require

from ..forms import NotesForm
from ..levels import NO_OPINION
from ..queries import Given, all_criteria, call_rules, holders_of
from ..rules import has_a_grid
from ..scoring import score
from .common import format_total, posted, wear
from .grid import criteria_of, legend_of, levels_of


@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Try the grid: what one posts comes back with its points, and goes nowhere."""
    holder = get_object_or_404(holders_of(request.user, portal_now()), seat__call__slug=slug)
    call = holder.seat.call
    wear(request, call)
    require(has_a_grid(has_grid(call)))
    form = NotesForm(posted(request), call=call, criteria=all_criteria(call))
    given = given_in_form(form) if form.is_bound and form.is_valid() else Given()
    sections = sections_of(call)
    context = {"call": call, "form": form, "sections": sections, "tried": form.is_bound}
    return render(request, "juries/practice.html", {**context, **grid_tried(call, given, sections)})


def given_in_form(form: NotesForm) -> Given:
    notes = {code: None if note == NO_OPINION else note for code, note in form.notes.items()}
    if has_points(form.call):
        return Given(notes=notes, comments=form.comments)
    return Given(levels={code: str(note) for code, note in form.notes.items()}, comments=form.comments)


def grid_tried(call: Call, given: Given, sections: list[Any]) -> dict[str, Any]:
    """The grid with the points of what was tried."""
    if not has_points(call):
        return {"numeric": False, "criteria": levels_of(call, all_criteria(call), given, sections), "legend": ""}
    rules = call_rules(call)
    result = score(rules, [given.notes])
    return {
        "numeric": True,
        "criteria": criteria_of(call, rules, given, result, sections),
        "legend": legend_of(call),
        "total": format_total(result.total),
        "scale": rules.total,
    }


def sections_of(call: Call) -> list[Any]:
    """The sections that the jury reads, numbered as in a file, with their questions."""
    found = []
    for number, section in enumerate(call.sections.prefetch_related("questions"), start=1):
        section.number = number
        section.shown = [question for question in section.questions.all() if question.visible_to_jury]
        if section.shown:
            found.append(section)
    return found
