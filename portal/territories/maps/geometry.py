"""Rings of points: whether they are sound, their area, their centre. Whole numbers, ten-thousandths of a degree. Pure.

A ring is closed: its last point is its first one.
"""

from collections.abc import Sequence
from itertools import pairwise

Point = tuple[int, int]
Ring = tuple[Point, ...]

SCALE = 10_000  # units in a degree: about eleven metres of latitude
LEAST = 4  # points of a closed triangle


def area(ring: Sequence[Point]) -> float:
    """Signed, in square units: positive when the ring turns left."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def without_repeats(ring: Sequence[Point]) -> Ring:
    """The ring without the points equal to the one before."""
    return tuple(point for n, point in enumerate(ring) if n == 0 or point != ring[n - 1])


def centre(rings: Sequence[Ring]) -> Point:
    """The centroid of the widest ring; where it falls outside of it, the middle of its widest inner part."""
    ring = max(rings, key=lambda found: abs(area(found)))
    whole = area(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    middle = (round(x / (6 * whole)), round(y / (6 * whole)))
    return middle if holds(ring, middle) else _inside(ring, middle[1])


def holds(ring: Sequence[Point], point: Point) -> bool:
    """Whether a point lies inside a ring: how often a line to its right crosses it."""
    x, y = point
    crossings = _crossings(ring, y)
    return sum(1 for crossing in crossings if crossing > x) % 2 == 1


def _inside(ring: Sequence[Point], y: int) -> Point:
    """The middle of the widest stretch of the ring at this height."""
    found = sorted(_crossings(ring, y))
    stretches = list(zip(found[::2], found[1::2], strict=False))
    if not stretches:
        return ring[0]
    low, high = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    return round((low + high) / 2), y


def _crossings(ring: Sequence[Point], y: int) -> list[float]:
    return [x1 + (y - y1) * (x2 - x1) / (y2 - y1) for (x1, y1), (x2, y2) in pairwise(ring) if (y1 > y) != (y2 > y)]


def crosses_itself(ring: Sequence[Point]) -> bool:
    """Whether two sides that do not follow each other meet. Sides are taken from west to east, so that few compare."""
    sides = sorted((min(a[0], b[0]), max(a[0], b[0]), n, a, b) for n, (a, b) in enumerate(pairwise(ring)) if a != b)
    last = len(ring) - 2
    near: list[tuple[int, int, int, Point, Point]] = []
    for side in sides:
        near = [other for other in near if other[1] >= side[0]]
        for other in near:
            apart = abs(side[2] - other[2])
            if apart not in (0, 1, last) and _meet(side[3], side[4], other[3], other[4]):
                return True
        near.append(side)
    return False


def _turn(a: Point, b: Point, c: Point) -> int:
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (value > 0) - (value < 0)


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two sides cross, each strictly on both sides of the other: touching is no fault."""
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0
