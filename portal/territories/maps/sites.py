"""The drawing of a site smaller than a commune: its outlines and its points, alone on the page. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .geojson import FINE, Feature
from .geometry import Point
from .projection import frame_of, path_of

WIDTH, MARGIN = 600, 24
LEAST_WIDTH = 400  # units of `FINE`: a lone point stands in the middle of some forty metres
METRES = 111_320  # in a degree of latitude


@dataclass(frozen=True)
class SiteDrawing:
    """A picture in units: one path of all outlines (holes by the even-odd rule), points.

    `metres`: what they span, from west to east, then from south to north.
    """

    width: int
    height: int
    path: str
    points: tuple[tuple[int, int], ...]
    metres: tuple[int, int]


def site_drawing(features: Sequence[Feature]) -> SiteDrawing | None:
    """The picture that holds every outline and point; None without any."""
    if not features:
        return None
    corners = [point for feature in features for ring in feature.rings for point in ring]
    lone = [feature.middle for feature in features if not feature.rings]
    frame = frame_of(_around([*corners, *lone]), width=WIDTH, margin=MARGIN, unit=FINE)
    path = "".join(path_of(feature.rings, frame) for feature in features)
    points = tuple(frame.place(point) for point in lone)
    return SiteDrawing(frame.width, frame.height, path, points, _span([*corners, *lone]))


def _span(points: Sequence[Point]) -> tuple[int, int]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    squeeze = math.cos(math.radians((min(ys) + max(ys)) / 2 / FINE))
    wide, tall = (max(xs) - min(xs)) * squeeze, max(ys) - min(ys)
    return round(wide * METRES / FINE), round(tall * METRES / FINE)


def _around(points: Sequence[Point]) -> list[Point]:
    """The points, and the corners of the least rectangle worth drawing around their middle."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x, y = (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2
    tall = LEAST_WIDTH // 2
    wide = round(tall / max(0.1, math.cos(math.radians(y / FINE))))
    return [*points, (x - wide, y - tall), (x + wide, y + tall)]
