"""Fictional territories: squares of a tenth of a degree, side by side from the south-west corner. No real outline."""

import json
from typing import Any

from portal.territories.maps.geometry import Ring

SIDE = 1000  # units: a tenth of a degree


def square(column: int, row: int = 0, side: int = SIDE) -> Ring:
    """Counter-clockwise, closed."""
    x, y = 10_000 + column * SIDE, 450_000 + row * SIDE
    return ((x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y))


def feature(code: str, geometry: dict[str, Any] | None, name: str = "code") -> dict[str, Any]:
    return {"type": "Feature", "properties": {name: code}, "geometry": geometry}


def polygon(*rings: Ring) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[x / 10_000, y / 10_000] for x, y in ring] for ring in rings]}


def point(longitude: float, latitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}


def collection(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})
