"""The perimeter of a call, for everyone: who may apply, by map, stratum and table; for its staff, who did."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications import states
from applications.forms.perimeter import PerimeterForm
from applications.queries.laureates import selected_communes
from applications.queries.staff import NOT_BEGUN, communes_table
from applications.queries.tally import communes_by_situation
from applications.rules.staff import READING
from applications.views.staff_table import population_note
from calls.eligibility import OF_THE_FILE
from calls.models import Call
from calls.queries import HeldRoles, held_in
from calls.queries_perimeter import Standing, commune_map, department_map, shows_communes, standings_of
from calls.views.shared import breadcrumb_of, call_for
from portal.core import ui
from portal.core.clock import portal_now
from portal.core.middleware import public
from portal.core.typography import format_quantity
from portal.territories.maps.painting import DEPARTMENT, painted
from portal.territories.spelling import read_search, without_article

PAGE = 60
FILTERS = ("q", "eligible", "strate", "candidature", "retenue")
ANY = "00000"
BADGES = {
    "eligible": ui.Badge(label="Éligible", tone="ok", icon="check-lg"),
    "to_check": ui.Badge(label="À vérifier", tone="info", icon="search"),
    "ineligible": ui.Badge(label="Non éligible", tone="err", icon="x-circle"),
}
FILES = {NOT_BEGUN: "none", states.DRAFT: "draft", states.WITHDRAWN: "withdrawn"}
FILE_BADGES = {"none": "not_begun", "draft": "draft", "withdrawn": "withdrawn", "deposited": "deposited"}
FILE_WORDS = {"deposited": "Déposé", "draft": "Brouillon en cours", "none": "Pas commencé", "withdrawn": "Retirée"}


@dataclass(frozen=True)
class Seen:
    """What this person sees beside eligibility: files by INSEE code (staff only), communes selected once told."""

    files: Mapping[str, str] = field(default_factory=dict)
    selected: frozenset[str] = frozenset()
    staff: bool = False


@public
@require_safe
def call_perimeter(request: HttpRequest, slug: str) -> HttpResponse:
    """Map, strata and table of the communes of a call."""
    call = call_for(request, slug)
    standings = standings_of(call)
    held = held_in(request.user, call, portal_now())
    seen = seen_by(call, held)
    form = PerimeterForm(request.GET, strata=call.strata.all(), staff=seen.staff, told=bool(seen.selected))
    wanted = {name: form.wanted(name) for name in FILTERS}
    asked = any(wanted.values())
    found = [standing for standing in standings if answers(standing, wanted, seen)] if asked else standings
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    counts = Counter(standing.overall for standing in standings)
    context = {
        "call": call,
        "breadcrumb": breadcrumb_of(call, "Les communes de l’appel"),
        "total": len(standings),
        "matched": len(found),
        "counts": legend(standings, counts, seen),
        "map": perimeter_map(call, standings, counts, seen),
        "summary": summary(counts, len(standings)),
        "strata": strata_rows(call, standings, seen),
        "form": form,
        "page": page,
        "rows": [row_of(standing, call, seen) for standing in page],
        "staff": seen.staff,
        "told": bool(seen.selected),
        "of_project": any(rule.kind in OF_THE_FILE for rule in call.eligibility_rules.all()),
        "population_note": population_note(call.strata.all()),
    }
    return render(request, "applications/perimeter.html", context)


def seen_by(call: Call, held: HeldRoles) -> Seen:
    """Never the content of a draft: only whether one is begun, and only for who reads the files of the call."""
    selected = frozenset(selected_communes(call))
    if not READING & held.names:
        return Seen(selected=selected)
    rows = communes_by_situation(communes_table(call, scope=held.scope(*READING)))
    files = {insee: FILES.get(situation, "deposited") for situation, codes in rows.items() for insee in codes}
    return Seen(files, selected, staff=True)


def answers(standing: Standing, wanted: Mapping[str, str], seen: Seen) -> bool:
    """Whether a commune is one of those that the filters ask for."""
    return (
        (not wanted["q"] or is_named(standing, wanted["q"]))
        and wanted["eligible"] in ("", standing.overall)
        and wanted["strate"] in ("", standing.stratum)
        and (not wanted["candidature"] or seen.files.get(standing.insee) == wanted["candidature"])
        and (not wanted["retenue"] or standing.insee in seen.selected)
    )


def is_named(standing: Standing, text: str) -> bool:
    """By a part of its name whatever its accents, by its INSEE code or its département."""
    wanted = read_search(text)
    if wanted.codes and not any(standing.insee.startswith(code) for code in wanted.codes):
        return False
    return without_article(wanted.name) in read_search(standing.name).name


# --- figures and map ----------------------------------------------------------------------------------------------


def summary(counts: Mapping[str, int], total: int) -> str:
    """« Sur 54 communes, 48 éligibles, 2 à vérifier, 4 non éligibles. »"""
    parts = [format_quantity(counts["eligible"], "éligible", "éligibles")]
    parts += [f"{counts['to_check']} à vérifier"] if counts["to_check"] else []
    parts += [format_quantity(counts["ineligible"], "non éligible", "non éligibles")] if counts["ineligible"] else []
    return f"Sur {format_quantity(total, 'commune')}, {', '.join(parts)}."


def legend(standings: Iterable[Standing], counts: Mapping[str, int], seen: Seen) -> list[tuple[str, str, int]]:
    """The key of the map with its figures: who may apply; then what became of them, for who may know."""
    found = [(code, badge.label, counts[code]) for code, badge in BADGES.items() if counts[code] or code == "eligible"]
    if seen.staff:
        files = Counter(seen.files.get(standing.insee, "") for standing in standings)
        found += [(code, label, files[code]) for code, label in FILE_WORDS.items() if files[code] or code == "none"]
    return [*found, ("laureate", "Retenue", len(seen.selected))] if seen.selected else found


def perimeter_map(call: Call, standings: list[Standing], counts: Mapping[str, int], seen: Seen) -> ui.MapDrawing | None:
    """Each commune with its state (for staff, that of its file), or each département with how many may apply."""
    if not shows_communes(len(standings)):
        return departments(standings, summary(counts, len(standings)))
    address = reverse("call_eligibility_of", args=[call.slug, ANY])
    return painted(
        commune_map(call),
        {standing.insee: state_of(standing, seen) for standing in standings},
        summary=summary(counts, len(standings)),
        url=lambda code: address.replace(f"/{ANY}/", f"/{code}/"),
    )


def state_of(standing: Standing, seen: Seen) -> Any:
    if standing.insee in seen.selected:
        return "laureate"
    return seen.files.get(standing.insee, standing.overall)


def departments(standings: list[Standing], said: str) -> ui.MapDrawing | None:
    totals = Counter(standing.department for standing in standings)
    eligible = Counter(standing.department for standing in standings if standing.overall == "eligible")
    return painted(
        department_map(totals),
        {code: "counted" if eligible[code] else "quiet" for code in totals},
        summary=said,
        words={
            code: summary({"eligible": eligible[code], "to_check": 0, "ineligible": 0}, n) for code, n in totals.items()
        },
        figures={code: str(eligible[code]) for code in totals},
        unit=DEPARTMENT,
    )


def strata_rows(call: Call, standings: Iterable[Standing], seen: Seen) -> list[dict[str, Any]]:
    """One row per stratum of the call, in its order, then those of none: totals, then what this person may know."""
    labels = {row.code: row.label for row in call.strata.all()}
    rows = {code: Counter[str]() for code in (*labels, "")} if labels else {}
    tally = Counter(
        (s.stratum, s.overall, seen.files.get(s.insee, ""), s.insee in seen.selected) for s in standings if labels
    )
    for (stratum, overall, file, selected), n in tally.items():
        known = {"total": n, overall: n, file: n, "selected": n * selected}
        rows[stratum if stratum in labels else ""].update(known)
    return [
        {"label": labels.get(code, "Hors strate"), **{name: row[name] for name in NAMES}}
        for code, row in rows.items()
        if row["total"]
    ]


NAMES = ("total", "eligible", "to_check", "ineligible", "deposited", "draft", "none", "selected")


def row_of(standing: Standing, call: Call, seen: Seen) -> dict[str, Any]:
    file = seen.files.get(standing.insee, "")
    name = "staff_commune" if file else "call_eligibility_of"
    return {
        "standing": standing,
        "url": reverse(name, args=[call.slug, standing.insee]),
        "badge": BADGES[standing.overall],
        "file": FILE_BADGES.get(file, ""),
        "selected": standing.insee in seen.selected,
    }
