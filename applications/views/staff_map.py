"""The map above the table of the communes: each commune with its state, or each département with its figures."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.urls import reverse

from applications import states
from applications.queries.staff import NOT_BEGUN
from applications.queries.tally import Tally, communes_by_situation
from calls.models import Call
from calls.queries_perimeter import commune_map, department_map, shows_communes
from portal.core import ui
from portal.core.typography import format_quantity
from portal.territories.maps.painting import DEPARTMENT, painted
from portal.territories.models import Commune

DRAWN: Mapping[str, ui.MapState] = {NOT_BEGUN: "none", states.DRAFT: "draft", states.WITHDRAWN: "withdrawn"}
ANY = "00000"


def table_map(
    call: Call, table: QuerySet[Commune], tally: Tally, scope: frozenset[str] | None, summary: str
) -> ui.MapDrawing | None:
    """The map of what the table shows before its filters; None when there is nothing to draw."""
    if shows_communes(tally.counts["total"]):
        return communes_drawn(call, communes_by_situation(table), scope, summary)
    return departments_drawn(tally, summary)


def communes_drawn(
    call: Call, situations: Mapping[str, Iterable[str]], scope: frozenset[str] | None, summary: str
) -> ui.MapDrawing | None:
    drawn = {code: DRAWN.get(situation, "deposited") for situation, codes in situations.items() for code in codes}
    address = reverse("staff_commune", args=[call.slug, ANY])
    return painted(
        commune_map(call, scope), drawn, summary=summary, url=lambda code: address.replace(f"/{ANY}/", f"/{code}/")
    )


def departments_drawn(tally: Tally, summary: str) -> ui.MapDrawing | None:
    """How many deposited in each département."""
    counts = {code: row.get("deposited", 0) for code, row in tally.departments.items()}
    return painted(
        department_map(counts),
        {code: "counted" if n else "quiet" for code, n in counts.items()},
        summary=summary,
        words={code: deposited_words(n, tally.departments[code]["total"]) for code, n in counts.items()},
        figures={code: str(n) for code, n in counts.items()},
        unit=DEPARTMENT,
    )


def deposited_words(deposited: int, total: int) -> str:
    """« 12 déposées sur 340 communes »."""
    return f"{format_quantity(deposited, 'déposée', 'déposées')} sur {format_quantity(total, 'commune')}"
