"""Fewer points for the same shapes, neighbours staying joined (Douglas and Peucker, border by border). Pure.

Simplifying each territory alone would open gaps between neighbours. Rings are therefore cut where three territories
meet; each border between two such points is simplified once, whichever side asks.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from .geometry import LEAST, Point, Ring, area, without_repeats

COARSEST = 200  # units: two hundredths of a degree, about two kilometres
Rings = tuple[Ring, ...]


def within_bytes(shapes: Mapping[str, Rings], most: int) -> dict[str, Rings]:
    """The shapes, simplified as little as makes each at most `most` bytes of JSON; never coarser than `COARSEST`."""
    tolerance = 1
    found = {code: tuple(without_repeats(ring) for ring in rings) for code, rings in shapes.items()}
    while tolerance <= COARSEST and any(weight(rings) > most for rings in found.values()):
        found = simplified(shapes, tolerance)
        tolerance *= 2
    return found


def weight(rings: Rings) -> int:
    """Bytes of the rings as they are kept."""
    return len(json.dumps(rings, separators=(",", ":")))


def simplified(shapes: Mapping[str, Rings], tolerance: float) -> dict[str, Rings]:
    """Every shape, off by at most `tolerance` units; islands too small to be seen leave, the widest one stays."""
    ends = junctions(shapes.values())
    return {code: _light(rings, ends, tolerance) for code, rings in shapes.items()}


def _light(rings: Rings, ends: set[Point], tolerance: float) -> Rings:
    drawn = [_ring(ring, ends, tolerance) for ring in rings]
    kept = [ring for ring in drawn if len(ring) >= LEAST and abs(area(ring)) > tolerance**2]
    return tuple(kept) or (max(rings, key=lambda ring: abs(area(ring))),)


def junctions(shapes: Iterable[Rings]) -> set[Point]:
    """The points with more than two neighbours over all rings: where borders part."""
    around: dict[Point, set[Point]] = {}
    for ring in (ring for rings in shapes for ring in rings):
        for a, b in pairwise(ring):
            around.setdefault(a, set()).add(b)
            around.setdefault(b, set()).add(a)
    return {point for point, neighbours in around.items() if len(neighbours) > 2}


def _ring(ring: Ring, ends: set[Point], tolerance: float) -> Ring:
    """One closed ring: each stretch between two junctions simplified apart."""
    first = next((n for n, point in enumerate(ring) if point in ends), None)
    if first is None:
        return _alone(ring, tolerance)
    turned = (*ring[first:-1], *ring[: first + 1])
    stops = [n for n, point in enumerate(turned) if point in ends]
    drawn: list[Point] = [turned[0]]
    for low, high in pairwise(stops):
        drawn += border(turned[low : high + 1], tolerance)[1:]
    return tuple(drawn)


def _alone(ring: Ring, tolerance: float) -> Ring:
    """An island, or a territory in the middle of another: cut at its two ends of a fixed order, the same for both."""
    open_ring = ring[:-1]
    first, second = open_ring.index(min(open_ring)), open_ring.index(max(open_ring))
    low, high = sorted((first, second))
    there = border(open_ring[low : high + 1], tolerance)
    back = border((*open_ring[high:], *open_ring[: low + 1]), tolerance)
    return (*there, *back[1:])


def border(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker, always from the same end: both neighbours keep the same points."""
    if len(points) < 3:
        return list(points)
    if points[0] > points[-1] or (points[0] == points[-1] and points[1] > points[-2]):
        return border(points[::-1], tolerance)[::-1]
    kept, todo = {0, len(points) - 1}, [(0, len(points) - 1)]
    while todo:
        low, high = todo.pop()
        far, n = max(
            ((_gap(points[n], points[low], points[high]), n) for n in range(low + 1, high)), default=(0.0, low)
        )
        if far > tolerance:
            kept.add(n)
            todo += [(low, n), (n, high)]
    return [points[n] for n in sorted(kept)]


def _gap(point: Point, a: Point, b: Point) -> float:
    """The distance from a point to a segment."""
    (px, py), (ax, ay), (bx, by) = point, a, b
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length)) if length else 0.0
    return float((px - ax - along * dx) ** 2 + (py - ay - along * dy) ** 2) ** 0.5
