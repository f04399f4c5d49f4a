"""A map before its colours: shapes at their places, from outlines, centres, or hexagons. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .geometry import Point, Ring
from .places import PLACES
from .projection import Frame, frame_of, path_of
from .tiles import HALF, MARGIN, RADIUS, ROW, Caption, blocks, short_name

MOST_BYTES = 60_000  # of all paths of a map: about 20 kB once compressed
WIDTH, EDGE = 600, 8
COARSEST_GRID = 16
Basis = Literal["outlines", "centres", "placed", "blocks"]


@dataclass(frozen=True)
class Territory:
    """What a map draws: a commune, with its intercommunality as `group`; a département, with its region."""

    code: str
    name: str
    group: str = ""


@dataclass(frozen=True)
class Located:
    """Where a territory lies: rings (none when only its centre is known), centre, source and year of the file."""

    rings: tuple[Ring, ...]
    middle: Point
    source: str
    year: int


@dataclass(frozen=True)
class Shape:
    """One territory at its place: a path, or a hexagon when it is empty; `x` and `y` bear its sign and short name."""

    code: str
    name: str
    short: str
    x: int
    y: int
    path: str = ""


@dataclass(frozen=True)
class BaseMap:
    """The shapes in the order of the territories, the size of the picture, the names of its blocks, its source.

    `size`: of a hexagon or of a sign, 1 for a radius of 31 units.
    """

    basis: Basis
    shapes: tuple[Shape, ...]
    width: int
    height: int
    size: float = 1.0
    captions: tuple[Caption, ...] = ()
    source: str = ""


def base_map(territories: Sequence[Territory], located: Mapping[str, Located]) -> BaseMap | None:
    """The truest map that all the territories allow; None without any.

    Outlines when every territory has its own, else centres, else hexagons placed by hand, else blocks by group.
    """
    if not territories:
        return None
    known = [located[t.code] for t in territories if t.code in located]
    if len(known) == len(territories):
        return _outlined(territories, known) if all(where.rings for where in known) else _centred(territories, known)
    if all(t.code in PLACES for t in territories):
        return _placed(territories)
    return _in_blocks(territories)


def _outlined(territories: Sequence[Territory], known: Sequence[Located]) -> BaseMap:
    points = [point for where in known for ring in where.rings for point in ring]
    frame = frame_of(points, width=WIDTH, margin=EDGE)
    paths = _paths(known, frame)
    return _at_centres("outlines", territories, known, frame, paths)


def _paths(known: Sequence[Located], frame: Frame) -> list[str]:
    """The paths on the finest grid that keeps them all within `MOST_BYTES`."""
    grid = 1
    paths = [path_of(where.rings, frame, grid) for where in known]
    while sum(map(len, paths)) > MOST_BYTES and grid < COARSEST_GRID:
        grid *= 2
        paths = [path_of(where.rings, frame, grid) for where in known]
    return paths


def _centred(territories: Sequence[Territory], known: Sequence[Located]) -> BaseMap:
    frame = frame_of([where.middle for where in known], width=WIDTH, margin=MARGIN + EDGE)
    return _at_centres("centres", territories, known, frame, [""] * len(known))


def _at_centres(
    basis: Basis, territories: Sequence[Territory], known: Sequence[Located], frame: Frame, paths: Sequence[str]
) -> BaseMap:
    shapes = tuple(
        Shape(t.code, t.name, short_name(t.name), *frame.place(where.middle), path)
        for t, where, path in zip(territories, known, paths, strict=True)
    )
    sources = sorted({f"{where.source}, {where.year}" for where in known})
    return BaseMap(basis, shapes, frame.width, frame.height, size=_size(shapes), source=" ; ".join(sources))


def _size(shapes: Sequence[Shape]) -> float:
    """Such that nine hexagons in ten do not touch their nearest neighbour; between a fifth and one."""
    gaps = sorted(min((_apart(a, b) for b in shapes if b is not a), default=2 * RADIUS) for a in shapes)
    return round(max(0.2, min(1.0, gaps[len(gaps) // 10] / (2 * RADIUS))), 2)


def _apart(a: Shape, b: Shape) -> float:
    return float((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5


def _placed(territories: Sequence[Territory]) -> BaseMap:
    """The corner of the picture follows the territories drawn: part of a territory has no empty margin."""
    places = [PLACES[t.code] for t in territories]
    left, top = min(place.half for place in places), min(place.row for place in places)
    shapes = tuple(
        Shape(t.code, t.name, place.short, MARGIN + (place.half - left) * HALF, MARGIN + 4 + (place.row - top) * ROW)
        for t, place in zip(territories, places, strict=True)
    )
    width, height = max(shape.x for shape in shapes) + MARGIN, max(shape.y for shape in shapes) + RADIUS + 4
    return BaseMap("placed", shapes, width, height)


def _in_blocks(territories: Sequence[Territory]) -> BaseMap:
    groups: dict[str, list[str]] = {}
    for territory in territories:
        groups.setdefault(territory.group, []).append(territory.code)
    names = {t.code: t.name for t in territories}
    layout = blocks(sorted(groups.items()))
    shapes = tuple(Shape(t.code, names[t.code], short_name(names[t.code]), t.x, t.y) for t in layout.tiles)
    return BaseMap("blocks", shapes, layout.width, layout.height, captions=layout.captions)
