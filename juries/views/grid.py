"""The drawing of a grid: its criteria with what is noted, its total."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from applications.content.reading import SectionReading
from applications.models import Application
from applications.rankings import has_grid, has_points
from calls.definition.selection import group_heads
from calls.models import Call, Criterion
from portal.core import ui
from portal.core.typography import NBSP, format_quantity

from ..levels import NO_OPINION
from ..models import Assessment
from ..queries import Given, all_criteria, bonuses_of, call_levels, criteria_for, given_in, grid_rules
from ..scoring import CriterionRule, GridRules, Result, bonus_sentence, scaling_sentence, score, subtotals, trimmed
from .common import format_total


def grid_context(
    application: Application, sheet: Assessment | None, sections: Sequence[SectionReading]
) -> dict[str, Any]:
    """The criteria with what is noted: the total and its bonus, or the levels alone; nothing without a grid."""
    call = application.call
    if not has_grid(call):
        return {"graded": False, "numeric": False}
    if not has_points(call):
        return {"graded": True, **levels_context(application, sheet, sections)}
    rules, given, bonuses = grid_rules(application), given_in(sheet), bonuses_of(application)
    result = score(rules, [given.notes], bonuses)
    return {
        "graded": True,
        "numeric": True,
        "criteria": criteria_of(call, rules, given, result, sections),
        "legend": legend_of(call),
        "result": result,
        "total": format_total(result.total),
        "scale": rules.total,
        "applicable": rules.applicable if rules.rescaled or rules.set_aside else rules.total,
        "set_aside": rules.set_aside,
        "comment_required": call.grid.comment == "required",
        "scaling": scaling_sentence(rules, result),
        "possible_bonus": sum(bonus.points for bonus in bonuses),
        "bonus_line": bonus_sentence(bonuses),
        "progress": progress_line(len(rules.criteria) - len(result.missing), len(rules.criteria)),
    }


def levels_context(
    application: Application, sheet: Assessment | None, sections: Sequence[SectionReading]
) -> dict[str, Any]:
    """A grid of levels: no number anywhere."""
    call, rows, given = application.call, criteria_for(application), given_in(sheet)
    criteria = levels_of(call, rows, given, sections)
    done = sum(row.code in given.levels for row in rows)
    required = call.grid.comment == "required"
    return {
        "numeric": False,
        "legend": "",
        "criteria": criteria,
        "progress": progress_line(done, len(rows)),
        "comment_required": required,
    }


def levels_of(
    call: Call, rows: Sequence[Criterion], given: Given, sections: Sequence[SectionReading]
) -> list[ui.Criterion]:
    """The rows of a grid without points."""
    levels = call_levels(call)
    words = {**levels, NO_OPINION: "sans avis"}
    heads = group_heads(rows)
    return [
        ui.Criterion(
            code=row.code,
            title=row.label,
            points=0,
            levels=tuple(levels.items()),
            chosen_level=given.levels.get(row.code, ""),
            points_text=words.get(given.levels.get(row.code, ""), "à donner"),
            remark="Pour information." if row.informational else "",
            sections=links_to(row, sections),
            group=row.part_of if row.code in heads else "",
            nested=bool(row.part_of),
            **helps_of(row, given),
        )
        for row in rows
    ]


def helps_of(row: Criterion, given: Given) -> dict[str, Any]:
    """What a criterion adds to its notes: what each of them means, « sans avis », the comment that it asks for."""
    levels = call_levels(row.call)
    return {
        "descriptors": tuple((levels.get(step, step), words) for step, words in row.descriptors.items()),
        "abstention": NO_OPINION if row.call.grid.abstention else "",
        "abstained": given.levels.get(row.code) == NO_OPINION,
        "comment": given.comments.get(row.code, "") if row.comment_required else None,
    }


def criteria_of(
    call: Call, rules: GridRules, given: Given, result: Result, sections: Sequence[SectionReading]
) -> list[ui.Criterion]:
    """The rows of `{% criterion_row %}`; « Voir 3, 4 » leads to the sections that inform the criterion."""
    by_code = {row.code: row for row in all_criteria(call)}
    groups = subtotals(rules, result)
    return [
        ui.Criterion(
            code=rule.code,
            title=rule.label,
            points=0 if rule.informational else rule.points,
            scale=rules.scale_max,
            chosen=whole(given.notes.get(rule.code)),
            points_text=points_text(rule, rules, result),
            remark=criterion_remark(rule, result),
            sections=links_to(by_code[rule.code], sections),
            group=rule.part_of if rule.code in groups else "",
            group_points=groups.get(rule.code, ""),
            nested=bool(rule.part_of),
            **helps_of(by_code[rule.code], given),
        )
        for rule in rules.criteria
    ]


def whole(note: Decimal | None) -> int | None:
    """The square of a note; a half point has none."""
    return int(note) if note is not None and note % 1 == 0 else None


def links_to(row: Criterion, sections: Sequence[SectionReading]) -> tuple[ui.Link, ...]:
    return tuple(
        ui.Link(label=str(section.number), url=f"#section-{section.code}")
        for section in sections
        if section.code in row.section_codes
    )


def points_text(rule: CriterionRule, rules: GridRules, result: Result) -> str:
    """« 20 sur 25 »; for an informational criterion, the note itself."""
    if rule.code in result.silent:
        return "sans avis"
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
