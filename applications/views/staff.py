"""Staff: the communes of a call, begun or not, and the export of what is shown."""

from datetime import datetime

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.exports import table_response
from applications.filters import ORDER_WORDS, CommuneFilter
from applications.queries.assignment import officers_of
from applications.queries.funding import Costs, asks_operations, costs_in, files_sited_in
from applications.queries.life import live_files
from applications.queries.saved import views_of
from applications.queries.staff import commune_row, communes_table, counts_of, files_to_examine, other_files
from applications.queries.talk import contacts_of
from applications.queries.tally import tally_of
from applications.rankings import ranks_in_force
from applications.rules.elsewhere import can_enter
from applications.rules.life import can_reopen
from applications.rules.staff import READING, can_decide, can_examine, can_export
from applications.rules.talk import can_log_contact
from applications.views import staff_table as shown
from applications.views.staff_map import table_map
from calls.models import Call, CallRole
from calls.queries import (
    HeldRoles,
    call_window,
    calls_staffed_by,
    facts_of,
    held_in,
    is_open,
    verdicts_for,
    with_voters,
)
from calls.queries_applicants import placed
from portal.accounts.stepup import step_up_required
from portal.core.clock import portal_now
from portal.core.rules import require
from portal.territories.models import Commune

PAGE = 60
KEEPING_JURY = {CallRole.Role.MANAGER, CallRole.Role.SECRETARY}
EXPORT_HEAD = (
    "Commune", "Code INSEE", "Habitants", "État", "Candidature", "Volet et vague", "Dernière activité", "À savoir",
    "Classement", "Rang", "Instruction", "Avis", "Compléments",
)  # fmt: skip
COSTS_HEAD = ("Coût des opérations (€)", "Dont investissement hors taxes (€)", "Aide demandée (€)", "Autres financeurs")


