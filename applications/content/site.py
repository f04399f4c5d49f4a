"""The site of a project, as typed: communes, address, cadastral parcels, outline in GeoJSON. Pure.

It is distinct from the applicant. Typed, it is one row {address, geojson, communes: rows, parcels: rows}; its *value*
keeps of each commune its code and its name. A fault stands at the name of its cell: « 0-parcels-2-section ».
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from portal.core.typography import format_size, typeset
from portal.territories.maps.geojson import NotGeoJson, read_site
from portal.territories.maps.sites import SiteDrawing, site_drawing

from .answers import AnswerFault, holds_something, place_name, read
from .blocks import Block, GridBlock
from .expectations import what_to_write

MOST_COMMUNES, MOST_PARCELS = 20, 60
MOST_LETTERS, MOST_POINTS = 100_000, 2_000
_SECTION = re.compile(r"[0-9]?[A-Za-z]{1,2}")
_NUMBER = re.compile(r"[0-9]{1,4}")
_PREFIX = re.compile(r"[0-9]{3}")


def _column(code: str, label: str, kind: str = "text", *, required: bool = True, longest: int = 150) -> Any:
    return SimpleNamespace(
        code=code, label=label, kind=kind, required=required, max_length=longest, minimum=None, maximum=None,
        unit="", options=[],
    )  # fmt: skip


ADDRESS = _column("address", "Adresse ou lieu-dit", required=False, longest=200)
GEOJSON = _column("geojson", "Contour, en GeoJSON", required=False, longest=MOST_LETTERS)
COMMUNES = (_column("commune", "Commune, et son département"),)
PARCELS = (
    _column("section", "Section", longest=3),
    _column("number", "Numéro", longest=4),
    _column("prefix", "Préfixe", required=False, longest=3),
    _column("commune", "Commune", required=False),
)
LISTS = {"communes": COMMUNES, "parcels": PARCELS}
LIMITS = {"communes": MOST_COMMUNES, "parcels": MOST_PARCELS}
SHAPES = {
    "section": (_SECTION, "Écrivez une ou deux lettres, par exemple AB."),
    "number": (_NUMBER, "Écrivez un numéro d’un à quatre chiffres, par exemple 112."),
    "prefix": (_PREFIX, "Écrivez trois chiffres, ou rien s’il n’y en a pas."),
}


@dataclass
class SiteReading:
    """What can be read of a site, what is drawn of it, and every fault by the name of its cell."""

    value: dict[str, Any] = field(default_factory=dict)
    drawing: SiteDrawing | None = None
    faults: dict[str, str] = field(default_factory=dict)


def read_site_answer(typed: Sequence[Mapping[str, Any]]) -> SiteReading:
    """Blank while nothing is written."""
    found = SiteReading()
    row = typed[0] if typed else {}
    if not holds_something(dict(row)):
        return found
    found.value = {
        "address": _address(row, found.faults),
        "communes": [_commune(n, cells, found.faults) for n, cells in _rows(row, "communes")],
        "parcels": [_parcel(n, cells, found.faults) for n, cells in _rows(row, "parcels")],
        "geojson": str(row.get("geojson") or "").strip(),
    }
    for name, most in LIMITS.items():
        if len(found.value[name]) > most:
            found.faults[f"0-{name}"] = f"Gardez {most} lignes au plus : il y en a {len(found.value[name])}."
    found.drawing = _drawing(found.value["geojson"], found.faults)
    return found


def _rows(row: Mapping[str, Any], name: str) -> list[tuple[int, Mapping[str, str]]]:
    return [(n, cells) for n, cells in enumerate(row.get(name) or ()) if holds_something(dict(cells))]


def _address(row: Mapping[str, Any], faults: dict[str, str]) -> str:
    try:
        return read(ADDRESS, str(row.get("address") or "")) or ""
    except AnswerFault as fault:
        faults["0-address"] = str(fault)
        return ""


def _commune(n: int, cells: Mapping[str, str], faults: dict[str, str]) -> dict[str, str]:
    code, tabulated, name = str(cells.get("commune", "")).partition("\t")
    if not tabulated:
        faults[f"0-communes-{n}-commune"] = what_to_write(SimpleNamespace(kind="commune"))
        return {"code": "", "name": code}
    return {"code": code, "name": name}


def _parcel(n: int, cells: Mapping[str, str], faults: dict[str, str]) -> dict[str, str]:
    value = {column.code: str(cells.get(column.code, "")).strip() for column in PARCELS}
    for name, (shape, sentence) in SHAPES.items():
        if (value[name] or name != "prefix") and not shape.fullmatch(value[name]):
            faults[f"0-parcels-{n}-{name}"] = sentence
    if len(value["commune"]) > 150:
        faults[f"0-parcels-{n}-commune"] = "Écrivez le nom d’une commune."
    return {**value, "section": value["section"].upper()}


def _drawing(text: str, faults: dict[str, str]) -> SiteDrawing | None:
    if not text:
        return None
    if len(text) > MOST_LETTERS:
        faults["0-geojson"] = typeset(f"Simplifiez le tracé : {format_size(MOST_LETTERS)} au plus.")
        return None
    try:
        return site_drawing(read_site(text, most_points=MOST_POINTS))
    except NotGeoJson as refusal:
        faults["0-geojson"] = typeset(str(refusal))
        return None


def site_fault(faults: Mapping[str, str]) -> str:
    """The first fault with its place as the page shows it."""
    name, sentence = next(iter(faults.items()))
    parts = name.split("-")
    words = {"address": "Adresse", "communes": "Communes", "parcels": "Parcelles", "geojson": "Contour"}
    line = f", ligne {int(parts[2]) + 1}" if len(parts) == 4 else ""
    return typeset(f"{words[parts[1]]}{line} : {sentence[:1].lower()}{sentence[1:]}")


# --- read again --------------------------------------------------------------------------------------------------


def site_blocks(found: SiteReading) -> tuple[Block, ...]:
    """The site as people read it: address, lists, drawing."""
    value = found.value
    if not value:
        return ()
    communes = GridBlock(
        "Communes du site", ("Commune", "Code Insee"), tuple((row["name"], row["code"]) for row in value["communes"])
    )
    told = [column for column in PARCELS if column.required or any(row[column.code] for row in value["parcels"])]
    parcels = GridBlock(
        "Parcelles",
        tuple(column.label for column in told),
        tuple(tuple(place_name(row[column.code]) for column in told) for row in value["parcels"]),
    )
    facts = (("Adresse", value["address"]),) if value["address"] else ()
    codes = tuple(row["code"] for row in value["communes"] if row["code"])
    return (Block("", facts, (communes, parcels), (), found.drawing, codes),)


def site_words(value: Mapping[str, Any]) -> str:
    """Where one line must do: « Place des Marronniers ; Étretat (76) ; parcelles AB 112, AB 113 »."""
    parcels = ", ".join(f"{row['section']} {row['number']}" for row in value["parcels"])
    parts = [value["address"], ", ".join(row["name"] for row in value["communes"])]
    parts += [f"parcelles {parcels}"] if parcels else []
    parts += ["contour dessiné"] if value["geojson"] else []
    return typeset(" ; ".join(part for part in parts if part))
