"""From longitude and latitude to the units of a picture, and the path of rings on a whole-number grid. Pure.

Degrees of longitude are shortened by the cosine of the middle latitude: at the width of a département or of the
country in Europe, shapes look as on usual maps. Distances are not to be measured on it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .geometry import LEAST, SCALE, Point, Ring, without_repeats


@dataclass(frozen=True)
class Frame:
    """A rectangle of the globe drawn `width` units wide; `height` follows, at most twice the width."""

    west: int
    north: int
    squeeze: float
    scale: float
    width: int
    height: int

    def place(self, point: Point, grid: int = 1) -> Point:
        """The point in the units of the picture, on a grid."""
        x = (point[0] - self.west) * self.squeeze * self.scale
        y = (self.north - point[1]) * self.scale
        return round(x / grid) * grid, round(y / grid) * grid


def frame_of(points: Iterable[Point], *, width: int, margin: int = 0, unit: int = SCALE) -> Frame:
    """The frame that holds every point, with `margin` units around; `unit` points make a degree. Raises ValueError
    without any point."""
    rows = list(points)
    west, east = min(x for x, _ in rows), max(x for x, _ in rows)
    south, north = min(y for _, y in rows), max(y for _, y in rows)
    squeeze = math.cos(math.radians((south + north) / 2 / unit))
    across, tall = max((east - west) * squeeze, 1), max(north - south, 1)
    scale = min((width - 2 * margin) / across, (2 * width - 2 * margin) / tall)
    return Frame(
        west=round(west - (width / scale - across) / 2 / squeeze),
        north=round(north + margin / scale),
        squeeze=squeeze,
        scale=scale,
        width=width,
        height=round(tall * scale) + 2 * margin,
    )


def path_of(rings: Sequence[Ring], frame: Frame, grid: int = 1) -> str:
    """The `d` of an SVG path. Points fall on the grid: neighbours that shared a point still do, nothing opens."""
    parts = []
    for ring in rings:
        points = without_repeats([frame.place(point, grid) for point in ring])
        if len(points) >= LEAST:
            x, y = points[0]
            steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points[:-1])]
            parts.append(f"M{x} {y}l{' '.join(f'{dx} {dy}' for dx, dy in steps)}z".replace(" -", "-"))
    return "".join(parts)
