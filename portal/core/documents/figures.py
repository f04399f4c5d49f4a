"""Figures drawn as SVG, legible in a grey photocopy: solid, hatched or white, with the value at the end of the bar."""

from collections.abc import Iterator
from decimal import Decimal
from math import ceil
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.core.typography import format_number

HEXAGON = "M0-31 27-15.5v31L0 31l-27-15.5v-31z"  # around its centre, as on the pages
MAP_WIDTH, MAP_HEIGHT = 165, 190  # mm, the most that a page holds under its title
ROWS_PER_CHART = 32  # what a page holds under its caption
PITCH, HEIGHT, TOP, LEFT, WIDTH, TOTAL = 20, 13, 26, 176, 330, 560  # viewBox units; 560 = 165 mm
FILLS = {"selected": "{colour}", "reserve": "url(#hatch)", "not_selected": "#ffffff"}


def bar_charts(rows: list[dict[str, Any]], *, threshold: str | None, maximum: str, colour: str) -> SafeString:
    """One SVG per page of rows. A row: {applicant, final (text decimal), mark, group} in the order of the ranking."""
    size = ceil(len(rows) / ceil(len(rows) / ROWS_PER_CHART)) if rows else 1
    pages = [rows[i : i + size] for i in range(0, len(rows), size)]
    return format_html_join("", "{}", ((_chart(page, threshold, Decimal(maximum), colour),) for page in pages))


def _chart(rows: list[dict[str, Any]], threshold: str | None, maximum: Decimal, colour: str) -> SafeString:
    height = TOP + PITCH * len(rows) + 6
    return format_html(
        '<svg class="figure" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="165mm" height="{mm}mm"'
        ' font-family="Source Sans 3">'
        "<title>{title}</title>{defs}{groups}{bars}{line}</svg>",
        w=TOTAL,
        h=height,
        mm=round(165 * height / TOTAL, 1),
        title=_alternative(rows, threshold),
        defs=_hatch(colour),
        groups=format_html_join("", '<path d="M0 {}H560" stroke="#9aa3aa" stroke-width="0.8"/>', _separators(rows)),
        bars=format_html_join("", "{}", ((_bar(i, row, maximum, colour),) for i, row in enumerate(rows))),
        line=_threshold_line(threshold, maximum, height) if threshold else "",
    )


def _alternative(rows: list[dict[str, Any]], threshold: str | None) -> str:
    """The figure in one sentence; the table beside it holds every value."""
    ends = f"de {format_number(Decimal(rows[0]['final']))} à {format_number(Decimal(rows[-1]['final']))}"
    limit = f", seuil {format_number(Decimal(threshold))}" if threshold else ""
    return f"Barres des notes de {len(rows)} candidatures, {ends}{limit} ; mêmes valeurs que le tableau des notes."


def _hatch(colour: str) -> SafeString:
    return format_html(
        '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<rect width="5" height="5" fill="#ffffff"/>'
        '<path d="M-1 1L1 -1M0 5L5 0M4 6L6 4" stroke="{}" stroke-width="1.1"/></pattern></defs>',
        colour,
    )


def _separators(rows: list[dict[str, Any]]) -> Iterator[tuple[int]]:
    """A hairline wherever the group changes."""
    for i in range(1, len(rows)):
        if rows[i]["group"] != rows[i - 1]["group"]:
            yield (TOP + PITCH * i,)


def _bar(index: int, row: dict[str, Any], maximum: Decimal, colour: str) -> SafeString:
    length = round(float(Decimal(row["final"]) / maximum) * WIDTH, 1)
    top = TOP + PITCH * index + (PITCH - HEIGHT) / 2
    return format_html(
        '<text x="{label}" y="{base}" text-anchor="end" font-size="9.6">{name}</text>'
        '<rect x="{left}" y="{top}" width="{length}" height="{height}" fill="{fill}" stroke="{colour}"/>'
        '<text x="{end}" y="{base}" font-size="9.6" font-weight="600">{value}</text>',
        label=LEFT - 8,
        base=top + 10,
        name=row["applicant"],
        left=LEFT,
        top=top,
        length=max(length, 1),
        height=HEIGHT,
        fill=FILLS[row["group"]].format(colour=colour),
        colour=colour,
        end=LEFT + length + 7,
        value=f"{format_number(Decimal(row['final']), decimals=2)}{row['mark'] and ' '}{row['mark']}",
    )


def _threshold_line(threshold: str, maximum: Decimal, height: int) -> SafeString:
    x = round(LEFT + float(Decimal(threshold) / maximum) * WIDTH, 1)
    return format_html(
        '<path d="M{x} {top}V{bottom}" stroke="#b00020" stroke-width="1.2" stroke-dasharray="4 3" fill="none"/>'
        '<text x="{x}" y="14" text-anchor="middle" font-size="9.6">Seuil {value}</text>',
        x=x,
        top=19,
        bottom=height,
        value=format_number(Decimal(threshold)),
    )


# --- a map ---------------------------------------------------------------------------------------------------------


def territory_map(drawing: dict[str, Any], *, colour: str) -> SafeString:
    """The shapes of `pdf/calls/rules.html` with their names and marks: legible in a grey photocopy."""
    width, height = drawing["width"], drawing["height"]
    scale = min(MAP_WIDTH / width, MAP_HEIGHT / height)
    return format_html(
        '<svg class="figure" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{wmm}mm" height="{hmm}mm"'
        ' font-family="Source Sans 3"><title>{title}</title>{captions}{shapes}</svg>',
        w=width,
        h=height,
        wmm=round(width * scale, 1),
        hmm=round(height * scale, 1),
        title=drawing["summary"],
        captions=format_html_join(
            "", '<text x="{1}" y="{2}" font-size="13" font-weight="600" fill="#111111">{0}</text>', drawing["captions"]
        ),
        shapes=format_html_join("", "{}", ((_place(shape, drawing["size"], colour),) for shape in drawing["shapes"])),
    )


def _place(shape: dict[str, Any], size: float, colour: str) -> SafeString:
    """One territory: its outline or its hexagon, its short name, the number of its stratum under it."""
    x, y = shape["x"], shape["y"]
    path = shape["path"] or HEXAGON
    moved = "" if shape["path"] else f"translate({x} {y}) scale({size})"
    below = y + 13 if shape["short"] else y + 5
    return format_html(
        '<path d="{}" transform="{}" fill="#ffffff" stroke="{}" stroke-width="1.2"/>'
        '<text x="{}" y="{}" font-size="10" text-anchor="middle" fill="#111111">{}</text>'
        '<text x="{}" y="{}" font-size="11" font-weight="600" text-anchor="middle" fill="#111111">{}</text>',
        path, moved, colour, x, y if shape["mark"] else y + 4, shape["short"], x, below, shape["mark"],
    )  # fmt: skip