def staffed_call(request: HttpRequest, slug: str, at: datetime) -> Call:
    """The call of the address, 404 for whoever holds no role in it; the page takes its institution's look."""
    calls = calls_staffed_by(request.user, at).prefetch_related("windows", "milestones", "strata", "tracks")
    call = get_object_or_404(with_voters(calls).select_related("jury_rules"), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    return call


Seen = tuple[frozenset[str] | None, bool]


def filtered_table(request: HttpRequest, call: Call, seen: Seen) -> CommuneFilter:
    """The table of the communes that this person may see (`seen_by`), as the address filters it."""
    strata = list(call.strata.all())
    scope, notified = seen
    windows, stage = list(call.windows.all()), request.GET.get("etape", "")
    known = {window.stage for window in windows}
    stage = stage if stage in known else ""
    table = communes_table(call, scope=scope, strata=strata, notified=notified, stage=stage)
    reads = not notified
    return CommuneFilter(
        request.GET,
        table,
        strata=strata,
        tracks=list(call.tracks.all()),
        windows=windows,
        officers=officers_of(call) if reads else [],
        user=request.user,
    )


def seen_by(held: HeldRoles) -> Seen:
    """The scope of these reading roles, else of the others, who know only the outcomes already told."""
    reads = bool(READING & held.names)
    return held.scope(*(READING if reads else ())), not reads


def is_closed(call: Call, at: datetime) -> bool:
    window = call_window(call, at)
    return bool(window and not is_open(window, at) and window.closes_at < at)


def others_of(request: HttpRequest, call: Call, scope: frozenset[str] | None) -> Page:
    """One page of the files of applicants that are no communes."""
    return Paginator(other_files(call, scope), PAGE).get_page(request.GET.get("autres"))


def page_of(found: CommuneFilter, total: int, number: str | None) -> Page:
    """One page of the rows, already counted."""
    paginator = Paginator(found.rows(), PAGE)
    paginator.count = total
    return paginator.get_page(number)


@require_safe
def communes(request: HttpRequest, slug: str) -> HttpResponse:
    """All communes of the perimeter: figures, strata, map, filtered table."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    held = held_in(request.user, call, at)
    roles, seen = held.names, seen_by(held)
    found = filtered_table(request, call, seen)
    tally = tally_of(found.queryset, call.strata.all())
    counts, summary = tally.counts, shown.summary(tally.counts)
    matched = counts_of(found.qs) if found.narrows else counts
    page, closed = page_of(found, matched["total"], request.GET.get("page")), is_closed(call, at)
    places = shown.places_of(found)
    context = {
        "call": call,
        "now": at,
        "chain": shown.chain_of(call, counts, at, keeps_jury=bool(KEEPING_JURY & held.over())),
        "heading": shown.heading(call, at),
        "total": counts["total"],
        "counts": shown.state_counts(counts),
        "strata": shown.strip(tally.strata),
        "strata_note": shown.strata_note(tally.strata),
        "map": table_map(call, found.queryset, tally, seen[0], summary),
        "summary": summary,
        "filter": found,
        "matched": matched,
        "order": ORDER_WORDS[found.order],
        "views": views_of(request.user, call),
        "page": page,
        "rows": [
            shown.row_of(commune, call, at, closed=closed, reads=bool(READING & roles), places=places)
            for commune in page
        ],
        "placed": bool(places),
        "others": others_of(request, call, seen[0]),
        "population_note": shown.population_note(call.strata.all()),
        "next_file": files_to_examine(held, call).first(),
        "decides": can_decide(roles),
        "examines": can_examine(held.over()),
        "exports": can_export(roles),
        "enters": can_enter(roles),
        "query": request.GET.urlencode(),
    }
    return render(request, "applications/staff/communes.html", context)


@require_safe
@step_up_required
def communes_export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The filtered rows in the order shown, as CSV (streamed), XLSX or ODS: `?format=`."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    held = held_in(request.user, call, at)
    require(can_export(held.names))
    closed = is_closed(call, at)
    found, ranks = filtered_table(request, call, seen_by(held)), ranks_in_force(call)
    places = shown.places_of(found)
    rows = (
        (
            shown.row_of(commune, call, at, closed=closed, places=places),
            ranks.get(commune.file, ("", None)),
            commune.file,
        )
        for commune in found.rows().iterator(chunk_size=500)
    )
    costs = costs_in(call) if asks_operations(call) else None
    head = EXPORT_HEAD if costs is None else (*EXPORT_HEAD, *COSTS_HEAD)
    cells = (
        (r.name, r.insee, r.population, r.state, r.number, r.place, r.activity, r.fact, *rank, r.officer, r.opinions,
         r.completion, *costs_of(costs, file))
        for r, rank, file in rows
    )  # fmt: skip
    return table_response(f"communes-{call.slug}", "Communes", head, cells, request.GET.get("format", ""))


def costs_of(costs: dict[int, Costs] | None, file: int | None) -> tuple[str, ...]:
    """The cells of the operations of a file: amounts in euros with a comma, as spreadsheets read them in French."""
    if costs is None:
        return ()
    here = costs.get(file or 0)
    amounts = (here.cost, here.investment, here.asked) if here else ()
    written = [f"{amount:.2f}".replace(".", ",") for amount in amounts]
    return (*written, here.funders) if here else ("", "", "", "")


def track_of(call: Call, commune: Commune) -> str | None:
    """The code of the track on which the commune writes its file, if it has one."""
    return next((track.code for track in call.tracks.all() if track.pk == commune.file_track), None)


@require_safe
def commune(request: HttpRequest, slug: str, insee: str) -> HttpResponse:
    """One commune of the call: its facts, its eligibility, whom to write to; of a draft, only what is begun."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    held = held_in(request.user, call, at)
    scope, notified = seen_by(held)
    found = commune_row(call, insee, scope=scope, strata=list(call.strata.all()), notified=notified)
    if found is None:
        raise Http404
    file = live_files(call).filter(lead__commune_id=insee).select_related("window").first()
    context = {
        "call": call,
        "commune": found,
        "reopenable": file is not None and bool(can_reopen(request.user, file, at)),
        "reopenings": file.reopenings.all() if file else [],
        "logs": can_log_contact(held.over(insee)),
        "contacts": contacts_of(call, insee).count(),
        "organisation": getattr(found, "organisation", None),
        "row": shown.row_of(found, call, at, closed=is_closed(call, at)),
        "sited": files_sited_in(request.user, call, found),
        "verdicts": shown.verdict_rows(verdicts_for(call, placed(facts_of(found, track=track_of(call, found)), call))),
        "population_note": shown.population_note(call.strata.all()),
    }
    return render(request, "applications/staff/commune.html", context)
