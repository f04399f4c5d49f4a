"""The annex of the rules: the communes of the perimeter, on a map and in a table, as plain data to freeze."""

from typing import Any

from portal.core.typography import format_number, format_quantity, typeset
from portal.territories.maps.painting import painted

from .models import Call
from .queries_perimeter import Standing, commune_map, population_basis, shows_communes, standings_of


def territory_block(call: Call) -> dict[str, Any] | None:
    """The contract of `territory` in `pdf/calls/rules.html`; None for a perimeter too wide to be drawn."""
    standings = standings_of(call)
    if not shows_communes(len(standings)):
        return None
    strata = list(call.strata.all())
    marks = {row.code: str(n) for n, row in enumerate(strata, start=1)}
    kind, year = population_basis(strata)
    return {
        "count": len(standings),
        "map": map_block(call, {standing.insee: marks.get(standing.stratum, "") for standing in standings}),
        "strata": [{"mark": marks[row.code], "label": row.label} for row in strata],
        "population": typeset(f"Population {kind}{f' {year}' if year else ''}"),
        "communes": [commune_row(standing, marks) for standing in standings],
    }


def commune_row(standing: Standing, marks: dict[str, str]) -> dict[str, str]:
    inhabitants = "" if standing.population is None else format_number(standing.population)
    return {
        "name": standing.name,
        "insee": standing.insee,
        "population": inhabitants,
        "mark": marks.get(standing.stratum, ""),
    }


def map_block(call: Call, marks: dict[str, str]) -> dict[str, Any] | None:
    """Shapes with the number of their stratum; the table says as much as the map."""
    said = format_quantity(len(marks), "commune")
    drawing = painted(commune_map(call), {}, summary=f"Carte : {said} du périmètre", figures=marks)
    if drawing is None:
        return None
    return {
        "width": drawing.width,
        "height": drawing.height,
        "size": drawing.size,
        "summary": typeset(f"{drawing.summary} ; mêmes valeurs que le tableau des communes."),
        "note": drawing.note,
        "captions": [list(caption) for caption in drawing.captions],
        "shapes": [{"short": s.short, "x": s.x, "y": s.y, "path": s.path, "mark": s.figure} for s in drawing.shapes],
    }
