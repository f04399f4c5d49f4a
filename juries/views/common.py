"""What the screens of the jury share: the look of the call's owner, names of files, the drawing of a grid."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from applications.models import Application
from applications.queries import answers_for_reading, latest_deposit, pieces_for_reading
from applications.reading import SectionReading
from applications.services.examination import record_reading
from calls.models import Call
from portal.core import ui
from portal.core.typography import NBSP, format_number, format_quantity
from portal.territories.queries import latest_population

from ..documents.tables import applicants as names_of
from ..models import Assessment
from ..queries import bonuses_of, grid_rules, notes_of
from ..scoring import GridRules, Result, bonus_sentence, score, trimmed

__all__ = ["grid_context", "names_of", "note_the_reading", "place_line", "posted", "reading_of", "wear"]
READ = "candidature lue par le jury"


def wear(request: HttpRequest, call: Call) -> None:
    """The page takes the look of the call's owner."""
    request.institution = getattr(call.owner, "profile", None)  # type: ignore[attr-defined]


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: an empty POST is a POST all the same."""
    return request.POST if request.method == "POST" else None


def reading_of(application: Application) -> dict[str, Any]:
    """The deposited answers and pieces, as the jury may see them."""
    deposit = latest_deposit(application)
    if deposit is None:
        return {"sections": [], "pieces": [], "deposit": None}
    return {
        "deposit": deposit,
        "sections": answers_for_reading(deposit, for_jury=True),
        "pieces": pieces_for_reading(deposit, for_jury=True),
    }


def note_the_reading(request: HttpRequest, application: Application, at: Any) -> None:
    record_reading(user=request.user, what=READ, object_key=f"application:{application.uuid}", at=at)


def place_line(application: Application) -> str:
    """« 1 102 habitants · TPS-2026-0007 »."""
    commune = application.lead.commune
    figure = latest_population(commune) if commune else None
    people = f"{format_quantity(figure.value, 'habitant')} · " if figure else ""
    return f"{people}{application.number}"


# --- the grid ----------------------------------------------------------------------------------------------------


def grid_context(
    application: Application, sheet: Assessment | None, sections: Sequence[SectionReading]
) -> dict[str, Any]:
    """The criteria with what is noted, the total and its bonus."""
    call = application.call
    rules, notes, bonuses = grid_rules(call), notes_of(sheet), bonuses_of(application)
    result = score(rules, [notes], bonuses)
    return {
        "criteria": criteria_of(call, rules, notes, result, sections),
        "legend": legend_of(call),
        "result": result,
        "total": format_total(result.total),
        "scale": rules.total,
        "possible_bonus": sum(bonus.points for bonus in bonuses),
        "bonus_line": bonus_sentence(bonuses),
        "progress": progress_line(rules, result),
    }


def criteria_of(
    call: Call, rules: GridRules, notes: Mapping[str, Decimal], result: Result, sections: Sequence[SectionReading]
) -> list[ui.Criterion]:
    """The rows of `{% criterion_row %}`; « Voir 3, 4 » leads to the sections that inform the criterion."""
    by_code = {row.code: row for row in call.criteria.all()}
    return [
        ui.Criterion(
            code=rule.code,
            title=rule.label,
            points=rule.points,
            scale=rules.scale_max,
            chosen=int(notes[rule.code]) if rule.code in notes and notes[rule.code] % 1 == 0 else None,
            points_text=points_text(rule.code, rule.points, result),
            remark=knockout_remark(rule.code, rule.knockout, result),
            sections=tuple(
                ui.Link(label=str(section.number), url=f"#section-{section.code}")
                for section in sections
                if section.code in by_code[rule.code].section_codes
            ),
        )
        for rule in rules.criteria
    ]


def points_text(code: str, points: int, result: Result) -> str:
    return f"{trimmed(result.points[code])} sur {points}" if code in result.points else "à noter"


def knockout_remark(code: str, knockout: Decimal | None, result: Result) -> str:
    if knockout is None:
        return ""
    least = f"{trimmed(knockout)}{NBSP}points"
    return f"Sous la note éliminatoire de {least}." if code in result.knocked_out else f"Éliminatoire sous {least}."


def legend_of(call: Call) -> str:
    """« 0 insuffisant · 3 satisfaisant · 5 excellent »."""
    labels = call.grid.scale_labels or {}
    return " · ".join(f"{note} {label}" for note, label in sorted(labels.items(), key=lambda item: int(item[0])))


def progress_line(rules: GridRules, result: Result) -> str:
    """« 3 critères sur 6 »."""
    done = len(rules.criteria) - len(result.missing)
    return f"{format_quantity(done, 'critère')} sur {len(rules.criteria)}"


def format_total(total: Decimal) -> str:
    """« 55 », « 67,38 »."""
    return trimmed(total) if total == total.to_integral_value() else format_number(total, decimals=2)
