"""Scores, levels and rankings, as the tables of the minutes want them: one group per ranking, counted from the rows."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from applications.rankings import Place, has_grid, has_points, mode_of, places_of
from calls.models import Call, Criterion
from portal.core.typography import format_quantity

from ..models import JurySession, ProposalLine
from ..queries import Calculation, calculations, call_levels, call_rules, levels_by_file, spread_of
from ..scoring import bonus_sentence, scaling_sentence, trimmed
from ..steps import formula
from .tables import applicant, commune_name, short_number, text

PROPOSALS = {"selected": "Retenue", "reserve": "Liste complémentaire", "not_selected": "Non retenue"}
TITLES = {"numeric": "Notes et classement", "qualitative": "Avis et proposition", "none": "Proposition"}


def rankings_block(session: JurySession, lines: Sequence[ProposalLine]) -> dict[str, Any]:
    """What section 6 says: criteria, notes (or levels) of each file, one ranking after another."""
    call = session.call
    numbers = has_points(call)
    found = calculations(call, [line.application for line in lines]) if numbers else {}
    codes = [row.code for row in call.criteria.all()]
    return {
        "mode": mode_of(call),
        "results_title": TITLES[mode_of(call)],
        "criteria": [criterion_row(row, call) for row in call.criteria.all()],
        "scores_note": scores_note(call, lines, found) if numbers else levels_note(call),
        "scale": str(call.grid.total) if has_grid(call) else "",
        "levels": levels_rows(call, lines),
        "rankings": [
            {
                "label": place.label,
                "offer": offer(place, numbers=numbers),
                "threshold": text(place.threshold) if numbers else None,
                "scores": [score_row(line, codes, found[line.application_id]) for line in apart] if numbers else [],
                "ranking": [ranking_row(line, lines) for line in apart if line.outcome != "not_selected"],
            }
            for place, apart in by_ranking(call, lines)
        ],
        "gathered": "médiane" if numbers and call.grid.aggregate == "median" else "moyenne",
        "formula": formula(call_rules(call)) if numbers else "",
        "calculations": [calculation_row(line, found[line.application_id]) for line in lines] if numbers else [],
    }


def calculation_row(line: ProposalLine, found: Calculation) -> dict[str, Any]:
    """Each step of a score, in the very words of the screen and of the export."""
    return {
        "number": short_number(line.application),
        "applicant": applicant(line.application),
        "steps": [{"label": step.label, "detail": step.detail, "value": step.value} for step in found.steps],
    }


def by_ranking(call: Call, lines: Iterable[ProposalLine]) -> list[tuple[Place, list[ProposalLine]]]:
    """The lines of each ranking that has some, in the order of the call."""
    lines = list(lines)
    found = [(place, [line for line in lines if line.ranking == code]) for code, place in places_of(call).items()]
    return [(place, apart) for place, apart in found if apart]


def offer(place: Place, *, numbers: bool) -> str:
    """« 4 places, 3 en liste complémentaire, seuil de 50 points »."""
    offered = format_quantity(place.max_selected, "place") if place.max_selected is not None else "Places non limitées"
    parts = [offered, f"{place.reserve_size} en liste complémentaire" if place.reserve_size else ""]
    low = f"{trimmed(Decimal(place.threshold))} points" if numbers and place.threshold else ""
    return ", ".join(part for part in (*parts, f"seuil de {low}" if low else "") if part)


def criterion_row(row: Criterion, call: Call) -> dict[str, Any]:
    """An informational criterion is out of the note of the scale, and says so."""
    aside = " (pour information)" if row.informational else ""
    return {
        "code": row.code,
        "label": f"{row.part_of}, {row.label}{aside}" if row.part_of else f"{row.label}{aside}",
        "maximum": call.grid.scale_max if row.informational else row.points,
    }


def scores_note(call: Call, lines: Iterable[ProposalLine], found: Mapping[int, Calculation]) -> str:
    """Bonuses, knock-outs, and for each file noted on some criteria only, how its total is brought back."""
    lines = list(lines)
    knockouts = [
        f"moins de {c.knockout.normalize():f} points au critère {c.code}" for c in call.criteria.all() if c.knockout
    ]
    bonuses = sorted({bonus_sentence(found[line.application_id].bonuses) for line in lines} - {""})
    notes = [*bonuses, *([f"† Note éliminatoire : {', '.join(knockouts)}."] if knockouts else [])]
    scaled = [(line, scaled_sentence(found[line.application_id])) for line in lines]
    return " ".join([*notes, *(f"N° {short_number(line.application)} : {said}" for line, said in scaled if said)])


def scaled_sentence(found: Calculation) -> str:
    return scaling_sentence(found.grid, found.result) if found.sheets else ""


def levels_note(call: Call) -> str:
    return f"Niveaux : {', '.join(call_levels(call).values())}." if has_grid(call) else ""


def levels_rows(call: Call, lines: Iterable[ProposalLine]) -> list[dict[str, Any]]:
    """For each file and criterion of a grid of levels, how many members chose each level."""
    lines = list(lines)
    if has_points(call) or not has_grid(call):
        return []
    sheets = levels_by_file([line.application for line in lines])
    return [
        {
            "number": short_number(line.application),
            "short_name": commune_name(line.application),
            "spreads": [
                {"label": row.label, "sentence": row.sentence}
                for row in spread_of(line.application, sheets[line.application_id])
            ],
        }
        for line in lines
    ]


def score_row(line: ProposalLine, codes: list[str], found: Calculation) -> dict[str, Any]:
    result = found.result
    shown = {**result.points, **result.means}
    return {
        "number": short_number(line.application),
        "applicant": applicant(line.application),
        "short_name": commune_name(line.application),
        "scores": [text(shown.get(code)) for code in codes],
        "total": text(result.base),
        "bonus": str(result.bonus) if result.bonus else None,
        "final": text(line.score) or "0",
        "mark": "†" if line.knocked_out else "",
        "group": line.outcome,
    }


def ranking_row(line: ProposalLine, lines: Sequence[ProposalLine]) -> dict[str, Any]:
    return {
        "rank": line.rank,
        "number": short_number(line.application),
        "applicant": applicant(line.application),
        "final": text(line.score),
        "proposal": proposal_label(line, lines),
    }


def proposal_label(line: ProposalLine, lines: Sequence[ProposalLine]) -> str:
    """The place in a reserve list is counted in the file's own ranking."""
    if line.outcome != ProposalLine.Outcome.RESERVE:
        return PROPOSALS[line.outcome]
    apart = [other for other in lines if other.outcome == "reserve" and other.ranking == line.ranking]
    before = sum((other.rank or 0) < (line.rank or 0) for other in apart)
    return f"{PROPOSALS['reserve']}, rang {before + 1}"


def reason_row(line: ProposalLine, lines: Sequence[ProposalLine]) -> dict[str, Any]:
    return {
        "number": short_number(line.application),
        "applicant": applicant(line.application),
        "proposal": proposal_label(line, lines),
        "reason": line.reason,
    }
