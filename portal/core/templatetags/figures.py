"""Tags that draw figures as SVG made on the server; each says the same in words. Pure geometry, no style attribute."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.core import typography as ty
from portal.core import ui

register = template.Library()


def _component(name: str) -> str:
    return f"components/{name}.html"


def _round(value: float) -> str:
    """A coordinate without useless decimals, with a dot whatever the language."""
    return f"{value:.1f}".removesuffix(".0")


# --- meters and gauges -------------------------------------------------------------------------------------------


@register.simple_tag
def meter(value: int | Decimal, maximum: int | Decimal, text: str) -> SafeString:
    """An 8 px bar; `text` is its name for readers (and stands beside it on screen)."""
    part = min(max(float(value) / float(maximum), 0), 1) * 100 if maximum else 0
    return format_html(
        '<svg class="meter" role="img" aria-label="{}"><rect class="meter-track" width="100%" height="8" rx="4"/>'
        '<rect class="meter-fill" width="{}%" height="8" rx="4"/></svg>',
        text,
        _round(part),
    )


_GAUGES = {
    "todo": '<circle class="g-ring" cx="10" cy="10" r="8"/>',
    "complete": '<circle class="g-ok" cx="10" cy="10" r="10"/><path class="g-mark" d="m5.8 10.4 2.8 2.8 5.6-5.8"/>',
    "to_correct": '<circle class="g-err" cx="10" cy="10" r="10"/><path class="g-mark" d="M10 5v6M10 14.6v.1"/>',
}


@register.simple_tag
def gauge(state: str, part: Decimal | float = 0) -> SafeString:
    """Dashed ring, pie, green tick or red « ! »; the words beside it say the state."""
    if state == "begun":
        turn = 10 * math.pi
        filled = turn * min(max(float(part), 0.08), 0.94)
        drawing = (
            '<circle class="g-full" cx="10" cy="10" r="9"/><circle class="g-pie" cx="10" cy="10" r="5" '
            f'stroke-dasharray="{_round(filled)} {_round(turn)}" transform="rotate(-90 10 10)"/>'
        )
    else:
        drawing = _GAUGES[state]
    return format_html(
        '<svg class="gauge" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(drawing),  # noqa: S308 - drawn here
    )


@register.inclusion_tag(_component("quorum"))
def quorum(present: int, voters: int, needed: int, note: str = "", reached: bool | None = None) -> dict[str, Any]:
    """One segment per counted voter, and the sentence. `reached`: when the number alone does not say it."""
    width = 100 / max(voters, 1)
    segments = [{"x": _round(i * width), "here": i < present} for i in range(voters)]
    return {
        "reached": present >= needed if reached is None else reached,
        "segments": segments,
        "width": _round(max(width - 1.2, 1)),
        "present": ty.format_quantity(present, "présent"),
        "voters": ty.format_quantity(voters, "votant"),
        "needed": needed,
        "note": note,
    }


# --- population and map ------------------------------------------------------------------------------------------


@register.inclusion_tag(_component("strata_strip"))
def strata_strip(strata: Sequence[ui.Stratum], note: str = "") -> dict[str, Any]:
    """Green, hatched, chalk in proportion of the stratum; total at right."""
    rows = []
    for item in strata:
        total = max(item.total, 1)
        green, hatched = 100 * item.deposited / total, 100 * item.drafts / total
        text = (
            f"{item.label}{ty.NBSP}: {item.deposited} {ty.choose(item.deposited, 'déposée')}, "
            f"{ty.format_quantity(item.drafts, 'brouillon')}, sur {ty.format_quantity(item.total, 'commune')}"
        )
        rows.append({"item": item, "green": _round(green), "hatched": _round(hatched), "text": text})
    return {"rows": rows, "note": note}


@register.inclusion_tag(_component("territory_map"))
def territory_map(drawing: ui.MapDrawing | None, table_id: str = "", name: str = "map") -> dict[str, Any]:
    """A map; one sentence says it all, the table says each. `name` tells its patterns from those of another map."""
    return {"drawing": drawing, "table_id": table_id, "name": name, "signs": drawing.signs if drawing else ()}


@register.inclusion_tag(_component("state_counts"))
def state_counts(counts: Sequence[tuple[str, str, int]]) -> dict[str, Any]:
    return {"counts": counts}


# --- charts ------------------------------------------------------------------------------------------------------


@register.inclusion_tag(_component("figure_row"))
def figure_row(figures: Sequence[ui.Figure]) -> dict[str, Any]:
    return {"figures": figures}


_CHART_W, _CHART_H, _LEFT, _TOP, _BASE = 640, 260, 44, 26, 226


@register.inclusion_tag(_component("bars"))
def bars(
    data: Sequence[ui.Bar],
    title: str,
    caption: str = "",
    unit: str = "",
    target: int | Decimal | None = None,
    target_label: str = "",
) -> dict[str, Any]:
    """Vertical bars with their values on them, target as a named dashed line, and the table under them."""
    top = _nice_top(max([float(bar.value) for bar in data] + [float(target or 0)]))
    scale = (_BASE - _TOP) / top
    pitch = (_CHART_W - _LEFT) / max(len(data), 1)
    drawn = [
        {
            "bar": bar,
            "x": _round(_LEFT + pitch * i + pitch * 0.19),
            "width": _round(pitch * 0.62),
            "y": _round(_BASE - float(bar.value) * scale),
            "height": _round(float(bar.value) * scale),
            "middle": _round(_LEFT + pitch * (i + 0.5)),
            "above": _round(_BASE - float(bar.value) * scale - 7),
            "text": ty.format_number(bar.value),
        }
        for i, bar in enumerate(data)
    ]
    ticks = [
        {"y": _round(_BASE - top * k / 3 * scale), "text": ty.format_number(round(top * k / 3))} for k in (1, 2, 3)
    ]
    series = ", ".join(f"{item['bar'].label} {item['text']}" for item in drawn)
    return {
        "bars": drawn,
        "ticks": ticks,
        "title": title,
        "caption": caption,
        "unit": unit,
        "target_y": None if target is None else _round(_BASE - float(target) * scale),
        "target_label": target_label,
        "name": f"{title}{ty.NBSP}: {series}" + (f". {target_label}" if target_label else ""),
    }


def _nice_top(highest: float) -> float:
    """The top of the axis: three equal round steps that hold the highest value."""
    if highest <= 0:
        return 3.0
    step = highest / 3
    power = 10 ** math.floor(math.log10(step))
    return 3 * next(power * m for m in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if power * m >= step)


@register.inclusion_tag(_component("parts"))
def parts(data: Sequence[ui.Part], title: str, note: str = "") -> dict[str, Any]:
    """Parts of a whole, in the order of the list beside them; at most four."""
    total = float(sum(part.value for part in data)) or 1.0
    drawn, x = [], 0.0
    for number, part in enumerate(data):
        width = 100 * float(part.value) / total
        drawn.append({"part": part, "number": number, "x": _round(x), "width": _round(max(width - 0.5, 0.5))})
        x += width
    name = ", ".join(f"{part.label} {part.text}" for part in data)
    return {"parts": drawn, "title": title, "name": f"{title}{ty.NBSP}: {name}", "note": note}


# --- jury --------------------------------------------------------------------------------------------------------


@register.inclusion_tag(_component("criterion_row"))
def criterion_row(criterion: ui.Criterion, prefix: str = "note_", disabled: bool = False) -> dict[str, Any]:
    return {
        "criterion": criterion,
        "name": f"{prefix}{criterion.code}",
        "notes": range(criterion.scale + 1),
        "disabled": disabled,
    }


@register.inclusion_tag(_component("criterion_weights"))
def criterion_weights(criteria: Sequence[ui.Criterion]) -> dict[str, Any]:
    """A criterion without points (a grid of levels, an informational one) has neither meter nor figure."""
    heaviest = max((criterion.points or 0 for criterion in criteria), default=1) or 1
    return {
        "rows": [{"criterion": c, "text": ty.format_quantity(c.points, "point") if c.points else ""} for c in criteria],
        "heaviest": heaviest,
    }


@register.inclusion_tag(_component("vote_block"))
def vote_block(vote: ui.Vote) -> dict[str, Any]:
    return {
        "vote": vote,
        "waiting": f"{ty.format_quantity(vote.ballots, 'bulletin')} sur {vote.voters}",
        "boxes": [
            ("pour", "hand-thumbs-up", vote.for_, vote.for_ > vote.against),
            ("contre", "hand-thumbs-down", vote.against, False),
            ("abstention", "dash-circle", vote.abstained, False),
        ],
    }
