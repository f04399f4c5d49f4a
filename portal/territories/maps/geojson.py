"""GeoJSON, read strictly: one outline or one centre per territory, and for each feature refused, why. Pure."""

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from .geometry import LEAST, SCALE, Point, Ring, area, centre, crosses_itself, without_repeats

MOST_POINTS = 20_000  # of a ring
FINE = 1_000_000  # units in a degree: eleven centimetres of latitude, for what is smaller than a commune
CODES = ("code", "insee", "code_insee", "INSEE_COM", "INSEE_DEP", "codgeo")


class NotGeoJson(Exception):
    """The file as a whole cannot be read; the message says what to do."""


class _Refused(Exception):
    """One feature cannot be drawn; the message says why."""


@dataclass(frozen=True)
class Feature:
    """One territory of the file: its rings (none for a centre alone) and its centre."""

    rings: tuple[Ring, ...]
    middle: Point


@dataclass
class Reading:
    """What a file holds. `refused`: one sentence for each feature that is left out."""

    features: dict[str, Feature] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def read(text: str, known: Collection[str], *, code_field: str = "") -> Reading:
    """The features whose code is `known`. Raises `NotGeoJson`."""
    found = Reading()
    for n, entry in enumerate(_entries(text), 1):
        code = _code(entry, code_field)
        try:
            if not code:
                raise _Refused("aucun code (propriété « code »)")
            if code not in known:
                raise _Refused("code inconnu du portail")
            if code in found.features:
                raise _Refused("code déjà lu plus haut dans le fichier")
            found.features[code] = _feature(entry.get("geometry"))
        except _Refused as refusal:
            found.refused.append(f"Objet {n}{f', {code}' if code else ''} : {refusal}.")
    return found


def _entries(text: str) -> list[Mapping[str, Any]]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise NotGeoJson(f"Ce fichier n’est pas du JSON : {error}.") from error
    entries = data.get("features") if isinstance(data, dict) and data.get("type") == "FeatureCollection" else None
    if not isinstance(entries, list):
        raise NotGeoJson("Ce fichier n’est pas une « FeatureCollection » GeoJSON.")
    if not all(isinstance(entry, dict) and entry.get("type") == "Feature" for entry in entries):
        raise NotGeoJson("Chaque objet de « features » doit être de type « Feature ».")
    return entries


def _code(entry: Mapping[str, Any], code_field: str) -> str:
    properties = entry.get("properties") or {}
    names = (code_field,) if code_field else CODES
    value = next((properties[name] for name in names if properties.get(name)), "" if code_field else entry.get("id"))
    return str(value or "").strip()


def read_site(text: str, *, most_points: int) -> tuple[Feature, ...]:
    """The outlines and points of a site: a geometry, a feature or several, in units of `FINE`. Raises `NotGeoJson`.

    Whatever else the text holds (names, links, styles) is left aside.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotGeoJson("Ce texte n’est pas du GeoJSON : copiez tout le fichier, de la première accolade.") from error
    try:
        found = tuple(_feature(geometry, FINE) for geometry in _geometries(data))
    except _Refused as refusal:
        raise NotGeoJson(f"Ce tracé ne se lit pas : {refusal}.") from refusal
    if not found:
        raise NotGeoJson("Ce fichier ne contient aucun contour ni aucun point.")
    count = sum(len(ring) for feature in found for ring in feature.rings)
    if count > most_points:
        raise NotGeoJson(f"Simplifiez le tracé : il a {count} points, {most_points} au plus.")
    return found


def _geometries(data: Any) -> list[Any]:
    if not isinstance(data, dict):
        raise _Refused("un objet « FeatureCollection », « Feature » ou une géométrie est attendu")
    if data.get("type") == "FeatureCollection":
        features = data.get("features")
        return [geometry for one in features for geometry in _geometries(one)] if isinstance(features, list) else []
    return [data.get("geometry")] if data.get("type") == "Feature" else [data]


def _feature(geometry: Any, scale: int = SCALE) -> Feature:
    if not isinstance(geometry, dict):
        raise _Refused("sans géométrie")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    try:
        if kind == "Point":
            return Feature((), _point(coordinates, scale))
        if kind not in ("Polygon", "MultiPolygon"):
            raise _Refused(f"géométrie « {kind} » : Polygon, MultiPolygon ou Point sont attendus")
        polygons = [coordinates] if kind == "Polygon" else coordinates
        rings = tuple(_ring(ring, scale) for polygon in polygons for ring in polygon)
    except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise _Refused("coordonnées illisibles") from error
    seen = tuple(ring for ring in rings if len(ring) >= LEAST and area(ring))
    if not seen:
        raise _Refused("contour sans surface")
    return Feature(seen, centre(seen))


def _point(pair: Any, scale: int) -> Point:
    longitude, latitude = float(pair[0]), float(pair[1])
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise _Refused("coordonnées illisibles")
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise _Refused("coordonnées hors du globe : le fichier doit être en longitude et latitude (WGS 84)")
    return round(longitude * scale), round(latitude * scale)


def _ring(pairs: Any, scale: int) -> Ring:
    if len(pairs) < LEAST:
        raise _Refused("contour de moins de quatre points")
    if list(pairs[0])[:2] != list(pairs[-1])[:2]:
        raise _Refused("contour qui n’est pas fermé")
    if len(pairs) > MOST_POINTS:
        raise _Refused(f"contour de plus de {MOST_POINTS} points")
    ring = without_repeats([_point(pair, scale) for pair in pairs])
    if crosses_itself(ring):
        raise _Refused("contour qui se croise")
    return ring
