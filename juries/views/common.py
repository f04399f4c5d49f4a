"""What the screens of the jury share: the look of the call's owner, names of files, the drawing of a grid."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from applications.models import Application, Deposit
from applications.queries import answers_for_reading, latest_deposit, pieces_for_reading
from applications.queries_conditions import conditions_of
from applications.rankings import has_grid, has_points
from applications.reading import SectionReading
from applications.services.examination import record_reading
from applications.views.staff_table import verdict_rows
from calls.definition.selection import group_heads
from calls.models import Call, Criterion
from portal.core import ui
from portal.core.typography import NBSP, format_number, format_quantity
from portal.territories.queries import latest_population

from ..documents.tables import applicants as names_of
from ..models import Assessment
from ..queries import bonuses_of, call_levels, criteria_for, grid_rules, levels_of, notes_of
from ..scoring import CriterionRule, GridRules, Result, bonus_sentence, scaling_sentence, score, subtotals, trimmed

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
        return {"sections": [], "pieces": [], "deposit": None, "conditions": []}
    return {
        "deposit": deposit,
        "sections": answers_for_reading(deposit, for_jury=True),
        "pieces": pieces_for_reading(deposit, for_jury=True),
        "conditions": to_be_read(deposit),
    }


def to_be_read(deposit: Deposit) -> list[dict[str, Any]]:
    """The rules that the jury reads: those not plainly kept, and those that a person settled or that were explained."""
    conditions = conditions_of(deposit)
    told = [one for one in conditions if one.verdict.outcome != "pass" or one.by_a_person or one.justification]
    rows = verdict_rows(one.verdict for one in told)
    return [
        {"row": row, "condition": one, "checks": False, "answers": False} for row, one in zip(rows, told, strict=True)
    ]


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
    """The criteria with what is noted: the total and its bonus, or the levels alone; nothing without a grid."""
    call = application.call
    if not has_grid(call):
        return {"graded": False, "numeric": False}
    if not has_points(call):
        return {"graded": True, **levels_context(application, sheet, sections)}
    rules, notes, bonuses = grid_rules(application), notes_of(sheet), bonuses_of(application)
    result = score(rules, [notes], bonuses)
    return {
        "graded": True,
        "numeric": True,
        "criteria": criteria_of(call, rules, notes, result, sections),
        "legend": legend_of(call),
        "result": result,
        "total": format_total(result.total),
        "scale": rules.total,
        "applicable": rules.applicable if rules.rescaled else rules.total,
        "scaling": scaling_sentence(rules, result),
        "possible_bonus": sum(bonus.points for bonus in bonuses),
        "bonus_line": bonus_sentence(bonuses),
        "progress": progress_line(len(rules.criteria) - len(result.missing), len(rules.criteria)),
    }


def levels_context(
    application: Application, sheet: Assessment | None, sections: Sequence[SectionReading]
) -> dict[str, Any]:
    """A grid of levels: no number anywhere."""
    levels, given, rows = call_levels(application.call), levels_of(sheet), criteria_for(application)
    heads = group_heads(rows)
    criteria = [
        ui.Criterion(
            code=row.code,
            title=row.label,
            points=0,
            levels=tuple(levels.items()),
            chosen_level=given.get(row.code, ""),
            points_text=levels.get(given.get(row.code, ""), "à donner"),
            remark="Pour information." if row.informational else "",
            sections=links_to(row, sections),
            group=row.part_of if row.code in heads else "",
            nested=bool(row.part_of),
        )
        for row in rows
    ]
    done = sum(row.code in given for row in rows)
    return {"numeric": False, "legend": "", "criteria": criteria, "progress": progress_line(done, len(rows))}


def criteria_of(
    call: Call, rules: GridRules, notes: Mapping[str, Decimal], result: Result, sections: Sequence[SectionReading]
) -> list[ui.Criterion]:
    """The rows of `{% criterion_row %}`; « Voir 3, 4 » leads to the sections that inform the criterion."""
    by_code = {row.code: row for row in call.criteria.all()}
    groups = subtotals(rules, result)
    return [
        ui.Criterion(
            code=rule.code,
            title=rule.label,
            points=0 if rule.informational else rule.points,
            scale=rules.scale_max,
            chosen=int(notes[rule.code]) if rule.code in notes and notes[rule.code] % 1 == 0 else None,
            points_text=points_text(rule, rules, result),
            remark=criterion_remark(rule, result),
            sections=links_to(by_code[rule.code], sections),
            group=rule.part_of if rule.code in groups else "",
            group_points=groups.get(rule.code, ""),
            nested=bool(rule.part_of),
        )
        for rule in rules.criteria
    ]


def links_to(row: Criterion, sections: Sequence[SectionReading]) -> tuple[ui.Link, ...]:
    return tuple(
        ui.Link(label=str(section.number), url=f"#section-{section.code}")
        for section in sections
        if section.code in row.section_codes
    )


def points_text(rule: CriterionRule, rules: GridRules, result: Result) -> str:
    """« 20 sur 25 »; for an informational criterion, the note itself."""
    if rule.code in result.means:
        return f"{trimmed(result.means[rule.code])} sur {rules.scale_max}"
    return f"{trimmed(result.points[rule.code])} sur {rule.points}" if rule.code in result.points else "à noter"


def criterion_remark(rule: CriterionRule, result: Result) -> str:
    """What its note does beside the total: nothing, or put the file out."""
    if rule.informational:
        return "Pour information\u00a0: n’entre pas dans le total."
    if rule.knockout is None:
        return ""
    least, out = f"{trimmed(rule.knockout)}{NBSP}points", rule.code in result.knocked_out
    return f"Sous la note éliminatoire de {least}." if out else f"Éliminatoire sous {least}."


def legend_of(call: Call) -> str:
    """« 0 insuffisant · 3 satisfaisant · 5 excellent »."""
    labels = call.grid.scale_labels or {}
    return " · ".join(f"{note} {label}" for note, label in sorted(labels.items(), key=lambda item: int(item[0])))


def progress_line(done: int, count: int) -> str:
    """« 3 critères sur 6 »."""
    return f"{format_quantity(done, 'critère')} sur {count}"


def format_total(total: Decimal) -> str:
    """« 55 », « 67,38 »."""
    return trimmed(total) if total == total.to_integral_value() else format_number(total, decimals=2)
