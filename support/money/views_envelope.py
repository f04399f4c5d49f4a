"""The envelope of a call: what is reserved, committed and left, and the files that make each figure."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calls.definition.money import Cut, Money
from calls.models import Call
from portal.core.clock import portal_now

from . import presentation_envelope as presentation
from .envelopes import STAGES, drawn, stage_of
from .queries_envelope import draws_of, files_by_key, money_of
from .rules import calls_with_money


def money_call(request: HttpRequest, slug: str) -> Call:
    """A call whose envelope this person reads."""
    call = get_object_or_404(calls_with_money(request.user, portal_now()), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    return call


@require_safe
def envelope(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole envelope, then along each axis; the sums outside of it, apart."""
    call = money_call(request, slug)
    money, draws = money_of(call), draws_of(call)
    context = {
        "call": call,
        "stages": STAGES.values(),
        "figures": presentation.figures_of(money, draws),
        "tables": presentation.tables_of(call, money, draws),
        "notes": presentation.envelope_notes(money, draws),
        "outside": money.outside,
    }
    return render(request, "support/money/envelope.html", context)


@require_safe
def envelope_files(request: HttpRequest, slug: str) -> HttpResponse:
    """The files that make one figure."""
    call = money_call(request, slug)
    stage, code = request.GET.get("etat", ""), request.GET.get("part", "")
    cut = cut_named(money_of(call), request.GET.get("axe", ""))
    if stage and stage not in STAGES:
        raise Http404
    draws = draws_of(call)
    amounts = drawn(draws, stage, cut, code)
    page = Paginator(sorted(amounts), 25).get_page(request.GET.get("page"))
    files, stages = files_by_key(page.object_list), {draw.file: stage_of(draw) for draw in draws}
    context = {
        "call": call,
        "tabs": presentation.stage_tabs(call, stage, cut, code),
        "part": presentation.part_label(cut, code),
        "page": page,
        "rows": [(files[key], stages[key], amounts[key]) for key in page],
        "total": sum(amounts.values()),
    }
    return render(request, "support/money/envelope_files.html", context)


def cut_named(money: Money, axis: str) -> Cut | None:
    """The axis of the address; none asked is the whole, an unknown one is no page."""
    cut = next((cut for cut in money.cuts if cut.axis == axis), None)
    if axis and cut is None:
        raise Http404
    return cut
