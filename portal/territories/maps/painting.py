"""A map with its states: what the component draws. Pure."""

from collections.abc import Callable, Mapping

from portal.core import ui

from .drawing import BaseMap

NOTES = {
    "outlines": "Contours simplifiés.",
    "centres": "Chaque hexagone est {one}, en son centre.",
    "placed": "Chaque hexagone est {one}, à peu près à sa place.",
    "blocks": "Chaque hexagone est {one}, {grouped} : sa place sur le dessin ne dit pas où {it} se trouve.",
}
COMMUNE = {"one": "une commune", "grouped": "rangée par intercommunalité", "it": "elle"}
DEPARTMENT = {"one": "un département", "grouped": "rangé par région", "it": "il"}
NARROW = 0.8  # of a hexagon: under it, no name fits


def painted(
    base: BaseMap | None,
    states: Mapping[str, ui.MapState],
    *,
    summary: str,
    url: Callable[[str], str] = lambda code: "",
    words: Mapping[str, str] | None = None,
    figures: Mapping[str, str] | None = None,
    names: bool = True,
    unit: Mapping[str, str] = COMMUNE,
) -> ui.MapDrawing | None:
    """The map with the state of each territory (`quiet` when it has none); None without a map.

    `url`: the page of a territory by its code; `words`: said after its name, else the word of its state; `figures`:
    written under its name instead of a sign; `names`: whether names are written in hexagons.
    """
    if base is None:
        return None
    source = f" Source : {base.source}." if base.source else ""
    return ui.MapDrawing(
        shapes=[
            ui.MapShape(
                name=shape.name,
                short=shape.short if names and not shape.path and base.size >= NARROW else "",
                x=shape.x,
                y=shape.y,
                path=shape.path,
                state=states.get(shape.code, "quiet"),
                words=(words or {}).get(shape.code, ""),
                figure=(figures or {}).get(shape.code, ""),
                url=url(shape.code),
            )
            for shape in base.shapes
        ],
        captions=[(caption.text, caption.x, caption.y) for caption in base.captions],
        width=base.width,
        height=base.height,
        size=base.size,
        summary=summary,
        note=NOTES[base.basis].format(**unit) + source,
    )
